"""Somebody sees where they are signed in, ends what they do not know, and changes the password."""

import re

from node.entropy import Entropy
from node.identity.bearer import create_token
from node.identity.ending import set_password
from node.identity.fingerprint import fingerprint
from storage import accounts, tokens
from storage.database import insert_many
from tests.support.page_browser import NOW, PASSWORD, Browser, Fields, token_in
from tests.web.conftest import BusyPasswords

ANOTHER = "an even longer password"


async def signed_in(browser: Browser, password: str = PASSWORD) -> Browser:
    """One more browser, in which alice is signed in."""
    opened = Browser(browser.client)
    status, _, _ = await opened.fill_in("/sign-in", name="alice", password=password)
    assert status == 303
    return opened


async def is_in(browser: Browser) -> bool:
    return (await browser.get("/settings"))[0] == 200


async def change(browser: Browser, **fields: str) -> tuple[int, str]:
    _, page = await browser.get("/settings")
    form = Fields(csrf=token_in(page), current=PASSWORD, password=ANOTHER, again=ANOTHER)
    return await browser.send("/settings/password", form | fields)


async def operator_helps() -> None:
    """What `covey user password` does for whoever cannot get rid of a thief."""
    await set_password("alice", "the operator's")


async def test_the_page_is_for_those_who_are_signed_in(browser: Browser, owner: str):
    status, headers = await browser.headers("/settings")

    assert (status, headers["Location"]) == (303, "/sign-in?next=/settings")


async def test_the_page_lists_where_one_is_signed_in(browser: Browser, owner: str):
    here = await signed_in(browser)

    _, page = await here.get("/settings")

    # The owner's link has signed one in before.
    assert page.count("<small>Last seen") == 2
    assert page.count("this browser") == 1
    assert "127.0.0.1" in page


async def test_the_page_leads_to_each_of_its_parts(browser: Browser, owner: str):
    alice = await signed_in(browser)

    _, page = await alice.get("/settings")

    links = re.findall(r'<a href="#([^"]+)">([^<]+)</a>', page)
    assert links == re.findall(r'<h2 id="([^"]+)">([^<]+)</h2>', page)
    assert len(links) > 10


async def test_the_page_says_how_much_room_ones_files_take(browser: Browser, owner: str):
    alice = await signed_in(browser)
    _, before = await alice.get("/settings")
    files = (("1", "alice", 2_900_000), ("2", "alice", 1), ("3", "bob", 9_000_000))
    await insert_many(
        "media",
        ("id", "token", "account", "size", "name", "media_type", "digest", "created_at"),
        [(one, one, whose, size, "", "", "", 0) for one, whose, size in files],
    )

    _, after = await alice.get("/settings")

    assert "Your files take 0 MB of 64 MB." in before
    assert "Your files take 3 MB of 64 MB." in after


async def test_one_browser_is_signed_out_from_another(browser: Browser, owner: str):
    here, there, third = [await signed_in(browser) for _ in range(3)]
    _, theirs = await there.get("/settings")
    _, page = await here.get("/settings")
    ids = set(re.findall(r'name="session" value="([^"]+)"', page))
    (its_id,) = ids - set(re.findall(r'name="session" value="([^"]+)"', theirs))

    fields = Fields(csrf=token_in(page), session=its_id)
    status, _, headers = await here.post("/settings/sessions/end", fields)

    assert (status, headers["Location"]) == (303, "/settings?done=session#devices")
    assert [await is_in(each) for each in (here, there, third)] == [True, False, True]


async def test_all_other_browsers_are_signed_out_at_once(browser: Browser, owner: str):
    here, there = await signed_in(browser), await signed_in(browser)
    _, page = await here.get("/settings")

    await here.post("/settings/sessions/end-others", Fields(csrf=token_in(page)))

    assert [await is_in(here), await is_in(there)] == [True, False]


async def test_nobody_ends_the_session_of_somebody_else(browser: Browser, owner: str):
    here, there = await signed_in(browser), await signed_in(browser)
    _, page = await here.get("/settings")

    fields = Fields(csrf=token_in(page), session=fingerprint(there.cookies["__Host-covey"]))
    await here.post("/settings/sessions/end", fields)

    assert await is_in(there)


async def test_every_form_of_the_page_needs_the_sessions_token(browser: Browser, owner: str):
    here, there = await signed_in(browser), await signed_in(browser)
    _, page = await here.get("/settings")
    paths = set(re.findall(r'action="([^"]+)"', page))
    assert len(paths) >= 3

    for path in paths:
        assert (await here.post(path, Fields(csrf=here.cookies["__Host-covey-form"])))[0] == 403
        assert (await here.post(path, Fields(csrf=token_in(page)), Origin="https://evil.test"))[
            0
        ] == 403

    assert await is_in(there)


async def test_a_new_password_ends_all_other_sessions_and_tokens(browser: Browser, owner: str):
    here, there = await signed_in(browser), await signed_in(browser)
    scopes = frozenset({"read"})
    token = await create_token("alice", scopes, entropy=Entropy(lambda: NOW), now=NOW)

    status, page = await change(here)

    assert status == 200
    assert "Your password is changed" in page
    assert [await is_in(here), await is_in(there)] == [True, False]
    assert await tokens.find_token(fingerprint(token), NOW) is None
    status, _, _ = await there.fill_in("/sign-in", name="alice", password=PASSWORD)
    assert status == 403
    await signed_in(browser, ANOTHER)


async def test_after_a_new_password_only_this_browser_is_known(browser: Browser, owner: str):
    here, there = await signed_in(browser), await signed_in(browser)
    await change(here)
    for _ in range(10):
        await Browser(browser.client).fill_in("/sign-in", name="alice", password="wrong")

    theirs, _, _ = await there.fill_in("/sign-in", name="alice", password=ANOTHER)
    del here.cookies["__Host-covey"]
    mine, _, _ = await here.fill_in("/sign-in", name="alice", password=ANOTHER)

    assert (theirs, mine) == (429, 303)


async def test_the_present_password_is_asked_for_and_not_without_end(browser: Browser, owner: str):
    here, there = await signed_in(browser), await signed_in(browser)

    guesses = [await change(here, current="a guess") for _ in range(11)]

    assert [status for status, _ in guesses] == [422] * 10 + [429]
    assert (await change(here))[0] == 429
    assert await is_in(there)


async def test_a_password_that_nobody_may_choose_changes_nothing(browser: Browser, owner: str):
    here, there = await signed_in(browser), await signed_in(browser)

    short = await change(here, password="short", again="short")
    different = await change(here, again="another")

    assert (short[0], different[0]) == (422, 422)
    assert await is_in(there)


async def test_a_change_that_is_under_way_does_not_undo_another(
    browser: Browser, owner: str, passwords: BusyPasswords
):
    thief = await signed_in(browser)
    passwords.meanwhile = operator_helps

    status, _ = await change(thief)

    assert (status, await accounts.find_password_hash("alice")) == (303, "the operator's")
    assert not await is_in(thief)
