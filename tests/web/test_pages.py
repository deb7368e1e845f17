"""The pages lead from the one-time link to the chat and out again, and tell nobody more."""

from datetime import timedelta

import pytest

from tests.support.page_browser import PASSWORD, Browser, Fields, token_in


async def test_the_first_page_leads_to_sign_in(browser: Browser):
    status, page = await browser.get("/")

    assert status == 200
    assert 'href="/sign-in"' in page


async def test_the_first_page_of_a_fresh_node_says_where_the_first_account_comes_from(
    browser: Browser, setup_path: str
):
    _, fresh = await browser.get("/")
    await browser.fill_in(setup_path, name="alice", password=PASSWORD, again=PASSWORD)
    browser.cookies.clear()

    _, page = await browser.get("/")

    assert "Nobody has an account here yet" in fresh
    assert "Nobody has an account here yet" not in page


async def test_a_page_allows_no_inline_script_and_no_foreign_source(browser: Browser):
    _, headers = await browser.headers("/sign-in")

    policy = headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "trusted-types covey" in policy
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"


async def test_the_one_time_link_makes_the_owner_and_signs_in(browser: Browser, setup_path: str):
    status, _, headers = await browser.fill_in(
        setup_path, name="alice", password=PASSWORD, again=PASSWORD
    )

    assert (status, headers["Location"]) == (303, "/chat")
    assert (await browser.get("/chat"))[0] == 200


async def test_the_one_time_link_works_once(browser: Browser, owner: str, setup_path: str):
    status, page = await browser.get(setup_path)

    assert status == 404
    assert "used already" in page


async def test_a_one_time_link_runs_out(browser: Browser, setup_path: str):
    browser.now += timedelta(days=8)

    assert (await browser.get(setup_path))[0] == 404


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": "alice", "password": "short", "again": "short"}, "at least"),
        ({"name": "alice", "password": PASSWORD, "again": PASSWORD + "x"}, "not the same"),
        ({"name": "No Name", "password": PASSWORD, "again": PASSWORD}, "cannot be used"),
    ],
)
async def test_a_refused_account_leaves_the_link(
    browser: Browser, setup_path: str, fields: Fields, words: str
):
    status, page, _ = await browser.fill_in(setup_path, **fields)

    assert status == 422
    assert words in page
    assert (await browser.get(setup_path))[0] == 200


async def test_a_password_opens_a_session(browser: Browser, owner: str):
    status, _, headers = await browser.fill_in("/sign-in", name="alice", password=PASSWORD)

    assert (status, headers["Location"]) == (303, "/chat")
    assert "HttpOnly" in headers["Set-Cookie"]


async def test_a_full_address_is_a_name_too(browser: Browser, owner: str):
    status, _, _ = await browser.fill_in("/sign-in", name="@Alice@alpha.test", password=PASSWORD)

    assert status == 303


async def test_a_wrong_name_and_a_wrong_password_look_the_same(browser: Browser, owner: str):
    wrong_password = await browser.fill_in("/sign-in", name="alice", password="something else")
    wrong_name = await browser.fill_in("/sign-in", name="nobody", password=PASSWORD)

    assert wrong_password[0] == wrong_name[0] == 403
    assert wrong_password[1].replace("alice", "") == wrong_name[1].replace("nobody", "")


async def test_too_many_failures_must_wait(browser: Browser, owner: str):
    for _ in range(10):
        await browser.fill_in("/sign-in", name="alice", password="something else")

    status, page, headers = await browser.fill_in("/sign-in", name="alice", password=PASSWORD)

    assert status == 429
    assert int(headers["Retry-After"]) > 0
    assert "Please wait" in page


async def test_a_name_with_markup_is_shown_as_text(browser: Browser, owner: str):
    _, page, _ = await browser.fill_in("/sign-in", name='"><script>x', password="wrong one")

    assert "<script>x" not in page


async def test_the_chat_is_for_those_who_are_signed_in(browser: Browser, owner: str):
    status, headers = await browser.headers("/chat/01K4")

    assert (status, headers["Location"]) == (303, "/sign-in?next=/chat/01K4")


async def test_signing_out_ends_the_session(browser: Browser, owner: str):
    await browser.fill_in("/sign-in", name="alice", password=PASSWORD)
    kept = dict(browser.cookies)
    _, page = await browser.get("/chat")

    status, _, _ = await browser.post("/sign-out", {"csrf": token_in(page)})

    assert status == 303
    browser.cookies = kept
    assert (await browser.get("/chat"))[0] == 303


async def test_signing_out_needs_the_sessions_token(browser: Browser, owner: str):
    await browser.fill_in("/sign-in", name="alice", password=PASSWORD)

    status, _, _ = await browser.post("/sign-out", {"csrf": browser.cookies["__Host-covey-form"]})

    assert status == 403
    assert (await browser.get("/chat"))[0] == 200
