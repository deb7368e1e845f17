"""Whom a node refuses and whom one has lost is shown in words, in pages, to who is signed in."""

import re

import pytest
import pytest_asyncio

from node.web.pages.out_of_reach import LIMITED, LOST, SHOWN_MAX
from storage.database import insert_many
from storage.times import to_ms
from tests.support.page_browser import NOW, PASSWORD, Browser
from tests.support.page_site import BASE_URL

ALICE = f"{BASE_URL}/u/alice"
BOB = "https://beta.test/u/bob"
RULE = ("id", "domain", "public_reason", "created_at")
ACTOR = ("uri", "host", "local", "kind", "username", "domain", "name", "created_at")


@pytest_asyncio.fixture
async def alice(browser: Browser, owner: str) -> Browser:
    await browser.fill_in("/sign-in", name=owner, password=PASSWORD)
    return browser


async def limit(*domains: str, reason: str = "") -> None:
    rows = [(domain[:26], domain, reason, to_ms(NOW)) for domain in domains]
    await insert_many("policy_rule", RULE, rows)
    hosts = [(domain, f"block:{domain}", reason, to_ms(NOW)) for domain in domains]
    await insert_many("kept_out", ("host", "rule_id", "public_reason", "since"), hosts)


@pytest.mark.parametrize("path", [LIMITED, LOST])
async def test_whoever_is_not_signed_in_is_sent_to_sign_in(alice: Browser, path: str):
    await limit("bad.example")

    status, page = await alice.but_signed_out().get(path)

    assert status == 303
    assert "bad.example" not in page


async def test_where_nobody_is_refused_and_nobody_lost_the_pages_say_so(alice: Browser):
    _, settings = await alice.get("/settings")
    _, limited = await alice.get(LIMITED)
    _, lost = await alice.get(LOST)

    assert f'href="{LIMITED}"' in settings
    assert f'href="{LOST}"' in settings
    assert "There are none." in limited
    assert "You have lost nobody." in lost


async def test_a_refused_server_is_shown_with_its_reason_and_the_day(alice: Browser):
    await limit("bad.example", reason="<b>spam</b>")
    await limit("worse.example")

    _, page = await alice.get(LIMITED)
    _, german = await alice.get(LIMITED, **{"Accept-Language": "de"})

    assert "&lt;b&gt;spam&lt;/b&gt;" in page
    assert "Since September 3, 2026" in page
    assert "No reason is given." in page
    assert "Seit 3. September 2026" in german


async def test_many_servers_come_in_pages(alice: Browser):
    names = [f"{number:03}.example" for number in range(SHOWN_MAX + 1)]
    await limit(*names)

    _, page = await alice.get(LIMITED)
    (more,) = re.findall(r'href="(/settings/limited-servers\?[^"]+)"', page)
    _, rest = await alice.get(more)

    assert names[-1] not in page
    assert re.findall(r"\d{3}\.example", rest) == [names[-1]]
    assert "limited-servers?" not in rest


async def test_whom_one_follows_at_a_refused_server_is_lost(alice: Browser):
    await limit("beta.test", reason="spam")
    row = (BOB, "beta.test", False, "person", "bob", "beta.test", "Bob", to_ms(NOW))
    await insert_many("actor", ACTOR, [row])
    follow = ("follower", "followed", "state", "created_at")
    await insert_many("follow", follow, [(ALICE, BOB, "accepted", to_ms(NOW))])

    _, page = await alice.get(LOST)

    assert "bob@beta.test" in page
    assert "exchanges no messages with <bdi>beta.test</bdi>, since September 3, 2026" in page
    assert "Reason: <bdi>spam</bdi>" in page
