"""Whoever does not want to be seen as active is not, and sees nobody."""

import pytest

from tests.support.api_node import Person


async def active(person: Person, room: str) -> list[str]:
    shown = (await person.get(f"/conversations/{room}/presence")).items
    return [one["acct"] for one in shown if one["active"]]


@pytest.mark.parametrize("hides", ["ana", "bo"])
async def test_being_seen_as_active_is_turned_off(ana: Person, bo: Person, hides: str) -> None:
    room = await ana.start_group(bo)
    await bo.post(f"/conversations/{room}/accept")
    await bo.say(room, "hello")
    before = await active(ana, room)

    answer = await (ana if hides == "ana" else bo).call("PATCH", "/me", {"presence": False})

    assert answer.body["presence"] is False
    assert before == [bo.acct]
    assert await active(ana, room) == []
