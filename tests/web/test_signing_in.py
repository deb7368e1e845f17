"""Guessing comes to a halt, its victim gets in all the same, and a cookie is worth one session."""

import asyncio

from storage.database import fetch
from tests.support.page_browser import BASE_URL, PASSWORD, Browser, token_in

WRONG = "something else"


def another(browser: Browser) -> Browser:
    """A browser of somebody else, at the same node."""
    return Browser(browser.client)


async def sign_in(browser: Browser, name: str = "alice", password: str = PASSWORD) -> int:
    status, _, _ = await browser.fill_in("/sign-in", name=name, password=password)
    return status


async def test_a_browser_that_is_known_gets_in_while_others_guess(browser: Browser, owner: str):
    assert await sign_in(browser) == 303
    del browser.cookies["__Host-covey"]
    stranger = another(browser)
    guesses = [await sign_in(stranger, password=WRONG) for _ in range(11)]

    assert guesses == [403] * 10 + [429]
    assert await sign_in(stranger) == 429
    assert await sign_in(browser) == 303


async def test_a_browser_that_is_known_to_one_account_is_a_stranger_to_others(
    browser: Browser, owner: str
):
    assert await sign_in(browser) == 303
    stranger = another(browser)
    stranger.cookies = {"__Host-covey-device": browser.cookies["__Host-covey-device"]}

    guesses = [await sign_in(stranger, name="bob", password=WRONG) for _ in range(11)]

    assert guesses[-1] == 429


async def test_a_browser_that_is_known_guesses_no_longer_than_others(browser: Browser, owner: str):
    assert await sign_in(browser) == 303
    thief = another(browser)
    thief.cookies = {"__Host-covey-device": browser.cookies["__Host-covey-device"]}

    guesses = [await sign_in(thief, password=WRONG) for _ in range(11)]

    assert guesses == [403] * 10 + [429]


async def test_guesses_that_come_at_once_are_counted_before_they_are_judged(
    browser: Browser, owner: str
):
    _, page = await browser.get("/sign-in")
    fields = {"csrf": token_in(page), "name": "alice", "password": WRONG}

    answers = await asyncio.gather(*(browser.post("/sign-in", fields) for _ in range(25)))

    statuses = [status for status, _, _ in answers]
    assert statuses.count(403) == 10
    assert statuses.count(429) == 15


async def test_an_unknown_name_is_made_to_wait_like_a_known_one(browser: Browser, owner: str):
    guesses = [await sign_in(browser, name="nobody", password=WRONG) for _ in range(11)]

    assert guesses == [403] * 10 + [429]


async def test_signing_in_ends_the_session_that_the_browser_had(browser: Browser, owner: str):
    assert await sign_in(browser) == 303
    first = browser.cookies["__Host-covey"]
    _, page = await another(browser).get("/sign-in")
    browser.cookies["__Host-covey-form"] = token_in(page)

    fields = {"csrf": token_in(page), "name": "alice", "password": PASSWORD}
    status, _, _ = await browser.post("/sign-in", fields)

    assert status == 303
    assert browser.cookies["__Host-covey"] != first
    former = another(browser)
    former.cookies = {"__Host-covey": first}
    assert (await former.get("/chat"))[0] == 303


async def test_a_cookie_that_somebody_planted_opens_nothing_after_signing_in(
    browser: Browser, owner: str
):
    browser.cookies["__Host-covey"] = "planted"

    assert await sign_in(browser) == 303

    thief = another(browser)
    thief.cookies = {"__Host-covey": "planted"}
    assert (await thief.get("/chat"))[0] == 303


async def test_every_cookie_is_for_this_host_alone_and_for_no_script(browser: Browser, owner: str):
    _, page = await browser.get("/sign-in")
    fields = {"csrf": token_in(page), "name": "alice", "password": PASSWORD}

    answer = await browser._ask("POST", "/sign-in", {"Origin": BASE_URL}, fields)

    cookies = answer.headers.getall("Set-Cookie")
    assert {each.partition("=")[0] for each in cookies} == {"__Host-covey", "__Host-covey-device"}
    for each in cookies:
        assert {"HttpOnly", "Secure", "Path=/"} <= set(each.split("; "))
        assert "SameSite=Lax" in each or "SameSite=Strict" in each
        assert "Domain" not in each


async def test_what_a_browser_keeps_is_nowhere_in_the_database(browser: Browser, owner: str):
    assert await sign_in(browser) == 303

    tables = ("session", "known_device")
    stored = str([dict(row) for name in tables for row in await fetch(f"SELECT * FROM {name}")])  # noqa: S608

    for name in ("__Host-covey", "__Host-covey-device"):
        assert browser.cookies[name] not in stored
