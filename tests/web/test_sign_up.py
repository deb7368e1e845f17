"""Whoever has an invitation to the node makes an account with it, as often as it says."""

import asyncio
from datetime import timedelta

import pytest
import pytest_asyncio

from federation.commands.deeds import MACHINE
from node.entropy import Entropy
from node.identity.sign_up_link import create_sign_up_link, end_sign_up_link
from storage import sign_up_links
from storage.accounts import find_account
from tests.support.page_browser import PASSWORD, Browser
from tests.support.page_site import BASE_URL, NOW

DAY = timedelta(days=1)


async def make(uses: int) -> tuple[str, str]:
    link, url = await create_sign_up_link(
        BASE_URL,
        uses=uses,
        lifetime=7 * DAY,
        entropy=Entropy(lambda: NOW),
        by=MACHINE,
        now=NOW,
    )
    return link.id, url.removeprefix(BASE_URL)


@pytest_asyncio.fixture
async def path(browser: Browser) -> str:
    """Where an invitation for one person leads."""
    return (await make(1))[1]


async def come(browser: Browser, path: str, name: str) -> int:
    status, _, _ = await browser.fill_in(path, name=name, password=PASSWORD, again=PASSWORD)
    browser.cookies.clear()
    return status


async def test_an_invitation_makes_a_member_and_signs_in(browser: Browser, path: str):
    _, page = await browser.get(path)
    status, _, headers = await browser.fill_in(path, name="bo", password=PASSWORD, again=PASSWORD)

    assert "Somebody invited you" in page
    assert (status, headers["Location"]) == (303, "/chat")
    account = await find_account("bo")
    assert account is not None
    assert account.role == "member"


async def test_it_is_good_for_as_many_as_it_says(browser: Browser):
    _, path = await make(2)

    assert [await come(browser, path, name) for name in ("bo", "cy")] == [303, 303]
    assert (await browser.get(path))[0] == 404


async def test_of_two_who_come_at_once_by_the_last_place_one_has_it(browser: Browser, path: str):
    _, page = await browser.get(path)
    cookies = dict(browser.cookies)

    async def one(name: str) -> int:
        browser.cookies.update(cookies)
        return (await browser.fill_in(path, name=name, password=PASSWORD, again=PASSWORD))[0]

    statuses = await asyncio.gather(one("bo"), one("cy"))

    assert "Somebody invited you" in page
    assert statuses.count(303) == 1
    assert [await find_account(name) for name in ("bo", "cy")].count(None) == 1


async def test_it_runs_out(browser: Browser, path: str):
    browser.now += 7 * DAY

    assert (await browser.get(path))[0] == 404


async def test_one_that_was_ended_leads_nowhere(browser: Browser):
    link_id, path = await make(5)

    assert await end_sign_up_link(link_id, MACHINE, NOW)
    assert not await end_sign_up_link(link_id, MACHINE, NOW)
    assert (await browser.get(path))[0] == 404


@pytest.mark.parametrize("name", ["", "a b", "x" * 31])
async def test_a_name_that_is_refused_leaves_the_invitation(browser: Browser, path: str, name: str):
    assert await come(browser, path, name) == 422
    assert await come(browser, path, "bo") == 303


async def test_what_has_run_out_is_forgotten(browser: Browser, path: str):
    assert len(await sign_up_links.listed(NOW)) == 1
    assert await sign_up_links.reap(NOW + 6 * DAY) == 0
    assert await sign_up_links.reap(NOW + 8 * DAY) == 1
    assert await sign_up_links.listed(NOW) == []
