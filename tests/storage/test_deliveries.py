"""Operators and authors read from the queue what waits, what came of it, and why."""

from datetime import datetime

import msgspec
import pytest

from storage import database, deliveries, delivery_upkeep
from storage.changes.lanes import LaneHealth
from storage.delivery_queue import Settled, Turn, turn
from tests.support.owed import ALICE, BOB, NOW, SECOND, owe, settle, states, taken

pytestmark = pytest.mark.usefixtures("database")


async def test_the_queue_is_counted_by_state():
    await owe("1")
    await settle(await taken("t"))
    await owe("2", at=NOW + SECOND)
    await owe("3", host="z.example", at=NOW + 2 * SECOND)

    counts = await deliveries.counts()

    assert counts.rows == {"delivered": 1, "pending": 2}
    assert counts.oldest_at == NOW + SECOND
    assert counts.lanes == {"ok": 2}


async def test_an_empty_queue_has_no_oldest_row():
    assert (await deliveries.counts()).oldest_at is None


async def test_a_row_that_waits_for_its_host_shows_the_reason_of_the_host():
    await owe("1", message_id="m", recipients='["https://bob.example/u/bob"]')
    lane = await taken("t")
    kept = Settled(lane.rows[0], "pending", 0, "", 0, NOW)
    down = LaneHealth(is_failing=True, due_at=NOW + 60 * SECOND, width=1, last_error="it is away")
    await turn([Turn(BOB, "t", NOW, down, (kept,), 0)])

    (row,) = await deliveries.listed()
    (outcome,) = await deliveries.of_messages(["m"])

    assert (row.id, row.state, row.reason) == ("1", "pending", "it is away")
    assert row.next_try == row.lane_due_at == NOW + 60 * SECOND
    assert (outcome.state, outcome.reason, outcome.since) == ("waiting", "it is away", NOW)
    assert outcome.recipients == ("https://bob.example/u/bob",)


async def test_a_row_comes_when_both_its_own_time_and_that_of_its_host_have_come():
    await owe("1")
    lane = await taken("t")
    again = Settled(lane.rows[0], "pending", 422, "it is not taken", 1, NOW + 3600 * SECOND)
    well = LaneHealth(is_failing=False, due_at=NOW, width=1)
    await turn([Turn(BOB, "t", NOW, well, (again,), 0)])

    (row,) = await deliveries.listed()

    assert row.next_try == NOW + 3600 * SECOND


@pytest.mark.parametrize("state", ["refused", "parked", "expired"])
async def test_what_has_ended_is_not_tried_next(state: str):
    await owe("1")
    lane = await taken("t")
    over = Settled(lane.rows[0], state, 403, "it is not wanted", 1, NOW)
    down = LaneHealth(is_failing=True, due_at=NOW + 60 * SECOND, width=1, last_error="it is away")
    await turn([Turn(BOB, "t", NOW, down, (over,), 0)])

    (row,) = await deliveries.listed()

    assert (row.state, row.reason, row.next_try) == (state, "it is not wanted", None)


async def test_the_list_leaves_out_what_was_delivered_and_goes_on_after_an_id():
    for row_id in ("1", "2", "3"):
        await owe(row_id, host=f"{row_id}.example")
    await settle(await taken("t"))

    rows = await deliveries.listed(after="2")

    assert [row.id for row in rows] == ["3"]


@pytest.mark.parametrize(
    ("aware", "settled_as", "shown"),
    [
        (True, "delivered", "delivered"),
        (False, "delivered", "sent"),
        (True, "refused", "refused"),
        (True, "parked", "failed"),
    ],
)
async def test_an_author_is_told_what_became_of_a_message(
    settled_as: str, shown: str, *, aware: bool
):
    await owe("1", message_id="m", conversation_id="c", aware=aware)

    await settle(await taken("t"), settled_as)

    (event,) = await database.fetch("SELECT * FROM event")
    (outcome,) = await deliveries.of_messages(["m"])
    assert (event["account_uri"], event["type"], event["message_id"]) == (ALICE, "delivery", "m")
    assert f'"state":"{shown}"' in event["data"]
    assert outcome.state == shown
    said = msgspec.json.decode(event["data"])["since"]
    assert datetime.fromisoformat(said) == outcome.since


async def test_nobody_is_told_of_rows_without_a_message_or_with_another_try():
    await owe("1")
    await settle(await taken("t"))
    await owe("2", message_id="m")
    await settle(await taken("u"), "pending", due_at=NOW + SECOND)

    assert await database.fetch("SELECT * FROM event") == []


async def test_a_cancelled_row_is_left_out_of_a_message():
    await owe("1", message_id="m")
    await database.run("UPDATE delivery SET state = 'cancelled'")

    assert await deliveries.of_messages(["m"]) == []


async def test_what_nobody_took_in_time_expires_and_its_author_is_told():
    await owe("1", message_id="m")
    await owe("2", at=NOW + 2 * SECOND)

    expired = await delivery_upkeep.expire(NOW + SECOND, NOW + 60 * SECOND)

    (outcome,) = await deliveries.of_messages(["m"])
    assert expired == 1
    assert (outcome.state, outcome.reason) == ("failed", delivery_upkeep.EXPIRED)
    assert outcome.since == NOW + 60 * SECOND
    assert await states() == {"1": "expired", "2": "pending"}


async def test_a_row_that_had_an_answer_keeps_its_reason_when_it_expires():
    await owe("1", message_id="m")
    await database.run("UPDATE delivery SET reason = 'refused so far', state = 'parked'")

    await delivery_upkeep.expire(NOW + SECOND, NOW + SECOND)

    (outcome,) = await deliveries.of_messages(["m"])
    assert outcome.reason == "refused so far"


async def test_rows_that_ended_are_forgotten_after_their_time():
    await owe("1")
    await owe("2", host="z.example")
    await settle(await taken("t"))

    early = await delivery_upkeep.reap(NOW)
    late = await delivery_upkeep.reap(NOW + SECOND)

    assert (early, late) == (0, 1)
    assert await states() == {"2": "pending"}
