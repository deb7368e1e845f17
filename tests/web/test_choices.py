"""What somebody says of themselves and how their pages look is set by plain forms, and holds."""

import re

import pytest
from aiohttp import FormData

from storage import blocks, host_blocks, mutes, push_subscriptions
from storage.database import insert_many
from storage.doors import of_people
from storage.habits import get_habits, quiet_of
from storage.profiles import find_profile
from storage.push_subscriptions import NewSubscription
from storage.sessions import sessions_of
from tests.support.page_browser import BASE_URL, NOW, PASSWORD, Browser, Fields, token_in

ALICE = f"{BASE_URL}/u/alice"
BOB = "https://beta.test/u/bob"


@pytest.fixture
async def alice(browser: Browser, owner: str) -> Browser:
    """A browser in which alice is signed in."""
    await browser.fill_in("/sign-in", name="alice", password=PASSWORD)
    return browser


async def send(browser: Browser, form: str, **fields: str) -> tuple[int, str]:
    _, page = await browser.get("/settings")
    sent = Fields(csrf=token_in(page)) | fields
    return await browser.send(f"/settings/{form}", sent)


async def test_a_profile_is_kept_and_shown_in_the_form_again(alice: Browser):
    status, page = await send(
        alice,
        "profile",
        name="Alice A.",
        bio="Reads.\nWrites.",
        label1="Page",
        value1="https://a.example",
    )

    assert status == 200
    assert "Saved." in page
    profile = await find_profile(ALICE)
    assert profile is not None
    assert (profile.name, profile.bio) == ("Alice A.", "Reads.\nWrites.")
    assert profile.details == (("Page", "https://a.example"),)
    _, again = await alice.get("/settings")
    assert 'value="Alice A."' in again
    assert "Reads.\nWrites.</textarea>" in again


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": "x" * 61}, "at most 60"),
        ({"bio": "x" * 501}, "at most 500"),
        ({"label1": "x", "value1": "y" * 201}, "at most 200"),
    ],
)
async def test_a_profile_that_is_too_long_changes_nothing(
    alice: Browser, fields: Fields, words: str
):
    before = await find_profile(ALICE)

    status, page = await send(alice, "profile", **fields)

    assert status == 422
    assert words in page
    assert await find_profile(ALICE) == before
    # What was typed is there to be made shorter.
    assert all(value in page for value in fields.values())


async def test_markup_in_a_profile_stays_text(alice: Browser):
    await send(alice, "profile", name="<script>", bio="</textarea><script>x")

    _, page = await alice.get("/settings")

    assert "<script>" not in page


async def test_what_others_learn_is_switched_on_and_off(alice: Browser):
    await send(alice, "privacy", receipts="on", previews="on")
    on = await get_habits(ALICE)
    await send(alice, "privacy", typing="on")
    off = await get_habits(ALICE)

    assert (on.receipts, on.typing, on.previews) == (True, False, True)
    assert (off.receipts, off.typing, off.previews) == (False, True, False)


async def test_who_may_write_and_invite_is_chosen(alice: Browser):
    _, before = await alice.get("/settings")
    status, page = await send(
        alice, "privacy", writers="contacts", inviters="anyone", mates_ask="on"
    )

    chosen = (await of_people([ALICE]))[ALICE]
    assert status == 200
    assert (chosen.writers, chosen.inviters) == ("contacts", "anyone")
    assert (chosen.trusts_followed, chosen.mates_ask) == (False, True)
    assert 'name="writers" value="requests" checked' in before
    assert 'name="writers" value="contacts" checked' in page


async def test_who_may_write_is_chosen_among_what_there_is(alice: Browser):
    status, _ = await send(alice, "privacy", writers="nobody")

    assert status == 422
    assert (await of_people([ALICE]))[ALICE].writers == "requests"


async def test_quiet_hours_are_set_and_ended(alice: Browser):
    hours = {"from": "22:15", "to": "06:30", "zone": "Europe/Berlin"}
    status, page = await send(alice, "quiet-hours", quiet="on", **hours)
    kept = (await quiet_of([ALICE]))[ALICE]
    await send(alice, "quiet-hours", **hours)
    ended = (await quiet_of([ALICE]))[ALICE]
    refused, again = await send(alice, "quiet-hours", quiet="on", **(hours | {"to": "soon"}))

    assert status == 200
    assert 'value="22:15"' in page
    assert (kept.start, kept.end, kept.zone) == (1335, 390, "Europe/Berlin")
    assert (ended.start, ended.end) == (None, None)
    assert "Between 22:15 and 06:30 in the time zone <bdi>Europe/Berlin</bdi>" in page
    assert refused == 422
    assert 'value="soon"' in again
    assert 'name="quiet" checked' in again


async def test_a_device_that_tells_of_messages_is_listed_and_changed(alice: Browser):
    subscription = NewSubscription(
        credential=(await sessions_of("alice", NOW))[0].token_hash,
        account="alice",
        person=ALICE,
        endpoint="https://push.test/1",
        p256dh="k",
        auth="a",
        standard=True,
        shows_text=False,
    )
    await push_subscriptions.put(subscription, NOW)
    (held,) = await push_subscriptions.listed(ALICE, NOW)
    _, before = await alice.get("/settings")

    await send(alice, "notified-device", device=str(held["id"]), show="1")
    _, shown = await alice.get("/settings")
    await send(alice, "notified-device", device=str(held["id"]), end="1")
    _, ended = await alice.get("/settings")

    assert "Shows who wrote, and not what" in before
    assert "Shows what was written" in shown
    assert await push_subscriptions.listed(ALICE, NOW) == []
    assert "Show the text" not in ended


async def test_a_chosen_language_goes_before_what_the_browser_asks_for(alice: Browser):
    status, page = await send(alice, "appearance", language="de")

    assert status == 200
    assert "Gespeichert." in page
    _, chat = await alice.get("/chat", **{"Accept-Language": "en"})
    assert '<html lang="de">' in chat
    assert "/texts/de.js" in chat


async def test_a_chosen_theme_is_in_the_page_before_anything_is_drawn(alice: Browser):
    _, usual = await alice.get("/chat")
    await send(alice, "appearance", theme="dark", text_size="large")
    _, dark = await alice.get("/chat")
    await send(alice, "appearance", theme="light")
    _, light = await alice.get("/chat")

    assert 'dark.css" media="(prefers-color-scheme: dark)"' in usual
    assert 'content="light dark"' in usual
    assert 'dark.css">' in dark
    assert 'data-text="large"' in dark
    assert 'name="color-scheme" content="dark"' in dark
    assert "dark.css" not in light


async def test_what_cannot_be_chosen_is_refused(alice: Browser):
    status, page = await send(alice, "appearance", theme="plaid")

    assert status == 422
    assert "knows no such language" in page
    assert 'content="light dark"' in page


async def test_whom_one_has_blocked_is_listed_and_let_go(alice: Browser):
    actor = ("uri", "host", "local", "kind", "username", "domain", "created_at")
    await insert_many("actor", actor, [(BOB, "beta.test", False, "person", "bob", "beta.test", 0)])
    block = ("account_uri", "blocked_uri", "created_at")
    await insert_many("block", block, [(ALICE, BOB, 0)])
    _, page = await alice.get("/settings/blocks")
    assert "bob@beta.test" in page

    fields = Fields(csrf=token_in(page), person=BOB)
    status, _, headers = await alice.post("/settings/blocks/end", fields)

    assert (status, headers["Location"]) == (303, "/settings/blocks")
    _, page = await alice.get("/settings/blocks")
    assert "bob@beta.test" not in page


async def met_bob() -> None:
    actor = ("uri", "host", "local", "kind", "username", "domain", "created_at")
    await insert_many("actor", actor, [(BOB, "beta.test", False, "person", "bob", "beta.test", 0)])


async def test_lists_are_taken_along_as_other_software_reads_them(alice: Browser):
    await met_bob()
    await mutes.add(ALICE, BOB, NOW)
    await blocks.add(ALICE, BOB, NOW)

    _, muted = await alice.get("/settings/mutes.csv")
    _, blocked = await alice.get("/settings/blocks.csv")

    assert muted == "Account address,Hide notifications\nbob@beta.test,true\n"
    assert blocked == "bob@beta.test\n"


@pytest.mark.parametrize("name", ["blocks", "mutes"])
async def test_a_list_from_elsewhere_is_brought_in(alice: Browser, name: str):
    await met_bob()
    listed = b"Account address,Hide notifications\n@bob@beta.test,true\nnobody,true\n"

    status, page = await bring(alice, name, listed)

    assert status == 200
    assert "1 person of the list is on it here." in page
    held = blocks.listed if name == "blocks" else mutes.listed
    assert len(await held(ALICE, before=2**62, limit=5)) == 1


async def test_a_server_that_was_blocked_is_let_go(alice: Browser):
    await host_blocks.add(ALICE, "evil.test", NOW)
    _, page = await alice.get("/settings/blocks")
    assert "evil.test" in page

    fields = Fields(csrf=token_in(page), host="evil.test")
    await alice.post("/settings/blocks/hosts/end", fields)

    _, page = await alice.get("/settings/blocks")
    assert "evil.test" not in page


async def test_what_is_no_list_is_refused(alice: Browser):
    status, page = await bring(alice, "blocks", b"\xff\xfe\x00")

    assert status == 422
    assert "This is no list of addresses." in page


async def test_a_list_from_another_page_is_not_taken(alice: Browser):
    await met_bob()

    status, _ = await bring(alice, "mutes", b"bob@beta.test", token="foreign")

    assert status == 403
    assert await mutes.listed(ALICE, before=2**62, limit=5) == []


async def bring(browser: Browser, name: str, data: bytes, *, token: str = "") -> tuple[int, str]:
    _, page = await browser.get("/settings/blocks")
    form = FormData()
    form.add_field("csrf", token or token_in(page))
    form.add_field("file", data, filename="list.csv", content_type="text/csv")
    return await browser.send(f"/settings/{name}/import", form)


async def test_rows_movement_and_the_key_that_sends_are_in_the_page(alice: Browser):
    await send(alice, "appearance", density="compact", motion="less")
    await send(alice, "keyboard", send_key="ctrl")
    _, chat = await alice.get("/chat")

    assert 'data-density="compact" data-motion="less" data-send="ctrl"' in chat


async def forms(browser: Browser) -> list[str]:
    """Where the forms of the settings and of the lists of people are sent to."""
    pages = [(await browser.get(path))[1] for path in ("/settings", "/settings/blocks")]
    return sorted(
        {each for page in pages for each in re.findall(r'action="(/settings[^"#]*)', page)}
    )


async def test_the_address_of_every_form_leads_to_its_page(alice: Browser):
    found = await forms(alice)

    led = {path: await alice.headers(path) for path in found}

    assert len(found) >= 15
    for path, (status, headers) in led.items():
        page = "/settings/blocks" if path.startswith("/settings/blocks") else "/settings"
        assert (status, headers.get("Location")) in ((303, page), (303, "/settings")), path


async def test_what_was_saved_is_said_where_the_form_is_and_sent_once(alice: Browser):
    _, page = await alice.get("/settings")

    sent = Fields(csrf=token_in(page), send_key="ctrl")
    status, _, headers = await alice.post("/settings/keyboard", sent)

    assert (status, headers["Location"]) == (303, "/settings?done=keyboard#keyboard")
    _, page = await alice.get("/settings?done=keyboard")
    keyboard = page[page.index('<h2 id="keyboard">') :]
    assert keyboard.index("Saved.") < keyboard.index("<form")
    assert page.count("Saved.") == 1
    _, page = await alice.get("/settings?done=<script>")
    assert "Saved." not in page


async def test_what_was_wrong_is_said_where_the_form_is(alice: Browser):
    _, page = await send(alice, "profile", name="x" * 61)

    profile = page[page.index('<h2 id="profile">') : page.index('<h2 id="privacy">')]
    assert 'role="alert"' in profile
    assert page.count('role="alert"') == 1
    assert 'action="/settings/profile#profile"' in profile


async def test_a_time_zone_is_proposed_only_where_none_was_chosen(alice: Browser):
    _, before = await alice.get("/settings")
    hours = {"from": "22:15", "to": "06:30", "zone": ""}
    _, kept = await send(alice, "quiet-hours", quiet="on", **hours)

    assert " data-zone" in before
    assert " data-zone" not in kept
    assert "in the time zone <bdi>UTC</bdi>" in kept
