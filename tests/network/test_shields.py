"""Protection is raised for some hours, survives a restart, and ends by itself."""

from datetime import timedelta

import pytest

from federation.commands import shields
from federation.commands.deeds import MACHINE
from federation.protocol.verdict import Refused
from tests.network.test_judging import STRANGER, requests, rule, waiting
from tests.support.live_node import LiveNode
from tests.support.network import Network

pytestmark = pytest.mark.network

TEXT = """
[policy.shields]
rules = ["r"]
strangers = { message = "hold" }
"""


async def up(node: LiveNode, length: timedelta) -> None:
    parts = node.node.parts
    raised = await node.inside(
        shields.up(
            parts.policy.written(),
            length,
            "a wave",
            version=parts.entropy.new_id(),
            now=node.clock.now(),
            by=MACHINE,
        )
    )
    assert not isinstance(raised, Refused), raised
    await node.inside(parts.policy.refresh())


async def test_18_shields_end_by_themselves_after_a_restart_in_between(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, dana = alpha.person("al"), network.legacy_peer()
    await al.arrive()
    await alpha.rules(TEXT + rule(STRANGER + 'when.links = "1"', "drop", 'mode = "observe"'))
    await up(alpha, timedelta(hours=6))
    assert alpha.node.parts.policy.shields() is not None
    shown = (await al.must("GET", "/me"))["protection"]
    assert shown["reason"] == "a wave"

    await dana.write_to(al.uri, "hello")
    await dana.write_to(al.uri, '<a href="https://x.example/">x</a>')
    await network.settle()
    assert await requests(alpha, "al") == []
    assert len(await waiting(alpha)) == 1

    await alpha.stop()
    network.advance(hours=5)
    await alpha.start()
    await dana.write_to(al.uri, "five hours later")
    await network.settle()
    assert await requests(alpha, "al") == []
    assert len(await waiting(alpha)) == 2

    network.advance(hours=1)
    await alpha.inside(alpha.node.parts.policy.refresh())
    assert alpha.node.parts.policy.shields() is None
    assert (await al.must("GET", "/me"))["protection"] is None
    await dana.write_to(al.uri, "when it is over")
    await network.settle()
    assert await requests(alpha, "al") == ["when it is over"]
    await alpha.tidy()
    acts = await alpha.rows("SELECT act FROM audit WHERE act LIKE 'shields.%' ORDER BY n")
    assert [one["act"] for one in acts] == ["shields.raised", "shields.ended"]


async def test_lowered_before_it_ends_it_is_over_at_once(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, dana = alpha.person("al"), network.legacy_peer()
    await al.arrive()
    await alpha.rules(TEXT + rule(STRANGER, "drop", 'mode = "off"'))
    await up(alpha, timedelta(hours=6))
    await dana.write_to(al.uri, "hello")
    await network.settle()
    assert await alpha.rows("SELECT id FROM message") == []

    parts = alpha.node.parts
    for expected in (False, True):
        done = await alpha.inside(
            shields.down(version=parts.entropy.new_id(), now=alpha.clock.now(), by=MACHINE)
        )
        assert isinstance(done, Refused) is expected
    await alpha.inside(parts.policy.refresh())
    await dana.write_to(al.uri, "again")
    await network.settle()
    assert await requests(alpha, "al") == ["again"]
