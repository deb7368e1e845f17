"""An account that asks for a second factor opens with both, and a code counts once."""

from datetime import timedelta

import pytest

from storage.database import fetch
from tests.support.authenticator import STEP, Authenticator, begin, turn_on
from tests.support.page_browser import PASSWORD, Browser, Fields, token_in


async def sign_in(browser: Browser) -> tuple[int, str]:
    status, _, headers = await browser.fill_in("/sign-in", name="alice", password=PASSWORD)
    return status, headers.get("Location", "")


async def signed_in(browser: Browser) -> Browser:
    opened = Browser(browser.client)
    opened.now = browser.now
    assert await sign_in(opened) == (303, "/chat")
    return opened


@pytest.fixture
async def phone(browser: Browser, owner: str) -> Authenticator:
    """The authenticator that alice's account asks for."""
    here = await signed_in(browser)
    authenticator = await begin(here)
    await turn_on(here, authenticator)
    browser.now += STEP
    return authenticator


async def test_the_password_alone_opens_nothing(browser: Browser, phone: Authenticator):
    assert await sign_in(browser) == (303, "/sign-in/code")

    assert "__Host-covey" not in browser.cookies
    assert (await browser.get("/chat"))[0] == 303


async def test_the_code_opens_the_account_after_the_password(
    browser: Browser, phone: Authenticator
):
    await sign_in(browser)

    status, _, headers = await browser.fill_in("/sign-in/code", code=phone.code(browser.now))

    assert (status, headers["Location"]) == (303, "/chat")
    assert (await browser.get("/chat"))[0] == 200


async def test_a_code_counts_once_whoever_brings_it(browser: Browser, phone: Authenticator):
    code = phone.code(browser.now)
    await sign_in(browser)
    await browser.fill_in("/sign-in/code", code=code)
    thief = Browser(browser.client)
    await sign_in(thief)

    status, page, _ = await thief.fill_in("/sign-in/code", code=code)

    assert status == 403
    assert "used before" in page


async def test_the_code_that_turned_it_on_opens_nothing(browser: Browser, owner: str):
    here = await signed_in(browser)
    authenticator = await begin(here)
    code = authenticator.code(here.now)
    await turn_on(here, authenticator)
    await sign_in(browser)

    assert (await browser.fill_in("/sign-in/code", code=code))[0] == 403


async def test_a_recovery_code_stands_in_once(browser: Browser, owner: str):
    here = await signed_in(browser)
    codes = await turn_on(here, await begin(here))
    assert len(set(codes)) == 10

    first, second = Browser(browser.client), Browser(browser.client)
    await sign_in(first)
    await sign_in(second)
    used, _, _ = await first.fill_in("/sign-in/code", code=codes[0].upper())
    again, _, _ = await second.fill_in("/sign-in/code", code=codes[0])

    assert (used, again) == (303, 403)
    assert "Recovery codes left: 9." in (await here.get("/settings"))[1]


async def test_codes_are_not_guessed_without_end(browser: Browser, phone: Authenticator):
    await sign_in(browser)

    statuses = [(await browser.fill_in("/sign-in/code", code="000000"))[0] for _ in range(11)]

    assert statuses == [403] * 10 + [429]
    assert (await browser.fill_in("/sign-in/code", code=phone.code(browser.now)))[0] == 429


async def guess_codes(browser: Browser) -> list[int]:
    await sign_in(browser)
    return [(await browser.fill_in("/sign-in/code", code="000000"))[0] for _ in range(11)]


async def test_a_browser_that_is_known_gets_in_while_others_guess_codes(
    browser: Browser, phone: Authenticator
):
    await sign_in(browser)
    await browser.fill_in("/sign-in/code", code=phone.code(browser.now))
    browser.now += STEP
    del browser.cookies["__Host-covey"]
    stranger = Browser(browser.client)

    guesses = await guess_codes(stranger)
    await sign_in(browser)
    status, _, _ = await browser.fill_in("/sign-in/code", code=phone.code(browser.now))

    assert guesses == [403] * 10 + [429]
    assert status == 303


async def test_a_browser_that_is_known_guesses_codes_no_longer_than_others(
    browser: Browser, phone: Authenticator
):
    await sign_in(browser)
    await browser.fill_in("/sign-in/code", code=phone.code(browser.now))
    thief = Browser(browser.client)
    thief.cookies = {"__Host-covey-device": browser.cookies["__Host-covey-device"]}

    guesses = await guess_codes(thief)

    assert guesses == [403] * 10 + [429]


async def test_whoever_is_half_way_in_has_ten_minutes(browser: Browser, phone: Authenticator):
    await sign_in(browser)
    browser.now += timedelta(minutes=10)

    status, headers = await browser.headers("/sign-in/code")

    assert (status, headers["Location"]) == (303, "/sign-in")


async def test_turning_it_on_ends_all_other_sessions(browser: Browser, owner: str):
    here, there = await signed_in(browser), await signed_in(browser)

    await turn_on(here, await begin(here))

    assert (await here.get("/settings"))[0] == 200
    assert (await there.get("/settings"))[0] == 303


async def test_a_wrong_code_turns_nothing_on(browser: Browser, owner: str):
    here = await signed_in(browser)
    await begin(here)
    _, page = await here.get("/settings/second-factor")

    fields = Fields(csrf=token_in(page), code="12345x")
    status, _, _ = await here.post("/settings/second-factor/on", fields)

    assert status == 422
    assert await sign_in(browser) == (303, "/chat")


async def test_the_password_is_asked_for_before_it_is_set_up_or_turned_off(
    browser: Browser, owner: str
):
    here = await signed_in(browser)
    _, page = await here.get("/settings")
    wrong = Fields(csrf=token_in(page), current="a guess")
    begun, _, _ = await here.post("/settings/second-factor", wrong)
    await turn_on(here, await begin(here))
    kept, _, _ = await here.post("/settings/second-factor/off", wrong)
    asked = await sign_in(browser)

    fields = Fields(csrf=token_in(page), current=PASSWORD)
    ended, _, _ = await here.post("/settings/second-factor/off", fields)

    assert (begun, kept, ended) == (422, 422, 303)
    assert asked == (303, "/sign-in/code")
    assert await sign_in(browser) == (303, "/chat")


async def test_what_is_on_shows_its_secret_to_nobody_and_is_not_begun_anew(
    browser: Browser, owner: str
):
    here = await signed_in(browser)
    phone = await begin(here)
    await turn_on(here, phone)
    _, page = await here.get("/settings")
    await here.post("/settings/second-factor", Fields(csrf=token_in(page), current=PASSWORD))
    shown, headers = await here.headers("/settings/second-factor")
    browser.now += STEP
    await sign_in(browser)

    assert (shown, headers["Location"]) == (303, "/settings")
    assert (await browser.fill_in("/sign-in/code", code=phone.code(browser.now)))[0] == 303


async def test_secret_and_recovery_codes_are_nowhere_in_the_database(browser: Browser, owner: str):
    here = await signed_in(browser)
    phone = await begin(here)
    codes = await turn_on(here, phone)

    factors = await fetch("SELECT * FROM second_factor")
    recovery = await fetch("SELECT * FROM recovery_code")

    assert phone.secret not in bytes(factors[0]["sealed"])
    assert len(recovery) == 10
    assert not any(code.replace("-", "") in str([dict(row) for row in recovery]) for code in codes)
