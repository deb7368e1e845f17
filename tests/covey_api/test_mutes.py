"""Somebody is heard quietly: nothing counts as unread, and they learn nothing of it."""

import pytest

from federation.commands.people_lists import NO_LIST, Taken, bring_list
from tests.support.api_node import ApiNode, Person


async def test_who_is_muted_is_listed_until_they_are_not(ana: Person, bo: Person) -> None:
    answer = await ana.post("/mutes", acct=bo.acct)

    assert (answer.status, answer.body["acct"]) == (201, bo.acct)
    assert [one["acct"] for one in (await ana.get("/mutes")).items] == [bo.acct]
    assert (await ana.get(f"/people/{bo.acct}")).body["muted"] is True
    assert (await ana.call("DELETE", f"/mutes/{bo.acct}")).status == 204
    assert (await ana.get("/mutes")).items == []
    assert (await ana.call("DELETE", f"/mutes/{bo.acct}")).status == 404


async def test_nobody_mutes_themselves(ana: Person) -> None:
    assert (await ana.post("/mutes", acct=ana.acct)).status == 422
    assert (await ana.post("/mutes", acct="nobody@alpha.test")).status == 404


async def test_what_they_write_is_there_and_does_not_count(ana: Person, bo: Person) -> None:
    room = await ana.start_group(bo)
    await bo.post(f"/conversations/{room}/accept")
    await ana.post("/mutes", acct=bo.acct)

    await bo.say(room, "hello")

    (message,) = (await ana.get(f"/conversations/{room}/messages")).items
    assert (message["text"], message["muted"], message["blocked"]) == ("hello", True, False)
    assert (await ana.get(f"/conversations/{room}")).body["unread"] == 0
    await ana.call("DELETE", f"/mutes/{bo.acct}")
    assert (await ana.get(f"/conversations/{room}")).body["unread"] == 1


@pytest.mark.parametrize("name", ["blocks", "mutes"])
async def test_a_list_is_brought_in_as_far_as_its_people_are_found(
    node: ApiNode, ana: Person, bo: Person, name: str
) -> None:
    data = f"Account address\n{bo.acct}\nnobody@alpha.test\n{ana.acct}\n".encode()

    done = await bring_list(node.desk, ana.uri, name, data)

    assert done == Taken(1, 2)
    assert [one["acct"] for one in (await ana.get(f"/{name}")).items] == [bo.acct]


async def test_what_is_no_list_brings_nobody(node: ApiNode, ana: Person) -> None:
    assert await bring_list(node.desk, ana.uri, "mutes", b"\xff") == NO_LIST
