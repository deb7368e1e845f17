"""What waits for an answer is shown with who has sent it, and can be ended in several ways."""

from datetime import timedelta

import pytest

from federation.commands.hush import forget_lapsed
from tests.support.api_node import ApiNode, Person


async def asked(ana: Person, bo: Person, text: str = "hello") -> str:
    """The id of a request by ana to bo."""
    made = await ana.post("/conversations", kind="direct", members=[bo.acct], text=text)
    return str(made.body["id"])


async def test_what_there_is_to_know_of_a_stranger_is_shown(
    ana: Person, bo: Person, cy: Person
) -> None:
    await bo.post("/follows", acct=cy.acct)
    await cy.post("/follows", acct=ana.acct)
    room = await asked(ana, bo)

    shown = (await bo.get(f"/conversations/{room}/request")).body

    assert (shown["acct"], shown["host"]) == (ana.acct, "alpha.test")
    assert [one["acct"] for one in shown["contacts"]] == [cy.acct]
    assert shown["groups"] == []
    assert (await ana.get(f"/conversations/{room}/request")).status == 404


async def test_an_invitation_says_who_asks(ana: Person, bo: Person) -> None:
    room = await ana.start_group(bo)

    assert (await bo.get(f"/conversations/{room}/request")).body["acct"] == ana.acct


async def test_what_is_deleted_is_gone_and_may_come_again(ana: Person, bo: Person) -> None:
    room = await asked(ana, bo)

    assert (await bo.call("DELETE", f"/conversations/{room}/request")).status == 204

    assert (await bo.get("/conversations?state=requests")).items == []
    assert (await bo.get(f"/conversations/{room}/messages")).status == 404
    assert (await bo.call("DELETE", f"/conversations/{room}/request")).status == 404
    await ana.say(room, "again")
    assert await bo.texts(room) == ["again"]
    assert (await bo.get(f"/conversations/{room}")).body["state"] == "requested"


async def test_what_is_accepted_is_deleted_by_nobody(ana: Person, bo: Person) -> None:
    room = await asked(ana, bo)
    await bo.post(f"/conversations/{room}/accept")

    assert (await bo.call("DELETE", f"/conversations/{room}/request")).status == 404
    assert await bo.texts(room) == ["hello"]


async def test_nobody_waits_for_longer_than_thirty_days(
    node: ApiNode, ana: Person, bo: Person
) -> None:
    room = await asked(ana, bo)
    now = node.mint.clock()

    early = await forget_lapsed(now - timedelta(days=30), now)
    late = await forget_lapsed(now + timedelta(seconds=1), now)

    assert (early, late) == (0, 1)
    assert (await bo.get(f"/conversations/{room}")).status == 404


async def test_servers_are_blocked_and_let_go(ana: Person) -> None:
    made = await ana.post("/host_blocks", host="Evil.TEST")

    assert (made.status, made.body) == (201, {"host": "evil.test"})
    assert (await ana.get("/host_blocks")).items == [{"host": "evil.test"}]
    assert (await ana.call("DELETE", "/host_blocks/evil.test")).status == 204
    assert (await ana.call("DELETE", "/host_blocks/evil.test")).status == 404


@pytest.mark.parametrize("host", ["alpha.test", "no name", ""])
async def test_what_is_no_other_server_is_not_blocked(ana: Person, host: str) -> None:
    assert (await ana.post("/host_blocks", host=host)).status == 422
