"""Whoever had to sign in first comes to where they wanted to go, if that is a page of ours."""

import pytest

from node.web.return_path import return_path
from tests.support.page_browser import PASSWORD, Browser


async def test_signing_in_leads_back_to_the_conversation(browser: Browser, owner: str):
    status, headers = await browser.headers("/chat/01K4")
    assert (status, headers["Location"]) == (303, "/sign-in?next=/chat/01K4")

    status, page = await browser.get(headers["Location"])
    assert 'name="next" value="/chat/01K4"' in page
    status, _, headers = await browser.fill_in(
        "/sign-in", name="alice", password=PASSWORD, next="/chat/01K4"
    )

    assert (status, headers["Location"]) == (303, "/chat/01K4")


async def test_somebodys_profile_is_a_page_of_ours():
    assert return_path("/chat/people/ana@example.org") == "/chat/people/ana@example.org"


async def test_a_mistyped_password_does_not_lose_the_way(browser: Browser, owner: str):
    _, page, _ = await browser.fill_in(
        "/sign-in", name="alice", password="something else", next="/chat/01K4"
    )

    assert 'name="next" value="/chat/01K4"' in page


async def test_who_is_signed_in_already_goes_on_at_once(browser: Browser, owner: str):
    await browser.fill_in("/sign-in", name="alice", password=PASSWORD)

    status, headers = await browser.headers("/sign-in?next=/chat/01K4")

    assert (status, headers["Location"]) == (303, "/chat/01K4")


async def test_who_is_signed_in_finds_the_chat_at_the_bare_address(browser: Browser, owner: str):
    await browser.fill_in("/sign-in", name="alice", password=PASSWORD)

    status, headers = await browser.headers("/")

    assert (status, headers["Location"]) == (303, "/chat")


@pytest.mark.parametrize(
    "elsewhere",
    [
        "",
        "chat",
        "//evil.test",
        "/\\evil.test",
        "/chat\\..",
        "/%2fevil.test",
        "https://evil.test/",
        "/chat?next=//evil.test",
        "/chat//evil.test",
        "/chat/\n",
        "/../evil",
        "/@evil.test",
        "/" + "a" * 300,
    ],
)
async def test_a_way_elsewhere_leads_to_the_chat(browser: Browser, owner: str, elsewhere: str):
    status, _, headers = await browser.fill_in(
        "/sign-in", name="alice", password=PASSWORD, next=elsewhere
    )

    assert return_path(elsewhere) == "/chat"
    assert (status, headers["Location"]) == (303, "/chat")


async def test_a_long_wait_is_told_in_minutes(browser: Browser, owner: str):
    for _ in range(10):
        await browser.fill_in("/sign-in", name="alice", password="something else")

    _, page, headers = await browser.fill_in("/sign-in", name="alice", password=PASSWORD)

    assert headers["Retry-After"] == "901"
    assert "Please wait 16 minutes before you try again." in page
