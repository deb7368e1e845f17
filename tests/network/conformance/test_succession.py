"""A group whose home is gone goes on with its successors, and with nobody else."""

import pytest

from federation.protocol.build import request as build
from federation.protocol.build.request import Asking
from tests.network.stories import sent, together
from tests.support.live_node import LiveNode
from tests.support.network import Network
from tests.support.person import Person, Room

pytestmark = pytest.mark.network


async def days_pass(network: Network, days: int, *nodes: LiveNode) -> None:
    """The nodes do their upkeep once a day."""
    for _ in range(days):
        network.advance(days=1)
        for node in nodes:
            await node.tidy()
        await network.settle()


async def club(network: Network, *successors: str) -> tuple[list[LiveNode], list[Person], Room]:
    """al, bo and gi on a node each, and a group at al's with these successors."""
    nodes = list(await network.start("alpha.test", "beta.test", "gamma.test"))
    people = [node.person(name) for node, name in zip(nodes, ("al", "bo", "gi"), strict=True)]
    room = await together(network, *people)
    if successors:
        await people[0].change(room, successors=list(successors))
        await network.settle()
    return nodes, people, room


async def where(person: Person, room: Room) -> Room:
    """Where a group has gone on."""
    return Room(uri=(await person.see(room))["moved_to"] or "")


async def test_conformance_96_the_first_successor_takes_over_after_fourteen_days(
    network: Network,
):
    (_, beta, gamma), (al, bo, gi), room = await club(network, "bo@beta.test")
    await bo.say(room, "before")
    await network.settle()
    network.cut("alpha.test")

    await days_pass(network, 13, beta, gamma)
    assert (await bo.see(room))["home_gone"] is None
    assert (await bo.see(room))["state"] == "joined"
    await days_pass(network, 2, beta, gamma)

    there = await where(bo, room)
    assert there.uri.startswith("https://beta.test/c/")
    assert await where(gi, room) == there
    expected = {al.acct: "admin", bo.acct: "member", gi.acct: "member"}
    assert await bo.roles(there) == await gi.roles(there) == expected
    await gi.say(there, "after")
    await network.settle()
    assert await bo.texts(there) == ["after"]
    assert await gi.texts(room) == ["before"]
    assert await gi.state_in(room) == "closed"


async def test_a_home_that_returns_makes_way(network: Network):
    (alpha, beta, gamma), (al, bo, gi), room = await club(network, "bo@beta.test")
    network.cut("alpha.test")
    await days_pass(network, 15, alpha, beta, gamma)
    there = await where(bo, room)

    network.heal("alpha.test")
    network.advance(hours=7)
    await network.settle()
    network.advance(hours=7)
    await network.settle()

    assert await where(al, room) == there
    assert await al.state_in(room) == "closed"
    assert await al.state_in(there) == "joined"
    await al.say(there, "I am back")
    await network.settle()
    assert await gi.texts(there) == await bo.texts(there) == ["I am back"]


async def test_conformance_96_who_is_not_listed_moves_nobody(network: Network):
    _, (_, bo, gi), room = await club(network, "bo@beta.test")
    own = await gi.start_conversation("mine")
    gi_signs = await network.signer(gi)
    asking = Asking(f"{gi.uri}/a/move", gi.uri, room.uri, network.clock.now())
    move = gi_signs.proven(build.move(asking, own.uri))

    await gi_signs.post("https://beta.test/inbox", move)
    await network.settle()
    await gi_signs.post("https://alpha.test/inbox", move)
    await network.settle()

    for person in (bo, gi):
        seen = await person.see(room)
        assert (seen["state"], seen["moved_to"]) == ("joined", None)


async def test_conformance_96_a_listed_successor_moves_nobody_while_home_is_there(
    network: Network,
):
    _, (al, bo, gi), room = await club(network, "bo@beta.test")
    other = await together(network, bo, gi, title="mine")
    bo_signs = await network.signer(bo)
    asking = Asking(f"{bo.uri}/a/move", bo.uri, room.uri, network.clock.now())
    move = bo_signs.proven(build.move(asking, other.uri))

    await bo_signs.post("https://gamma.test/inbox", move)
    await bo_signs.post("https://alpha.test/inbox", move)
    await network.settle()

    for person in (al, bo, gi):
        seen = await person.see(room)
        assert (seen["state"], seen["moved_to"]) == ("joined", None)


async def test_conformance_97_of_two_successors_the_earlier_wins(network: Network):
    (_, beta, gamma), (_, bo, gi), room = await club(network, "bo@beta.test", "gi@gamma.test")
    network.cut("alpha.test")
    network.cut("beta.test")
    await days_pass(network, 23, gamma)
    later = await where(gi, room)
    assert later.uri.startswith("https://gamma.test/c/")

    # bo's node was cut off as well, and finds home gone by itself.
    await days_pass(network, 1, beta)
    await days_pass(network, 15, beta)
    network.heal("beta.test")
    network.advance(hours=7)
    await network.settle()
    network.advance(hours=7)
    await network.settle()

    there = await where(bo, room)
    assert there.uri.startswith("https://beta.test/c/")
    assert await where(gi, room) == there
    assert await gi.state_in(there) == await bo.state_in(there) == "joined"
    await gi.say(there, "all here")
    await network.settle()
    assert await bo.texts(there) == ["all here"]


async def test_conformance_98_a_planned_move_needs_no_new_consent(network: Network):
    _, (al, bo, gi), room = await club(network)
    await al.give_role(bo, "admin", room)
    await network.settle()

    await bo.must("POST", f"/conversations/{(await bo.see(room))['id']}/move")
    await network.settle()

    there = await where(gi, room)
    assert there.uri.startswith("https://beta.test/c/")
    expected = {al.acct: "admin", bo.acct: "admin", gi.acct: "member"}
    for person in (al, bo, gi):
        assert await person.state_in(room) == "closed"
        assert await person.roles(there) == expected
    assert len(sent(network.tape, "Move", by="alpha.test")) == 2
    await al.say(there, "a nicer place")
    await network.settle()
    assert await gi.texts(there) == await bo.texts(there) == ["a nicer place"]


async def test_a_member_moves_no_group(network: Network):
    _, (_, bo, gi), room = await club(network)
    path = f"/conversations/{(await bo.see(room))['id']}/move"

    assert (await bo.ask("POST", path))[0] == 403
    await network.settle()

    assert (await gi.see(room))["moved_to"] is None
    assert sent(network.tape, "Move") == []


async def test_who_left_is_not_carried_along(network: Network):
    (_, beta, gamma), (_, bo, gi), room = await club(network, "bo@beta.test")
    network.cut("alpha.test")
    await gi.leave(room)
    await network.settle()

    await days_pass(network, 16, beta, gamma)

    there = await where(bo, room)
    assert gi.acct not in await bo.roles(there)
