"""What is here of a server that is kept out stays until it is purged, and then is gone for good."""

import pytest

from federation.commands import purge
from federation.commands.deeds import MACHINE
from federation.commands.purge import Purged
from federation.protocol.verdict import Refused
from storage.purging import Amount
from tests.network.stories import together
from tests.network.test_rules import rule
from tests.network.test_stored_rules import add, block, revert
from tests.support.live_node import LiveNode
from tests.support.network import Network

pytestmark = pytest.mark.network

UNDO = '[policy.undo]\ngrace = "10d"\npurge = "{purge}"\n'


async def purged(
    node: LiveNode, domain: str = "beta.test", *, insists: bool = False
) -> Purged | Refused:
    policy = node.node.parts.policy.rules().chain.policy
    done = purge.purge(domain, policy, node.clock.now(), MACHINE, insists=insists)
    return await node.inside(done)


async def test_a_purge_takes_what_came_from_there_and_leaves_the_rest(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    await bo.arrive()
    direct = await al.write_to(bo.acct, "from here")
    await network.settle()
    await bo.say(direct, "from there")
    await al.follow(bo.acct)
    here, there = await together(network, al, bo, gi), await together(network, bo, al, gi)
    for person in (bo, gi):
        await person.say(here, f"{person.name} in ours")
        await person.say(there, f"{person.name} in theirs")
    await network.settle()
    await add(alpha, block("beta.test"))
    await network.settle()
    events = await alpha.rows("SELECT max(id) AS id FROM event")

    done = await purged(alpha, insists=True)

    assert isinstance(done, Purged)
    assert (done.hosts, done.amount) == (("beta.test",), Amount(2, 1, 0))
    assert [one["text"] for one in await al.messages(direct) if not one["deleted"]] == ["from here"]
    assert "gi in theirs" in await al.texts(there)
    assert "bo in theirs" not in await al.texts(there)
    assert "bo in ours" in await al.texts(here)
    assert await al.follows() == []
    told = await alpha.rows(
        "SELECT type FROM event WHERE account_uri = $1 AND id > $2", al.uri, events[0]["id"]
    )
    assert [one["type"] for one in told] == ["message.deleted"] * 2
    (noted,) = await alpha.rows("SELECT about, detail FROM audit WHERE act = 'domain.purged'")
    assert noted["about"] == "beta.test"
    assert await purged(alpha, insists=True) == purge.IS_DONE


async def test_what_was_purged_does_not_come_back_with_the_end_of_the_rule(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await bo.arrive()
    direct = await al.write_to(bo.acct, "from here")
    await network.settle()
    await bo.say(direct, "from there")
    await network.settle()
    await add(alpha, block("beta.test"))
    await purged(alpha, insists=True)

    await revert(alpha)
    await bo.say(direct, "and again")
    network.advance(hours=1)
    await network.settle()

    texts = [one["text"] for one in await al.messages(direct) if not one["deleted"]]
    assert texts == ["from here", "and again"]


async def test_what_is_not_kept_out_or_not_for_long_enough_is_not_purged(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await bo.arrive()
    room = await al.write_to(bo.acct, "first")
    await network.settle()
    await bo.say(room, "second")
    await network.settle()

    assert await purged(alpha) == purge.NOT_KEPT_OUT
    await alpha.rules(UNDO.format(purge="manual") + rule("beta.test"))
    early = await purged(alpha)
    network.advance(days=9, hours=23)
    still_early = await purged(alpha)
    await alpha.tidy()

    assert isinstance(early, Refused)
    assert "undo.grace ends" in early.reason
    assert early == still_early
    assert await al.texts(room) == ["first", "second"]
    network.advance(hours=1)
    await alpha.tidy()
    assert await al.texts(room) == ["first", "second"]
    assert isinstance(await purged(alpha), Purged)


async def test_it_happens_by_itself_after_the_grace_where_it_is_set_so(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await bo.arrive()
    room = await al.write_to(bo.acct, "first")
    await network.settle()
    await bo.say(room, "second")
    await network.settle()
    await alpha.rules(UNDO.format(purge="after-grace") + rule("beta.test"))

    # Taken back and made anew, the time begins again.
    network.advance(days=9)
    await alpha.rules(UNDO.format(purge="after-grace"))
    await alpha.rules(UNDO.format(purge="after-grace") + rule("beta.test"))
    network.advance(days=9)
    await alpha.tidy()
    assert await al.texts(room) == ["first", "second"]

    network.advance(days=1)
    await alpha.tidy()
    assert [one["text"] for one in await al.messages(room) if not one["deleted"]] == ["first"]
    (noted,) = await alpha.rows("SELECT face FROM audit WHERE act = 'domain.purged'")
    assert noted["face"] == "system"
