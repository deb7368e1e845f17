"""State changes that are forged, replayed, out of order or contradict each other change nothing."""

import copy
from typing import Any

import pytest

from federation.groups import chain
from federation.groups.description import Description
from federation.groups.state import GroupState
from federation.protocol import strict_json
from federation.protocol.build import state_change as build
from tests.network.stories import join, sent, together
from tests.support.gate import Exchange, posted
from tests.support.live_node import LiveNode
from tests.support.network import Network
from tests.support.person import Room
from tests.support.signer import encoded

pytestmark = pytest.mark.network


async def state_at(node: LiveNode, room: Room) -> GroupState:
    """The state that a node holds of a group."""
    (row,) = await node.rows("SELECT state FROM conversation WHERE uri = $1", room.uri)
    return GroupState.from_json(strict_json.loads(row["state"].encode()))


def renamed(state: GroupState, name: str, network: Network) -> dict[str, Any]:
    """A fitting Update to another name, as home would make it."""
    new = chain.described(
        state,
        Description(name, state.icon, state.settings, state.successors, state.predecessor),
    )
    group = {
        "id": state.conversation,
        "type": "Group",
        **build.description_terms(new.to_json()),
    }
    return build.update(
        new.to_json(),
        actor=group,
        change_id=f"{state.conversation}/state/{new.epoch}-{name}",
        basis=(),
        published=network.clock.now(),
    )


async def test_conformance_64_of_two_changes_of_one_epoch_the_first_stays(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    home = await network.signer_of(alpha, room.uri)
    before = await state_at(beta, room)
    first, second = (renamed(before, name, network) for name in ("coffee", "cocoa"))

    for change in (first, second):
        assert await home.post("https://beta.test/inbox", home.proven(change)) == 202
        await network.settle()
    third = renamed(await state_at(beta, room), "milk", network)
    await home.post("https://beta.test/inbox", home.proven(third))
    await network.settle()

    seen = await bo.see(room)
    assert (seen["title"], seen["epoch"], seen["disputed"]) == ("coffee", before.epoch + 1, True)
    kept = await beta.rows("SELECT id FROM activity WHERE id = $1", second["id"])
    assert len(kept) == 1
    await bo.say(room, "what is going on?")
    await network.settle()
    assert await bo.texts(room) == ["what is going on?"]


@pytest.mark.parametrize("later", [False, True])
async def test_in_a_disputed_group_one_follows_home(network: Network, *, later: bool):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo)
    await bo.say(room, "before")
    await network.settle()
    home = await network.signer_of(alpha, room.uri)
    before = await state_at(beta, room)
    for name in ("coffee", "cocoa"):
        await home.post("https://beta.test/inbox", home.proven(renamed(before, name, network)))
        await network.settle()
    if later:
        await al.rename(room, "milk")
        await join(network, al, gi, room)
    disputed = await bo.see(room)
    place = f"/conversations/{disputed['id']}/follow_home"
    undisputed, _ = await al.ask("POST", f"/conversations/{(await al.see(room))['id']}/follow_home")

    await bo.must("POST", place)
    await network.settle()

    assert undisputed == 409
    assert (disputed["title"], disputed["disputed"]) == ("coffee", True)
    seen, theirs = await bo.see(room), await al.see(room)
    assert (seen["title"], seen["epoch"], seen["disputed"]) == (
        theirs["title"],
        theirs["epoch"],
        False,
    )
    assert await bo.roles(room) == await al.roles(room)
    await al.rename(room, "water")
    await bo.say(room, "after")
    await network.settle()
    assert (await bo.see(room))["title"] == "water"
    assert await al.texts(room) == await bo.texts(room) == ["before", "after"]


async def test_conformance_65_another_hash_in_a_message_is_no_dispute(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    bo_signs = await network.signer(bo)
    held: list[Exchange] = []
    with network.hold(posted("Create", to="alpha.test"), held):
        await bo.say(room, "as I see it")
        await network.settle()
    said = copy.deepcopy(held[0].document)
    said["chatState"] = "zQmY35ionDXL6WvPzL7HKmjFPbxaFXzhGViw8prfqe2bU3b"

    assert await bo_signs.post("https://alpha.test/inbox", bo_signs.proven(said)) == 202
    await network.settle()

    network.advance(seconds=11)
    await network.settle()

    assert await al.texts(room) == ["as I see it"]
    assert (await al.see(room))["disputed"] is False
    looked = [one for one in network.tape if one.host == "beta.test" and "?state=" in one.target]
    assert [one.status for one in looked] == [200]


async def test_changes_that_are_replayed_in_any_order_count_once(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    held: list[Exchange] = []
    with network.hold(posted("Update", "Add", to="beta.test"), held):
        await al.rename(room, "coffee")
        await al.give_role(bo, "moderator", room)
        await al.rename(room, "cocoa")
        await network.settle()
    assert len(held) == 3

    await network.reorder(held, (2, 0, 1, 2, 1, 0))

    seen, at_home = await bo.see(room), await al.see(room)
    assert (seen["title"], seen["epoch"]) == ("cocoa", at_home["epoch"])
    assert await bo.roles(room) == {al.acct: "admin", bo.acct: "moderator"}
    assert seen["disputed"] is False


@pytest.mark.parametrize("fault", ["another group", "hash", "too old", "no proof", "crowd"])
async def test_conformance_62_a_change_with_a_fault_is_not_applied(network: Network, fault: str):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    other = await together(network, al, title="other")
    home = await network.signer_of(alpha, room.uri)
    stranger = await network.signer_of(alpha, other.uri)
    state = await state_at(beta, room)
    change = renamed(state, "coffee", network)
    bodies = {
        "another group": stranger.proven({**change, "actor": other.uri}),
        "hash": home.proven({**change, "chatState": state.hash}),
        "too old": home.proven({**change, "chatEpoch": state.epoch}),
        "no proof": encoded(change),
        "crowd": home.proven(crowd(state, network)),
    }
    before = await bo.see(room)

    await home.post("https://beta.test/inbox", bodies[fault])
    await network.settle()

    after = await bo.see(room)
    assert (after["title"], after["epoch"]) == (before["title"], before["epoch"])
    assert len(after["members"]) == len(before["members"])


def crowd(state: GroupState, network: Network) -> dict[str, Any]:
    """A Create of an epoch 1 with more people than there can be."""
    members = {f"https://crowd.test/u/p{number}": "member" for number in range(1001)}
    whole = {**state.to_json(), "epoch": 1, "prev": None, "members": members}
    return build.create(
        whole, change_id=f"{state.conversation}/state/1-crowd", published=network.clock.now()
    )


async def test_a_gap_is_closed_before_a_later_change_counts(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo)

    with network.lose(posted("Update", to="beta.test")):
        await al.rename(room, "coffee")
        await network.settle()
    await join(network, al, gi, room)

    assert (await bo.see(room))["title"] == "coffee"
    assert await bo.roles(room) == await al.roles(room)
    assert len(sent(network.tape, "Update", to="beta.test")) == 1
