"""A host's row says when to look at its lane again, and goes when the host is forgotten."""

from datetime import timedelta

import pytest

from storage import database, peers
from storage.changes.lanes import LaneHealth
from storage.delivery_queue import Settled, Turn, turn
from storage.times import to_ms
from tests.support.owed import BOB, NOW, SECOND, lane_due_at, owe, settle, take, taken

pytestmark = pytest.mark.usefixtures("database")
DAY = timedelta(days=1)


async def fail(until_s: int) -> None:
    """Bob's host fails and backs off."""
    lane = await taken("failing")
    kept = tuple(Settled(row, "pending", 0, "", 0, row.due_at) for row in lane.rows)
    down = LaneHealth(
        is_failing=True, step=1, failing_since=NOW, due_at=NOW + until_s * SECOND, width=1
    )
    await turn([Turn(lane.host, lane.token, NOW, down, kept, 0)])


async def test_contact_makes_a_failing_lane_due_at_most_once_a_minute():
    await owe("1")
    await fail(3600)

    woken = [await peers.heard([BOB, "x.example"], NOW + SECOND)]
    await database.run("UPDATE peer SET due_at = $1", to_ms(NOW + 3600 * SECOND))
    woken += [await peers.heard([BOB], NOW + s * SECOND) for s in (30, 60, 61)]

    assert woken == [{BOB}, set(), set(), {BOB}]
    assert await lane_due_at() == NOW + 61 * SECOND


async def test_contact_does_not_touch_a_lane_that_is_well():
    await owe("1")

    assert await peers.heard([BOB], NOW + SECOND) == set()
    assert await lane_due_at() == NOW


async def test_health_survives_the_lease():
    await owe("1")
    await fail(10)

    lane = await taken("t", at=NOW + 10 * SECOND)

    assert lane.health == LaneHealth(
        is_failing=True, step=1, failing_since=NOW, due_at=NOW + 10 * SECOND, width=1
    )


async def test_a_failing_lane_without_rows_is_open_for_the_next_one_and_keeps_its_step():
    await owe("1")
    await fail(10)
    await database.run("UPDATE delivery SET state = 'cancelled'")
    await taken("t", at=NOW + 10 * SECOND)
    await owe("2", at=NOW + 20 * SECOND)

    lane = await taken("u", at=NOW + 20 * SECOND)

    assert not lane.health.is_failing
    assert (lane.health.step, lane.health.failing_since, lane.health.width) == (1, NOW, 1)


async def test_the_next_due_time_is_that_of_the_first_free_lane():
    assert await peers.find_next_due() is None
    await owe("1", host="a.example", at=NOW + SECOND)
    await owe("2", host="b.example", at=NOW + 2 * SECOND)
    await taken("t", at=NOW + SECOND)

    assert await peers.find_next_due() == NOW + 2 * SECOND


async def test_others_wait_while_a_due_lane_has_no_holder():
    await owe("1", host="a.example")
    await owe("2", host="b.example")

    waiting = [await peers.is_any_waiting(NOW)]
    await taken("t")
    waiting.append(await peers.is_any_waiting(NOW))
    await taken("u")
    waiting.append(await peers.is_any_waiting(NOW))

    assert waiting == [True, True, False]


async def test_few_due_lanes_begin_at_once():
    await owe("1")

    due = await peers.spread(NOW, lambda: 0.5)

    assert due == 1
    assert await lane_due_at() == NOW


async def test_many_due_lanes_are_spread_over_a_minute():
    rows = [(f"h{number}.example", to_ms(NOW)) for number in range(101)]
    async with database.transaction():
        await database.insert_many("peer", ("host", "due_at"), rows)
    parts = iter(range(101))

    await peers.spread(NOW, lambda: next(parts) / 101)

    assert await take("t", at=NOW - SECOND) is None
    times = await database.fetch("SELECT MIN(due_at) AS a, MAX(due_at) AS z FROM peer")
    assert times[0]["a"] == to_ms(NOW)
    assert to_ms(NOW + 59 * SECOND) < times[0]["z"] < to_ms(NOW + 60 * SECOND)


async def test_a_host_without_rows_and_contact_is_forgotten():
    await owe("1", host="idle.example")
    await settle(await taken("t"))
    await database.run("UPDATE peer SET last_ok_at = $1", to_ms(NOW))
    await owe("2", host="owed.example")

    early = await peers.reap(NOW - DAY)
    late = await peers.reap(NOW + DAY)

    left = await database.fetch("SELECT host FROM peer")
    assert (early, late) == (0, 1)
    assert [row["host"] for row in left] == ["owed.example"]


async def test_above_the_most_the_idlest_hosts_are_forgotten():
    rows = [(f"h{number}", None, to_ms(NOW) + number) for number in range(5)]
    rows.append(("owed", 1, None))
    async with database.transaction():
        await database.insert_many("peer", ("host", "due_at", "last_ok_at"), rows)

    await peers.reap(NOW - DAY, most=3)

    left = await database.fetch("SELECT host FROM peer ORDER BY host")
    assert [row["host"] for row in left] == ["h3", "h4", "owed"]
