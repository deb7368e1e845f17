"""A clock that is put right makes nothing wait longer or shorter than it should."""

from datetime import UTC, datetime, timedelta

import pytest

from federation.outbound.outcome import Reason
from federation.upkeep.clock import ClockWatch
from tests.network.stories import sent, together
from tests.support.gate import Exchange
from tests.support.live_node import LiveNode
from tests.support.network import Network
from tests.support.person import Room

pytestmark = pytest.mark.network

BAD_REQUEST = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"
UNAUTHORIZED = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"
HOUR = timedelta(hours=1)


async def lanes(node: LiveNode) -> list[int]:
    """In how many seconds each lane is due by the node's clock."""
    now_ms = node.clock.now().timestamp() * 1000
    rows = await node.rows("SELECT due_at FROM peer WHERE due_at IS NOT NULL ORDER BY host")
    return [round((row["due_at"] - now_ms) / 1000) for row in rows]


def watched(node: LiveNode) -> ClockWatch:
    watch = ClockWatch(node.clock.monotonic)
    watch.step(node.clock.now())
    return watch


async def said(network: Network) -> tuple[LiveNode, LiveNode, Room]:
    alpha, beta = await network.start("alpha.test", "beta.test")
    room = await together(network, alpha.person("al"), beta.person("bo"))
    return alpha, beta, room


def creates(exchange: Exchange) -> bool:
    return exchange.host == "beta.test" and exchange.type == "Create"


@pytest.mark.parametrize("hours", [-2, 2])
async def test_a_host_that_backs_off_waits_as_long_as_before(network: Network, hours: int):
    alpha, beta, room = await said(network)
    await beta.stop()
    await alpha.person("al").say(room, "hello")
    await network.settle()
    watch, before = watched(alpha), await lanes(alpha)

    network.clock.put(hours=hours)
    await alpha.inside(watch.look(network.clock.now()))

    assert before[0] > 0
    assert await lanes(alpha) == before


async def test_a_second_process_that_sees_the_same_step_moves_nothing_twice(network: Network):
    alpha, beta, room = await said(network)
    await beta.stop()
    await alpha.person("al").say(room, "hello")
    await network.settle()
    watches, before = [watched(alpha), watched(alpha)], await lanes(alpha)

    network.clock.put(hours=2)
    for watch in watches:
        await alpha.inside(watch.look(network.clock.now()))
        network.advance(seconds=1)

    assert await lanes(alpha) == [due - 2 for due in before]


@pytest.mark.parametrize("answer", [BAD_REQUEST, UNAUTHORIZED])
async def test_what_was_turned_away_for_the_clock_is_tried_when_it_is_right(
    network: Network, answer: bytes
):
    alpha, _, room = await said(network)
    with network.fail(creates, answer):
        await alpha.person("al").say(room, "hello")
        await network.settle()
    watch = watched(alpha)
    (row,) = await alpha.rows("SELECT reason FROM delivery WHERE state = 'pending'")
    assert row["reason"] in {Reason.NOT_ACCEPTED.value, Reason.SIGNATURE.value}

    before = len(sent(network.tape, "Create", to="beta.test"))
    network.clock.put(minutes=30)
    await network.settle()
    assert len(sent(network.tape, "Create", to="beta.test")) == before
    await alpha.inside(watch.look(network.clock.now()))
    await network.settle()

    assert len(sent(network.tape, "Create", to="beta.test")) == before + 1
    assert await alpha.rows("SELECT id FROM delivery WHERE state <> 'delivered'") == []


async def test_a_stamp_that_is_ahead_is_not_sent_before_its_time(network: Network):
    alpha, _, room = await said(network)
    with network.fail(creates, BAD_REQUEST):
        await alpha.person("al").say(room, "from the future")
        await network.settle()
    watch = watched(alpha)

    network.clock.put(hours=-2)
    await alpha.inside(watch.look(network.clock.now()))
    before = len(sent(network.tape, "Create", to="beta.test"))
    await network.settle()

    assert len(sent(network.tape, "Create", to="beta.test")) == before
    network.advance(hours=2)
    await network.settle()
    assert len(sent(network.tape, "Create", to="beta.test")) == before + 1


async def test_a_clock_that_was_put_back_while_the_node_was_off_is_noticed(network: Network):
    alpha, beta, room = await said(network)
    await beta.stop()
    await alpha.person("al").say(room, "hello")
    await network.settle()
    await alpha.inside(watched(alpha).look(network.clock.now()))
    before = await lanes(alpha)
    await alpha.stop()

    network.clock.put(hours=-2)
    await alpha.start()
    await alpha.inside(ClockWatch(network.clock.monotonic).begin(network.clock.now()))

    assert await lanes(alpha) == before


def test_less_than_a_minute_is_no_step():
    watch, at = ClockWatch(lambda: 100.0), datetime(2026, 9, 3, tzinfo=UTC)

    assert watch.step(at) is None
    assert watch.step(at + timedelta(seconds=60)) is None
    assert watch.step(at + timedelta(seconds=121)) == timedelta(seconds=61)
    assert watch.step(at) == -timedelta(seconds=121)
