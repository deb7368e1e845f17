"""People see whom they can no longer reach, since when and why, and nobody sees another's."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.network.stories import join, together
from tests.network.test_ended_accounts import delete
from tests.support.network import Network
from tests.support.person import Person, Room

pytestmark = pytest.mark.network


async def lost(person: Person) -> list[Mapping[str, Any]]:
    return list((await person.must("GET", "/lost_contacts"))["items"])


async def id_of(person: Person, room: Room) -> str:
    return str((await person.see(room))["id"])


async def test_whom_a_block_parts_is_shown_with_its_reason_and_where_they_were(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    await bo.arrive()
    direct = await al.write_to(bo.acct, "hello")
    await network.settle()
    ours = await together(network, al, bo, title="ours")
    theirs = await together(network, bo, al, title="theirs")
    third = await together(network, gi, al, bo, title="third")
    gone_before = await together(network, al, bo, title="gone before")
    await al.remove(bo, gone_before)
    await network.settle()
    assert await lost(al) == []

    network.advance(hours=1)
    await alpha.block("beta.test", "spam")
    await network.settle()

    shown = {one["person"]["acct"] if one["person"] else None: one for one in await lost(al)}
    assert set(shown) == {bo.acct, None}
    for one in shown.values():
        assert (one["host"], one["why"], one["reason"]) == ("beta.test", "we_refuse", "spam")
    assert {one["id"] for one in shown[bo.acct]["conversations"]} == {
        await id_of(al, room) for room in (direct, ours, third)
    }
    (group,) = shown[None]["conversations"]
    assert group == {"id": await id_of(al, theirs), "kind": "group", "title": "theirs"}

    await alpha.unblock("beta.test")
    await network.settle()
    assert await lost(al) == []


async def test_a_server_that_refuses_ours_is_named_until_it_takes_something(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await bo.arrive()
    room = await al.write_to(bo.acct, "hello")
    await network.settle()
    await beta.block("alpha.test")
    network.advance(hours=1)
    await al.say(room, "refused")
    await network.settle()

    (one,) = await lost(al)
    assert (one["person"]["acct"], one["why"]) == (bo.acct, "they_refuse")
    assert [each["id"] for each in one["conversations"]] == [await id_of(al, room)]
    (message,) = [each for each in await al.messages(room) if each["text"] == "refused"]
    (row,) = (await al.must("GET", f"/messages/{message['id']}/delivery"))["items"]
    assert one["since"] == row["since"]

    await beta.unblock("alpha.test")
    network.advance(hours=1)
    await al.say(room, "taken")
    await network.settle()
    assert await lost(al) == []


async def test_a_server_that_is_silent_for_thirty_days_is_out_of_reach(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await bo.arrive()
    room = await al.write_to(bo.acct, "hello")
    await network.settle()
    await al.follow(bo.acct)
    await network.settle()
    network.cut("beta.test")
    await al.say(room, "in vain")
    await network.settle()
    network.advance(days=29)
    await network.settle()
    assert await lost(al) == []

    network.advance(days=2)
    await network.settle()

    (one,) = await lost(al)
    assert (one["person"]["acct"], one["why"], one["reason"]) == (bo.acct, "unreachable", None)
    network.heal("beta.test")
    await al.say(room, "again")
    network.advance(days=1)
    await network.settle()
    assert await lost(al) == []


async def test_an_account_that_has_ended_is_shown_to_who_talked_with_it(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await bo.arrive()
    direct = await al.write_to(bo.acct, "hello")
    await network.settle()
    group = await al.start_conversation("tea")
    await join(network, al, bo, group)
    network.advance(hours=1)

    await delete(network, beta, bo)

    (one,) = await lost(al)
    assert (one["why"], one["person"]["deleted"]) == ("account_ended", True)
    assert {each["id"] for each in one["conversations"]} == {
        await id_of(al, direct),
        await id_of(al, group),
    }


async def test_nobody_sees_whom_another_lost_and_nobody_whom_they_block(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    ada = alpha.person("ada")
    await bo.arrive()
    await al.write_to(bo.acct, "hello")
    await network.settle()
    await ada.arrive()
    await alpha.block("beta.test")
    await network.settle()

    assert len(await lost(al)) == 1
    assert await lost(ada) == []
    await al.block(bo.acct)
    assert await lost(al) == []
