"""Before a rule is made its operator sees whom and what it would reach, and nobody's name."""

import json
from functools import partial

import pytest

from federation.policy.domains import is_below
from federation.queries.policy_preview import Reach, reach_of
from tests.network.stories import together
from tests.network.test_stored_rules import add, block
from tests.support.live_node import LiveNode
from tests.support.network import Network

pytestmark = pytest.mark.network


async def reach(node: LiveNode, domain: str) -> Reach:
    return await node.inside(reach_of(partial(is_below, domain=domain), ["alpha.test"]))


async def test_what_a_rule_would_reach_is_counted(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, ada = alpha.person("al"), alpha.person("ada")
    bo, gus = beta.person("bo"), gamma.person("gus")
    for person in (ada, bo, gus):
        await person.arrive()
    await al.write_to(bo.acct, "hello")
    await network.settle()
    here = await together(network, al, bo)
    await together(network, bo, al)
    await together(network, gus, al)
    network.cut("beta.test")
    await al.say(here, "are you there?")
    await network.settle()

    found = await reach(alpha, "beta.test")
    done = await add(alpha, block("beta.test"), dry_run=True)

    assert (found.hosts, found.contacts, found.in_groups) == (1, 1, 1)
    assert (found.removed, found.leaving) == (1, 1)
    assert (len(done.parted.removed), len(done.parted.leaving)) == (1, 1)
    assert found.deliveries == done.waiting > 0
    assert sorted(group.home for group in found.groups) == ["here", "there"]
    assert [(group.there, group.ours) for group in found.groups] == [(1, 1), (1, 1)]
    assert bo.name not in json.dumps([group.title for group in found.groups])


async def test_nothing_is_reached_where_nobody_is_known(network: Network):
    (alpha,) = await network.start("alpha.test")
    await alpha.person("al").arrive()

    assert await reach(alpha, "test") == Reach(0, 0, 0, 0, 0, 0, 0, 0, 0, ())


async def test_requests_that_wait_are_counted(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, dana = alpha.person("al"), network.legacy_peer()
    await al.arrive()
    await dana.write_to(al.uri, "hello")

    before = await reach(alpha, "gts.test")
    await network.settle()
    after = await reach(alpha, "gts.test")

    assert (before.arrivals, before.requests) == (1, 0)
    assert (after.arrivals, after.requests, after.contacts) == (0, 1, 0)
