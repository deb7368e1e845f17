"""Who moderates a node sees what a reporter has chosen to show, and no other message."""

import pytest

from federation.upkeep import reap
from storage.database import fetch, run
from tests.support.api_node import START, Answer, ApiNode, Person


@pytest.fixture
async def mod(node: ApiNode) -> Person:
    """Cy, who moderates, with the scopes that this takes."""
    await run("UPDATE account SET role = 'moderator' WHERE name = 'cy'")
    token = await node.token("cy", "read", "write", "admin:read", "admin:write")
    return Person("cy", token, node.client)


async def talk(ana: Person, bo: Person, *texts: str) -> list[str]:
    room = await ana.start_group(bo)
    await bo.post(f"/conversations/{room}/accept")
    return [(await bo.say(room, text))["id"] for text in texts]


async def report(ana: Person, bo: Person, *messages: str) -> Answer:
    made = await ana.post("/reports", acct=bo.acct, message_ids=list(messages), comment="rude")
    assert made.status == 201, made.body
    return made


async def test_staff_see_the_messages_that_were_attached_and_no_others(
    ana: Person, bo: Person, mod: Person
) -> None:
    rude, _ = await talk(ana, bo, "rude words", "private words")

    made = await report(ana, bo, rude)

    assert made.body["messages"] == 1
    assert made.body["forwarded"] is False
    (listed,) = (await mod.get("/admin/reports")).items
    assert (listed["reporter"]["acct"], listed["accused"]["acct"]) == (ana.acct, bo.acct)
    assert (listed["comment"], listed["closed"]) == ("rude", None)
    assert list(listed["messages"][0]) == ["uri"]
    shown = (await mod.get(f"/admin/reports/{made.body['id']}")).body
    assert [one["text"] for one in shown["messages"]] == ["rude words"]
    assert (await mod.get(f"/messages/{rude}/delivery")).status == 404


async def test_what_was_shown_stays_as_the_reporter_saw_it(
    ana: Person, bo: Person, mod: Person
) -> None:
    (rude,) = await talk(ana, bo, "rude words")
    made = await report(ana, bo, rude)

    await bo.call("PATCH", f"/messages/{rude}", {"text": "nice words"})
    await bo.call("DELETE", f"/messages/{rude}")

    shown = (await mod.get(f"/admin/reports/{made.body['id']}")).body
    assert [one["text"] for one in shown["messages"]] == ["rude words"]


async def test_nobody_attaches_what_they_do_not_see_or_what_another_has_said(
    node: ApiNode, ana: Person, bo: Person, cy: Person
) -> None:
    (rude,) = await talk(ana, bo, "rude words")
    room = await ana.start_group(bo)
    own = (await ana.say(room, "own"))["id"]

    for person, message in ((cy, rude), (ana, own), (ana, "01ARZ3NDEKTSV4RRFFQ69G5FAV")):
        answer = await person.post("/reports", acct=bo.acct, message_ids=[message])
        assert (answer.status, answer.word) == (422, "unprocessable")
    for message_ids, acct in (([rude] * 2, bo.acct), ([str(n) for n in range(21)], bo.acct)):
        answer = await ana.post("/reports", acct=acct, message_ids=message_ids)
        assert answer.status == (201 if message_ids[0] == rude else 422)
    assert (await ana.post("/reports", acct=ana.acct)).status == 422
    assert (await ana.post("/reports", acct="nobody@alpha.test")).status == 404
    assert (await ana.post("/reports", acct=bo.acct, comment="x" * 1001)).status == 422
    assert (await ana.post("/reports", acct=bo.acct, forward="yes")).status == 422
    assert len(await fetch("SELECT id FROM report")) == 1


async def test_members_see_no_reports_and_close_none(ana: Person, bo: Person) -> None:
    made = await report(ana, bo)
    path = f"/admin/reports/{made.body['id']}"

    for answer in (
        await bo.get("/admin/reports"),
        await bo.get(path),
        await bo.post(f"{path}/close"),
    ):
        assert (answer.status, answer.word) == (403, "forbidden")


async def test_a_report_is_closed_once_and_by_somebody(
    ana: Person, bo: Person, mod: Person
) -> None:
    made = await report(ana, bo)
    path = f"/admin/reports/{made.body['id']}"

    closed, again = await mod.post(f"{path}/close"), await mod.post(f"{path}/close")

    assert (closed.status, closed.body["closed_by"]["acct"]) == (200, mod.acct)
    assert (again.status, again.word) == (409, "conflict")
    assert (await mod.get("/admin/reports")).items == []
    assert len((await mod.get("/admin/reports", state="closed")).items) == 1
    assert (await mod.get("/admin/reports", state="x")).status == 400
    assert (await mod.get("/admin/reports/x")).status == 404
    assert (await mod.post("/admin/reports/x/close")).status == 404


async def test_ten_reports_a_day_are_enough(node: ApiNode, ana: Person, bo: Person) -> None:
    for _ in range(10):
        await report(ana, bo)

    answer = await ana.post("/reports", acct=bo.acct)

    assert (answer.status, answer.word) == (429, "too-many-requests")
    await run("UPDATE report SET created_at = created_at - 86400001")
    await report(ana, bo)


async def test_the_same_request_makes_one_report(ana: Person, bo: Person) -> None:
    first = await ana.post("/reports", acct=bo.acct, key="k")
    second = await ana.post("/reports", acct=bo.acct, key="k")

    assert first.body == second.body
    assert len(await fetch("SELECT id FROM report")) == 1


async def test_reports_go_when_they_have_had_their_time(
    ana: Person, bo: Person, mod: Person
) -> None:
    old, new = await report(ana, bo), await report(ana, bo)
    await mod.post(f"/admin/reports/{old.body['id']}/close")

    await reap.run_once(START + reap.REPORTS_FOR * 1.1, reap.SETTLED_FOR)

    assert [row["id"] for row in await fetch("SELECT id FROM report")] == [new.body["id"]]
    await reap.run_once(START + reap.OPEN_REPORTS_FOR * 1.1, reap.SETTLED_FOR)
    assert await fetch("SELECT id FROM report") == []
