"""Who runs a node sets deliveries going again or ends them; what has ended otherwise stays."""

import pytest

from storage import database, delivery_orders, inbox_aside, owed_hosts, peer_lists
from storage.changes.lanes import LaneHealth
from storage.delivery_queue import Settled, Turn, turn
from storage.times import to_ms
from tests.support.owed import (
    BOB,
    NOW,
    SECOND,
    account,
    lane_due_at,
    owe,
    settle,
    states,
    take,
    taken,
)

pytestmark = pytest.mark.usefixtures("database")
LATER = NOW + 60 * SECOND


async def fail(host_error: str = "it is away") -> None:
    """The lane that is due the longest backs off for an hour with its rows."""
    lane = await taken("t")
    rows = tuple(Settled(row, "pending", 0, "", 0, NOW) for row in lane.rows)
    due_at = NOW + 3600 * SECOND
    down = LaneHealth(
        is_failing=True, step=3, due_at=due_at, failing_since=NOW, width=1, last_error=host_error
    )
    await turn([Turn(lane.host, "t", NOW, down, rows, 0)])


async def reasons() -> list[str]:
    return [row["reason"] for row in await database.fetch("SELECT reason FROM delivery")]


async def told() -> list[str]:
    return [row["data"] for row in await database.fetch("SELECT data FROM event ORDER BY id")]


async def test_a_host_that_backs_off_is_tried_at_once_and_keeps_its_step() -> None:
    await owe("1")
    await fail()

    assert await delivery_orders.retry(host=BOB, at=LATER) == 1

    assert await lane_due_at() == LATER
    lane = await taken("u", at=LATER)
    assert [row.id for row in lane.rows] == ["1"]
    assert (lane.health.step, lane.health.is_failing) == (3, True)


async def test_a_parked_row_is_tried_again_as_if_never_tried_and_its_author_is_told() -> None:
    await account()
    await owe("1", message_id="m")
    await settle(await taken("t"), "parked")

    assert await delivery_orders.retry(every_parked=True, at=LATER) == 1

    (row,) = (await taken("u", at=LATER)).rows
    assert (row.id, row.tries, row.reason) == ("1", 0, "")
    assert '"state":"waiting"' in (await told())[-1]


async def test_a_row_set_aside_for_hours_is_due_by_its_id() -> None:
    await owe("1")
    await settle(await taken("t"), "pending", due_at=NOW + 3600 * SECOND)
    assert await take("u", at=LATER) is None

    assert await delivery_orders.retry(["1"], at=LATER) == 1

    assert [row.id for row in (await taken("u", at=LATER)).rows] == ["1"]


@pytest.mark.parametrize("state", ["delivered", "refused"])
async def test_what_has_ended_is_neither_retried_nor_dropped(state: str) -> None:
    await owe("1")
    await settle(await taken("t"), state)

    assert await delivery_orders.retry(["1"], host=BOB, at=LATER) == 0
    assert await delivery_orders.drop(["1"], host=BOB, at=LATER) == 0
    assert await states() == {"1": state}


async def test_a_cancelled_row_is_never_revived() -> None:
    await owe("1")
    await database.run("UPDATE delivery SET state = 'cancelled'")

    assert await delivery_orders.retry(["1"], host=BOB, every_parked=True, at=LATER) == 0
    assert await states() == {"1": "cancelled"}


async def test_what_is_on_its_way_is_left_to_its_lane() -> None:
    await owe("1")
    await taken("t")

    assert await delivery_orders.retry(host=BOB, at=LATER) == 0
    assert await delivery_orders.drop(host=BOB, at=LATER) == 0
    assert await states() == {"1": "sending"}


async def test_a_parked_row_of_a_deleted_account_does_not_go_out_by_a_retry() -> None:
    await account()
    await owe("1", message_id="m")
    await settle(await taken("t"), "parked")
    await account("deleted")

    await delivery_orders.retry(["1"], at=LATER)

    assert await states() == {"1": "cancelled"}


async def test_a_dropped_message_is_refused_where_its_author_sees_it() -> None:
    await owe("1", message_id="m")
    await owe("2")
    await owe("3", host="c.example")

    assert await delivery_orders.count(host=BOB) == 2
    assert await delivery_orders.drop(host=BOB, at=LATER) == 2

    assert await states() == {"1": "refused", "2": "cancelled", "3": "pending"}
    assert delivery_orders.DROPPED in await reasons()
    (event,) = await told()
    assert '"state":"refused"' in event


async def test_a_host_is_owed_what_waits_and_what_is_parked() -> None:
    await owe("1")
    await settle(await taken("t"), "parked")
    await owe("2", at=NOW + SECOND)
    await owe("3", host="c.example", at=NOW + SECOND)
    await owe("4", host="d.example")
    await database.run("UPDATE delivery SET state = 'delivered' WHERE id = '4'")

    first, second = await owed_hosts.worst()
    peers = await peer_lists.named([BOB, "e.example"])

    assert (first.host, first.waiting, first.parked) == (BOB, 1, 1)
    assert (first.oldest_at, first.due_at) == (NOW, NOW + SECOND)
    assert (second.host, second.waiting, second.parked) == ("c.example", 1, 0)
    assert await owed_hosts.of_hosts(["d.example", BOB]) == {BOB: first}
    assert [one.host for one in await owed_hosts.worst(limit=1)] == [BOB]
    assert list(peers) == [BOB]


async def test_a_parked_inbox_entry_is_replayed_or_given_up() -> None:
    columns = ("id", "actor_uri", "activity_id", "inbox", "body", "state", "reason", "attempts")
    at = to_ms(NOW)
    rows = [
        (f"e{i}", "https://b.test/u/bo", f"https://b.test/a/{i}", "x", b"{}", state, "a bug", 5)
        for i, state in enumerate(("parked", "parked", "parked", "pending"))
    ]
    await database.insert_many(
        "inbox_entry", (*columns, "due_at", "received_at"), [(*row, at, at) for row in rows]
    )

    counted = await inbox_aside.by_state()
    dropped = await inbox_aside.drop(["e0", "e3"])
    one = await inbox_aside.replay(["e1", "e3"], LATER)
    rest = await inbox_aside.replay([], LATER, every=True)

    assert {state: held.number for state, held in counted.items()} == {"parked": 3, "pending": 1}
    assert counted["parked"].oldest_at == NOW
    assert (dropped, one, rest) == (1, 1, 1)
    found = await database.fetch("SELECT id, state, attempts FROM inbox_entry ORDER BY id")
    assert [(r["id"], r["state"], r["attempts"]) for r in found] == [
        ("e1", "pending", 0),
        ("e2", "pending", 0),
        ("e3", "pending", 5),
    ]
