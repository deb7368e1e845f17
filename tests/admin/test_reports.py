"""Who moderates sees what a reporter attached, after it was written down that they look."""

import pytest

from tests.support.console import Console
from tests.support.live_node import LiveNode

RUDE, PRIVATE = "rude words", "private words"


@pytest.fixture
async def report(node: LiveNode) -> str:
    """The id of a report of al's about bo, with one of two messages."""
    al, bo = node.person("al"), node.person("bo")
    await bo.arrive()
    room = await al.start_conversation("tea", bo.acct)
    await bo.accept(room)
    rude, _ = [await bo.say(room, text) for text in (RUDE, PRIVATE)]
    body = {"acct": bo.acct, "message_ids": [rude], "comment": "They are <b>rude</b>"}
    return str((await al.must("POST", "/reports", body))["id"])


async def test_a_report_is_listed_without_a_word_of_its_messages(
    moderator: Console, report: str
) -> None:
    listed = await moderator.get("/admin/reports")
    page = await moderator.get(f"/admin/reports/{report}")

    for shown in (listed, page):
        assert shown.status == 200
        assert shown.says("About bo@alpha.test")
        assert shown.says("They are <b>rude</b>")
        assert not shown.says(RUDE)
    assert listed.says("1 message")
    assert page.says("1 message is attached.")
    assert await moderator.deeds() == []


async def test_the_attached_messages_are_shown_to_who_asks_and_no_others(
    moderator: Console, report: str
) -> None:
    page = await moderator.post(f"/admin/reports/{report}/messages")

    assert page.says(RUDE)
    assert not page.says(PRIVATE)
    assert page.says("Reported messages looked at mo@alpha.test")
    assert await moderator.deeds() == [("report.shown", report, "", "web")]


async def test_no_page_but_that_one_has_words_of_people(owner: Console, report: str) -> None:
    for path in ("/admin", "/admin/accounts", "/admin/accounts/bo", "/admin/reports"):
        page = await owner.get(path)

        assert page.status == 200, path
        assert not page.says(RUDE), path
        assert not page.says(PRIVATE), path
    assert report


async def test_a_report_is_closed_once(moderator: Console, report: str) -> None:
    done = await moderator.post(f"/admin/reports/{report}/close")
    again = await moderator.post(f"/admin/reports/{report}/close")

    assert (done.status, done.to) == (303, "/admin/reports")
    assert (again.status, again.says("The report is closed already.")) == (409, True)
    assert (await moderator.get("/admin/reports")).says("Nobody has reported anything")
    assert (await moderator.get("/admin/reports?state=closed")).says("About bo@alpha.test")
    assert await moderator.deeds() == [("report.closed", report, "", "web")]


async def test_what_is_about_no_report_is_not_there(moderator: Console) -> None:
    for page in (
        await moderator.get("/admin/reports/x"),
        await moderator.post("/admin/reports/x/messages"),
        await moderator.post("/admin/reports/x/close"),
    ):
        assert page.status == 404
    assert await moderator.deeds() == []


async def test_only_who_runs_the_node_is_led_to_the_account(
    owner: Console, moderator: Console, report: str
) -> None:
    to_account = 'href="/admin/accounts/bo"'

    assert to_account in (await owner.get(f"/admin/reports/{report}")).text
    assert to_account not in (await moderator.get(f"/admin/reports/{report}")).text


async def test_who_only_moderates_begins_with_the_reports(moderator: Console) -> None:
    page = await moderator.get("/admin")

    assert (page.status, page.to) == (303, "/admin/reports")
    assert "/admin/accounts" not in (await moderator.get("/admin/reports")).text
