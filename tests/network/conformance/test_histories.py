"""Who comes into a group reads at home what the group lets them read, and nothing older."""

import pytest

from tests.network.stories import join, sent, together
from tests.support.gate import posted
from tests.support.network import Network
from tests.support.person import Person, Room

pytestmark = pytest.mark.network


async def say(network: Network, person: Person, room: Room, *texts: str) -> None:
    for text in texts:
        await person.say(room, text)
        await network.settle()
        network.advance(seconds=1)


async def soon(network: Network) -> None:
    """As long as it takes until a new member's node reads at home."""
    network.advance(seconds=11)
    await network.settle()


@pytest.mark.parametrize(
    ("history", "read"),
    [
        ("joined", ["after the Add"]),
        ("invited", ["after the Invite", "after the Add"]),
        ("shared", ["after the setting", "after the Invite", "after the Add"]),
    ],
)
async def test_conformance_76_a_new_member_reads_from_where_the_group_lets_them(
    network: Network, history: str, read: list[str]
):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await al.start_conversation("tea")
    await al.change(room, settings={"history": "joined"})
    await say(network, al, room, "long ago")
    if history != "joined":
        await al.change(room, settings={"history": history})
    await say(network, al, room, "after the setting")
    await al.invite(bo, room)
    await network.settle()
    await say(network, al, room, "after the Invite")
    await bo.accept(room)
    await network.settle()
    await say(network, al, room, "after the Add")

    await soon(network)

    assert await bo.texts(room) == read


async def test_conformance_76_what_is_set_later_changes_nothing_about_what_was(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await al.start_conversation("tea")
    await al.change(room, settings={"history": "shared"})
    await say(network, al, room, "for everybody")
    await al.change(room, settings={"history": "joined"})
    await say(network, al, room, "for members")
    await join(network, al, bo, room)

    await soon(network)

    assert await bo.texts(room) == ["for everybody"]


async def test_conformance_77_who_returns_reads_nothing_of_the_absence(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    await al.change(room, settings={"history": "joined"})
    await say(network, al, room, "before")
    await bo.leave(room)
    await network.settle()
    await say(network, al, room, "in the absence")
    network.advance(days=8)
    await join(network, al, bo, room)
    await say(network, al, room, "after")

    await soon(network)

    assert await bo.texts(room) == ["before", "after"]


@pytest.mark.parametrize("ending", ["leave", "removal"])
async def test_conformance_77_who_returns_by_a_link_reads_nothing_by_an_old_invitation(
    network: Network, ending: str
):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, ann, bo = alpha.person("al"), alpha.person("ann"), beta.person("bo")
    room = await together(network, al, ann, bo)
    await say(network, al, room, "before")
    for guest in (ann, bo):
        await (guest.leave(room) if ending == "leave" else al.remove(guest, room))
        await network.settle()
    await say(network, al, room, "in the absence")
    link = await al.link_into(room)
    network.advance(seconds=1)
    for guest in (ann, bo):
        await guest.join(link)
        await network.settle()
    await say(network, al, room, "after")

    await soon(network)

    assert await ann.texts(room) == await bo.texts(room) == ["before", "after"]


async def test_what_somebody_said_who_was_gone_when_the_group_was_first_seen_is_shown(
    network: Network,
):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo)
    await gi.join(await al.link_into(room))
    with network.fail(posted(to="gamma.test")):
        await network.settle()
        await say(network, bo, room, "welcome")
        await bo.leave(room)
        await network.settle()

    network.advance(hours=1)
    await network.settle()
    await soon(network)

    assert await gi.state_in(room) == "joined"
    assert await gi.texts(room) == ["welcome"]


async def test_a_reaction_to_what_a_new_member_may_not_read_keeps_nothing_from_them(
    network: Network,
):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await bo.arrive()
    room = await al.start_conversation("tea")
    older = await al.say(room, "before bo")
    network.advance(seconds=1)
    await bo.join(await al.link_into(room))
    await network.settle()
    await al.react(older, "🔥")
    with network.lose(posted("Create", to="beta.test")):
        await say(network, al, room, "lost")
    await say(network, al, room, "came")

    await soon(network)

    assert await bo.texts(room) == ["lost", "came"]
    assert await beta.rows("SELECT kind, reason FROM repair WHERE state = 'pending'") == []
    (log,) = await beta.rows("SELECT complete_to FROM author_log WHERE author_uri = $1", al.uri)
    assert log["complete_to"] == 4


async def test_a_reaction_that_is_read_before_its_message_stands_below_it_in_the_end(
    network: Network,
):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo, gi)
    await soon(network)
    with network.lose(posted("Create", "Like", to="gamma.test")):
        await say(network, bo, room, "liked")
        (liked,) = await al.messages(room)
        await al.react(liked["id"], "🔥")
        await network.settle()
    await say(network, al, room, "said")
    with network.fail(lambda one: one.host == "beta.test" or "/history" in one.target):
        await soon(network)
        assert await gi.texts(room) == ["said"]
    network.advance(hours=7)
    await gamma.ask_others()
    await network.settle()

    assert await gi.texts(room) == ["liked", "said"]
    assert await gi.reactions(room) == [{"🔥": 1}, {}]


async def test_conformance_102_who_was_not_known_to_the_author_finds_it_at_home(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo)
    with network.lose(posted("Add", to="beta.test")):
        await join(network, al, gi, room)

    await say(network, bo, room, "does not know gi")
    await soon(network)

    assert await gi.texts(room) == ["does not know gi"]


async def test_the_second_member_of_a_node_reads_what_they_may(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo, bea = alpha.person("al"), beta.person("bo"), beta.person("bea")
    room = await together(network, al, bo)
    await say(network, al, room, "before bea")
    await al.invite(bea, room)
    await network.settle()
    network.advance(seconds=1)
    await say(network, al, room, "while bea was asked")
    await bea.accept(room)
    await network.settle()
    await soon(network)

    assert await bea.texts(room) == ["while bea was asked"]
    assert await bo.texts(room) == ["before bea", "while bea was asked"]


@pytest.mark.parametrize(
    ("history", "read"),
    [
        ("joined", ["after the Add"]),
        ("invited", ["after the Invite", "after the Add"]),
        ("shared", ["after the setting", "after the Invite", "after the Add"]),
    ],
)
async def test_conformance_76_a_new_member_at_home_reads_what_one_elsewhere_reads(
    network: Network, history: str, read: list[str]
):
    (alpha,) = await network.start("alpha.test")
    al, ann = alpha.person("al"), alpha.person("ann")
    room = await al.start_conversation("tea")
    await al.change(room, settings={"history": "joined"})
    await say(network, al, room, "long ago")
    if history != "joined":
        await al.change(room, settings={"history": history})
    network.advance(seconds=1)
    await say(network, al, room, "after the setting")
    await al.invite(ann, room)
    network.advance(seconds=1)
    await say(network, al, room, "after the Invite")
    await ann.accept(room)
    await say(network, al, room, "after the Add")

    assert await ann.texts(room) == read


async def test_a_message_that_comes_home_after_somebody_there_has_joined_is_theirs(
    network: Network,
):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, ann, bo = alpha.person("al"), alpha.person("ann"), beta.person("bo")
    room = await together(network, al, bo)
    network.cut("alpha.test")
    await say(network, bo, room, "does not know ann")

    await join(network, al, ann, room)
    network.heal("alpha.test")
    network.advance(minutes=1)
    await network.settle()

    assert await ann.texts(room) == ["does not know ann"]


async def test_the_second_member_of_a_node_reads_nothing_of_before_it_was_shared(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo, bea = alpha.person("al"), beta.person("bo"), beta.person("bea")
    room = await together(network, al, bo)
    await al.change(room, settings={"history": "joined"})
    await say(network, al, room, "for members")
    await al.change(room, settings={"history": "shared"})
    await say(network, al, room, "for everybody")
    await join(network, al, bea, room)
    await soon(network)

    assert await bea.texts(room) == ["for everybody"]
    assert await bo.texts(room) == ["for members", "for everybody"]


async def test_the_second_member_of_a_node_reads_what_came_home_after_them(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    bea = beta.person("bea")
    room = await together(network, al, bo, gi)
    network.cut("gamma.test")
    await say(network, gi, room, "does not know bea")
    await bea.join(await al.link_into(room))
    await network.settle()
    await soon(network)

    network.heal("gamma.test")
    network.advance(minutes=1)
    await network.settle()
    network.advance(hours=7)
    await beta.ask_others()
    await network.settle()

    assert await bea.texts(room) == await bo.texts(room) == ["does not know bea"]


async def test_what_comes_home_again_is_not_shown_to_who_has_come_since(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, ann, bo = alpha.person("al"), alpha.person("ann"), beta.person("bo")
    room = await together(network, al, bo)
    await al.change(room, settings={"history": "joined"})
    await network.settle()
    await say(network, bo, room, "before you came")
    (create,) = sent(network.tape, "Create", to="alpha.test")
    await join(network, al, ann, room)

    await network.replay(create)
    await network.settle()

    assert await ann.texts(room) == []


async def test_an_edit_shows_an_old_message_to_nobody_who_came_later(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, ann, bo = alpha.person("al"), alpha.person("ann"), beta.person("bo")
    room = await al.start_conversation("tea")
    await al.change(room, settings={"history": "joined"})
    old = await al.say(room, "before you came")
    network.advance(seconds=1)
    await join(network, al, bo, room)
    await join(network, al, ann, room)

    await al.edit(old, "edited since")
    await say(network, al, room, "welcome")
    await soon(network)
    network.advance(hours=7)
    await beta.ask_others()
    await network.settle()

    assert await bo.texts(room) == await ann.texts(room) == ["welcome"]


async def test_who_stays_reads_nothing_that_home_serves_for_who_has_left(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo, bea = alpha.person("al"), beta.person("bo"), beta.person("bea")
    room = await together(network, al, bo)
    await say(network, al, room, "before bea is asked")
    await join(network, al, bea, room)

    # Home does not hear of it before it is asked for its history.
    with network.fail(posted("Leave", to="alpha.test")):
        await bo.leave(room)
        await soon(network)
    network.advance(hours=1)
    await network.settle()

    assert await bea.texts(room) == []
    assert await bo.texts(room) == ["before bea is asked"]
