"""A node that missed a change of the group reads it from home before it shows what rests on it."""

import pytest

from tests.network.stories import join, sent, together
from tests.support.gate import posted
from tests.support.network import Network

pytestmark = pytest.mark.network


async def test_conformance_63_a_lost_change_is_fetched_before_the_message_is_shown(
    network: Network,
):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo)

    with network.lose(posted("Add", to="beta.test")):
        await join(network, al, gi, room)
    assert await bo.roles(room) == {al.acct: "admin", bo.acct: "member"}
    await gi.say(room, "I am new here")
    await network.settle()

    assert await bo.texts(room) == ["I am new here"]
    assert await bo.roles(room) == await al.roles(room)


async def test_conformance_63_several_lost_changes_are_applied_in_order(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi, gus = (
        alpha.person("al"),
        beta.person("bo"),
        gamma.person("gi"),
        gamma.person("gus"),
    )
    room = await together(network, al, bo)

    with network.lose(posted("Add", "Remove", "Leave", to="beta.test")):
        await join(network, al, gi, room)
        await gi.leave(room)
        await network.settle()
    await join(network, al, gus, room)

    expected = {al.acct: "admin", bo.acct: "member", gus.acct: "member"}
    assert await bo.roles(room) == await al.roles(room) == expected
    links = await beta.rows("SELECT epoch FROM state_link ORDER BY epoch")
    assert [link["epoch"] for link in links][-3:] == [3, 4, 5]


async def test_conformance_63_with_home_down_the_author_of_an_entry_shows_the_change(
    network: Network,
):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo)
    with network.lose(posted("Add", to="beta.test")):
        await join(network, al, gi, room)
    network.cut("alpha.test")

    await gi.say(room, "anybody?")
    await network.settle()

    assert await bo.texts(room) == ["anybody?"]
    assert (await bo.see(room))["epoch"] == 3


async def test_a_gap_waits_while_nobody_can_be_asked(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo)
    with network.lose(posted("Add", to="beta.test")):
        await join(network, al, gi, room)
    network.cut("alpha.test")

    with network.fail(lambda one: "?state=" in one.target):
        await gi.say(room, "anybody?")
        await network.settle()
    assert await bo.texts(room) == []
    network.heal("alpha.test")
    network.advance(hours=1)
    await network.settle()

    assert await bo.texts(room) == ["anybody?"]


async def test_nobody_fetches_anything_while_all_arrives(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    network.tape.clear()

    await al.say(room, "one")
    await network.settle()
    await bo.say(room, "two")
    await network.settle()

    assert [one.method for one in network.tape] == ["POST", "POST"]
    assert len(sent(network.tape, "Create")) == 2


async def test_who_is_removed_right_after_another_change_hears_of_it(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo, gi)
    said = await gi.say(room, "still here")
    await network.settle()

    await al.ban(bo, room)
    await al.remove(gi, room)
    await network.settle()

    assert await gi.state_in(room) == "removed"
    assert await bo.state_in(room) == "banned"
    status, _ = await gi.ask("PATCH", f"/messages/{said}", {"text": "and here"})
    assert status == 403
    assert await gi.texts(room) == ["still here"]


async def test_a_group_that_is_closed_right_after_a_change_is_closed_everywhere(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)

    await al.rename(room, "coffee")
    await al.close(room)
    await network.settle()

    assert await bo.state_in(room) == await al.state_in(room) == "closed"


async def test_who_is_removed_after_a_gap_and_invited_again_is_a_member(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    await al.rename(room, "coffee")
    await al.remove(bo, room)
    await network.settle()

    await join(network, al, bo, room)
    await al.say(room, "back again")
    await network.settle()

    assert await bo.texts(room) == ["back again"]
    assert await bo.roles(room) == await al.roles(room)
    assert (await bo.see(room))["epoch"] == (await al.see(room))["epoch"]
