"""Whoever has no invitation asks for an account, where the node takes people at all."""

from datetime import UTC, datetime, timedelta

import pytest

from federation.commands import sign_ups as commands
from federation.commands.deeds import MACHINE
from federation.protocol.verdict import Allowed
from node.config.registration import RegistrationConfig
from node.identity.registration import Entry, judge_entry
from storage import sign_ups
from storage.accounts import find_account
from storage.database import transaction
from tests.support.page_browser import NOW, PASSWORD, Browser

AT = datetime(2026, 9, 3, 12, tzinfo=UTC)
WEEK = timedelta(days=7)
REASON = "I read with Olga."


@pytest.fixture
def registration() -> RegistrationConfig:
    return RegistrationConfig(open=True, approval=True)


async def ask(browser: Browser, name: str = "bo", **fields: str) -> tuple[int, str]:
    typed = {"name": name, "password": PASSWORD, "again": PASSWORD, "reason": REASON} | fields
    status, page, _ = await browser.fill_in("/sign-up", **typed)
    return status, page


async def sign_in(browser: Browser, name: str, password: str = PASSWORD) -> tuple[int, str]:
    status, page, _ = await browser.fill_in("/sign-in", name=name, password=password)
    return status, page


@pytest.mark.parametrize(
    ("wanted", "staff_used_at", "entry"),
    [
        (RegistrationConfig(open=False, approval=False), AT, Entry.CLOSED),
        (RegistrationConfig(open=True), AT, Entry.APPROVAL),
        (RegistrationConfig(open=True, approval=False), AT, Entry.OPEN),
        (RegistrationConfig(open=True), None, Entry.CLOSED),
        (RegistrationConfig(open=True), AT - WEEK, Entry.CLOSED),
        (RegistrationConfig(open=True), AT - WEEK + timedelta(seconds=1), Entry.APPROVAL),
    ],
)
def test_where_nobody_looks_after_the_node_nobody_comes(
    wanted: RegistrationConfig, staff_used_at: datetime | None, entry: Entry
) -> None:
    assert judge_entry(wanted, staff_used_at, AT) is entry


async def test_who_asks_waits_and_is_told_so_at_sign_in(browser: Browser, owner: str) -> None:
    status, page = await ask(browser)

    assert (status, "You have asked for an account" in page) == (200, True)
    assert await find_account("bo") is None
    (waits,) = await sign_ups.listed()
    assert (waits.name, waits.reason) == ("bo", REASON)
    status, page = await sign_in(browser, "bo")
    assert (status, "waits for somebody who runs this server" in page) == (403, True)
    _, page = await sign_in(browser, "bo", "another long password")
    assert "waits for somebody" not in page


async def test_who_is_refused_reads_why_and_may_ask_again(browser: Browser, owner: str) -> None:
    await ask(browser)

    assert await commands.reject("bo", "We are <b>full</b>.", NOW, MACHINE) == Allowed()
    _, page = await sign_in(browser, "bo")
    again, _ = await ask(browser)

    assert "was declined: We are &lt;b&gt;full&lt;/b&gt;." in page
    assert again == 200
    assert [one.name for one in await sign_ups.listed()] == ["bo"]


async def test_a_name_for_which_somebody_waits_is_kept_for_them(
    browser: Browser, owner: str
) -> None:
    await ask(browser)

    status, page = await ask(browser, password="another long one", again="another long one")

    assert (status, "This name is taken." in page) == (422, True)
    _, page = await sign_in(browser, "bo")
    assert "waits for somebody" in page


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"name": "alice"}, "This name is taken."),
        ({"name": "admin"}, "This name is reserved."),
        ({"name": "Bo!"}, "A name has 1 to 30 of the letters"),
        ({"reason": "  "}, "Say in a sentence who you are."),
        ({"reason": "x" * 501}, "At most 500 characters, please."),
        ({"again": "something else"}, "not the same"),
        ({"password": "short", "again": "short"}, "characters"),
    ],
)
async def test_what_is_wrong_is_said_and_nobody_waits(
    browser: Browser, owner: str, wrong: dict[str, str], says: str
) -> None:
    status, page = await ask(browser, **{"name": "bo"} | wrong)

    assert (status, says in page) == (422, True)
    assert await sign_ups.listed() == []


async def test_from_one_address_come_three_in_a_quarter_of_an_hour(
    browser: Browser, owner: str
) -> None:
    statuses = [(await ask(browser, name))[0] for name in ("a1", "a2", "a3", "a4")]
    browser.now += timedelta(minutes=16)
    later, _ = await ask(browser, "a4")

    assert statuses == [200, 200, 200, 429]
    assert later == 200


async def test_no_more_wait_than_anybody_reads(browser: Browser, owner: str) -> None:
    async with transaction():
        for number in range(sign_ups.WAITING_MAX):
            waits = sign_ups.SignUp(f"w{number}", "x", "y", sign_ups.WAITING, "", NOW)
            await sign_ups.add(waits)

    status, page = await ask(browser)

    assert (status, "Too many people wait" in page) == (429, True)


async def test_a_form_that_is_not_ours_changes_nothing(browser: Browser, owner: str) -> None:
    fields = {"csrf": "x", "name": "bo", "password": PASSWORD, "again": PASSWORD, "reason": REASON}
    status, _, _ = await browser.post("/sign-up", fields)

    assert status == 403
    assert await sign_ups.listed() == []


async def test_what_nobody_answers_lapses(browser: Browser, owner: str) -> None:
    await ask(browser)

    assert await sign_ups.reap(browser.now) == 0
    assert await sign_ups.reap(browser.now + timedelta(seconds=1)) == 1
    assert await sign_ups.listed() == []


async def test_the_way_in_is_shown_where_one_signs_in(browser: Browser, owner: str) -> None:
    _, page = await browser.get("/sign-in")

    assert '<a href="/sign-up">' in page


@pytest.mark.usefixtures("owner")
class TestWithoutApproval:
    @pytest.fixture
    def registration(self) -> RegistrationConfig:
        return RegistrationConfig(open=True, approval=False)

    async def test_whoever_comes_is_in_at_once(self, browser: Browser) -> None:
        status, _, headers = await browser.fill_in(
            "/sign-up", name="bo", password=PASSWORD, again=PASSWORD
        )

        assert (status, headers["Location"]) == (303, "/chat")
        account = await find_account("bo")
        assert account is not None
        assert account.role == "member"


@pytest.mark.usefixtures("owner")
class TestClosed:
    @pytest.fixture
    def registration(self) -> RegistrationConfig:
        return RegistrationConfig()

    async def test_people_come_by_invitation(self, browser: Browser) -> None:
        status, page = await browser.get("/sign-up")
        _, entrance = await browser.get("/sign-in")

        assert (status, "by invitation" in page) == (404, True)
        assert "/sign-up" not in entrance


@pytest.mark.usefixtures("owner")
class TestUnmoderated:
    async def test_it_closes_itself_and_opens_when_somebody_is_back(self, browser: Browser) -> None:
        browser.now += WEEK
        closed, _ = await browser.get("/sign-up")
        await sign_in(browser, "alice")

        opened, _ = await browser.get("/sign-up")

        assert (closed, opened) == (404, 200)
