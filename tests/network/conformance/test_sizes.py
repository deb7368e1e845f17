"""Groups at their caps, as home decides and others hear of it (2)."""

import json

import pytest

from federation.groups.state import GroupState
from storage.changes import PutMembership
from storage.database import run, transaction
from storage.write import write
from tests.network.conformance.test_passing import Notices
from tests.network.stories import join_in_words, sent, together
from tests.support.live_node import LiveNode
from tests.support.network import Network
from tests.support.person import Room

pytestmark = pytest.mark.network

GROW = "UPDATE conversation SET state = $2, state_hash = $3 WHERE uri = $1"


async def grow(node: LiveNode, room: Room, number: int) -> None:
    """Let a group have so many members at its home, aware ones whose server is not there."""
    (row,) = await node.rows("SELECT id, state FROM conversation WHERE uri = $1", room.uri)
    state = json.loads(row["state"])
    missing = number - len(state["members"])
    crowd = [f"https://crowd.test/u/c{one}" for one in range(missing)]
    state["members"] |= dict.fromkeys(crowd, "member")
    joined = [
        PutMembership(
            row["id"], person, local=False, role="member", state="joined", at=node.clock.now()
        )
        for person in crowd
    ]

    async def grown() -> None:
        async with transaction():
            await run(GROW, room.uri, json.dumps(state), GroupState.from_json(state).hash)
            await write(joined)

    await node.inside(grown())


async def test_conformance_19_at_fifty_with_an_unaware_member_home_refuses_everybody(
    network: Network,
):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    carol = network.mastodon()
    room = await together(network, al, bo)
    await al.give_role(bo, "moderator", room)
    await join_in_words(network, al, carol, room)
    await grow(alpha, room, 50)

    await bo.invite(gi, room)
    await network.settle()

    (reject,) = sent(network.tape, "Reject", by="alpha.test", to="beta.test")
    assert reject.document["chatNotice"] == "unaware-limit"


async def test_conformance_19_at_fifty_aware_members_home_refuses_an_unaware_person(
    network: Network,
):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo, carol = alpha.person("al"), beta.person("bo"), network.mastodon()
    room = await together(network, al, bo)
    await al.give_role(bo, "moderator", room)
    await network.settle()
    await grow(alpha, room, 50)

    await bo.invite(carol.acct, room)
    await network.settle()
    network.advance(seconds=10)
    await network.settle()

    (reject,) = sent(network.tape, "Reject", by="alpha.test", to="beta.test")
    assert reject.document["chatNotice"] == "unaware-limit"


async def test_conformance_20_at_a_thousand_a_link_lets_nobody_in(network: Network):
    alpha, gamma = await network.start("alpha.test", "gamma.test")
    al, gi = alpha.person("al"), gamma.person("gi")
    room = await al.start_conversation("tea")
    link = await al.link_into(room)
    await grow(alpha, room, 1000)

    await gi.join(link)
    await network.settle()

    (reject,) = sent(network.tape, "Reject", by="alpha.test", to="gamma.test")
    assert reject.document["chatNotice"] == "full"
    assert sent(network.tape, "Add", by="alpha.test") == []


async def test_conformance_85_above_fifty_members_nobody_hears_who_types(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    notices = Notices(network, await network.signer(bo), f"{room.uri}/context")
    live = alpha.node.parts.live

    with live.listening(al.uri, credential="") as listener:
        await grow(alpha, room, 51)
        status = await notices.send()
        heard = list(await listener.take(0))

    assert status == 202
    assert heard == []
