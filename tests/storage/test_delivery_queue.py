"""The delivery queue keeps order, loses nothing to a crash, and lets nothing block the rest."""

import asyncio
from dataclasses import replace

import pytest

from storage import database, delivery_queue
from storage.changes.lanes import LaneHealth
from storage.delivery_claims import inboxes_of
from storage.delivery_queue import Settled, Take, Turn, turn
from storage.group_commit import GroupCommit
from tests.support.owed import (
    BOB,
    NOW,
    SECOND,
    ids,
    lane_due_at,
    owe,
    person,
    settle,
    states,
    take,
    taken,
)

pytestmark = pytest.mark.usefixtures("database")


# ---------------------------------------------------------------- what may begin


async def test_rows_of_a_conversation_begin_one_by_one_at_an_unaware_host():
    for row_id in ("1", "2", "3"):
        await owe(row_id, conversation_id="c")

    first = await taken("t")
    second = await settle(first)
    third = await settle(second)

    assert [ids(lane.rows) for lane in (first, second, third)] == [["1"], ["2"], ["3"]]


async def test_rows_of_a_conversation_begin_together_at_an_aware_host():
    for row_id in ("2", "1", "3"):
        await owe(row_id, conversation_id="c", aware=True)

    lane = await taken("t", wanted=2)

    assert ids(lane.rows) == ["1", "2"]


async def test_conversations_do_not_wait_for_each_other():
    await owe("1", conversation_id="a")
    await owe("2", conversation_id="a")
    await owe("3", conversation_id="b")

    lane = await taken("t")

    assert ids(lane.rows) == ["1", "3"]


async def test_a_long_backlog_of_one_conversation_does_not_hide_the_others():
    for number in range(40):
        await owe(f"a{number:02}", conversation_id="a")
    await owe("b", conversation_id="b")

    lane = await taken("t")

    assert ids(lane.rows) == ["a00", "b"]


async def test_rows_outside_conversations_keep_their_order_per_target():
    for row_id, target in (("1", "x"), ("2", "x"), ("3", "y")):
        await owe(row_id, target=f"https://{BOB}/u/{target}", aware=True)

    lane = await taken("t")

    assert ids(lane.rows) == ["1", "3"]


async def test_rows_about_one_object_never_travel_together():
    await owe("1", conversation_id="c", object_uri="note", aware=True)
    await owe("2", conversation_id="c", object_uri="note", aware=True)
    await owe("3", conversation_id="c", object_uri="other", aware=True)

    lane = await taken("t")

    assert ids(lane.rows) == ["1", "3"]


async def test_a_row_set_aside_takes_later_rows_about_its_object_with_it():
    await owe("1", conversation_id="c", object_uri="note")
    await owe("2", conversation_id="c", object_uri="note")
    await owe("3", conversation_id="c", object_uri="other")
    first = await taken("t")

    following = await settle(first, "pending", due_at=NOW + 60 * SECOND)

    assert ids(following.rows) == ["3"]
    assert ids((await settle(following)).rows) == []
    assert await lane_due_at() == NOW + 60 * SECOND


async def test_a_row_that_comes_after_its_object_was_set_aside_waits_too():
    await owe("1", conversation_id="c", object_uri="note")
    await settle(await taken("t"), "pending", due_at=NOW + 60 * SECOND)
    await owe("2", conversation_id="c", object_uri="note")

    lane = await taken("u")

    assert lane.rows == ()
    assert await lane_due_at() == NOW + 60 * SECOND
    assert ids((await taken("v", at=NOW + 60 * SECOND)).rows) == ["1"]


async def test_a_parked_row_blocks_nothing():
    await owe("1", conversation_id="c", object_uri="note")
    await owe("2", conversation_id="c", object_uri="note")

    following = await settle(await taken("t"), "parked")

    assert ids(following.rows) == ["2"]
    assert await states() == {"1": "parked", "2": "sending"}


async def test_a_cancelled_row_does_not_begin():
    await owe("1", conversation_id="c")
    await database.run("UPDATE delivery SET state = 'cancelled'")

    lane = await taken("t")

    assert lane.rows == ()
    assert await lane_due_at() is None


# ---------------------------------------------------------------- lanes


async def test_a_lane_has_one_holder():
    await owe("1")

    lanes = await turn([Take("t", NOW, 8), Take("t", NOW, 8)])

    assert [lane is not None for lane in lanes] == [True, False]
    assert await take("u") is None


async def test_concurrent_claims_never_share_a_row():
    for number in range(6):
        await owe(f"{number}", host=f"h{number % 3}.example", conversation_id="c", aware=True)

    lanes = await asyncio.gather(*(take(f"t{number}") for number in range(8)))

    held = [lane for lane in lanes if lane is not None]
    claimed = [row_id for lane in held for row_id in ids(lane.rows)]
    assert sorted(lane.host for lane in held) == ["h0.example", "h1.example", "h2.example"]
    assert sorted(claimed) == ["0", "1", "2", "3", "4", "5"]


async def test_many_lanes_are_served_in_one_turn():
    for host in ("a.example", "b.example", "c.example"):
        await owe(host, host=host)
    first, second = await turn([Take("t", NOW, 8), Take("t", NOW, 8)])

    finished, fresh = await turn(
        [
            Turn(first.host, "t", NOW, first.health, tuple(_delivered(first)), 8),
            Take("u", NOW, 8),
        ]
    )

    assert (first.host, second.host) == ("a.example", "b.example")
    assert finished.host == "a.example"
    assert finished.rows == ()
    assert (fresh.host, fresh.token, ids(fresh.rows)) == ("c.example", "u", ["c.example"])


def _delivered(lane: delivery_queue.Lane) -> list[Settled]:
    return [Settled(row, "delivered", 202, "", 0, row.due_at) for row in lane.rows]


async def test_an_empty_lane_is_given_back_and_is_due_no_more():
    await owe("1")

    following = await settle(await taken("t"))

    assert following.rows == ()
    assert await lane_due_at() is None
    assert await take("u") is None


async def test_a_lane_that_gives_way_is_due_behind_the_others():
    await owe("1", conversation_id="c")
    await owe("2", conversation_id="c")
    await owe("3", host="z.example")
    first = await taken("t")

    await settle(first, at=NOW + SECOND, wanted=0)

    assert (await taken("u", at=NOW + SECOND)).host == "z.example"
    assert ids((await taken("v", at=NOW + SECOND)).rows) == ["2"]


async def test_a_failing_lane_waits_whatever_is_enqueued():
    await owe("1")
    lane = await taken("t")
    due_at = NOW + 30 * SECOND
    down = LaneHealth(is_failing=True, step=1, failing_since=NOW, due_at=due_at, width=1)
    row = lane.rows[0]
    kept = Settled(row, "pending", 0, "", 0, row.due_at)
    await turn([Turn(BOB, "t", NOW, down, (kept,), 0)])

    await owe("2", at=NOW + SECOND)

    assert await take("u", at=due_at - SECOND) is None
    probe = await taken("v", at=due_at)
    assert ids(probe.rows) == ["1"]
    assert probe.health == replace(down, due_at=due_at)


async def test_a_lane_that_waits_for_a_row_set_aside_is_due_for_other_rows_at_once():
    await owe("1")
    await settle(await taken("t"), "pending", due_at=NOW + 3600 * SECOND)

    await owe("2", target="https://bob.example/u/other")

    assert ids((await taken("u")).rows) == ["2"]


# ---------------------------------------------------------------- crashes


async def test_what_a_crashed_holder_had_begun_is_begun_again_when_its_lease_ends():
    await owe("1")
    await taken("t")

    assert await take("u", at=NOW + 59 * SECOND) is None
    lane = await taken("u", at=NOW + 60 * SECOND)

    assert ids(lane.rows) == ["1"]
    assert lane.rows[0].attempts == 2


async def test_a_late_result_is_thrown_away():
    await owe("1")
    late = await taken("t")
    await taken("u", at=NOW + 60 * SECOND)

    answer = await settle(late, at=NOW + 61 * SECOND)

    assert answer is None
    assert await states() == {"1": "sending"}


async def test_a_turn_renews_the_lease():
    await owe("1", conversation_id="c")
    await owe("2", conversation_id="c")

    await settle(await taken("t"), at=NOW + 30 * SECOND)

    assert await take("u", at=NOW + 89 * SECOND) is None
    assert await take("u", at=NOW + 90 * SECOND) is not None


async def test_after_a_restart_everything_in_flight_is_pending():
    await owe("1")
    await taken("t")

    await delivery_queue.recover(NOW)

    assert await states() == {"1": "pending"}
    assert ids((await taken("u")).rows) == ["1"]


async def test_a_row_that_cannot_be_written_does_not_keep_other_lanes_from_settling():
    await owe("1", host="a.example")
    await owe("2", host="b.example")
    good, bad = await turn([Take("t", NOW, 8), Take("t", NOW, 8)])
    commits = GroupCommit(turn)
    poison = Settled(bad.rows[0], "delivered", 2**70, "", 0, NOW)

    answers = asyncio.gather(
        commits.submit(
            Turn(good.host, "t", NOW, good.health, tuple(_delivered(good)), 8),
        ),
        commits.submit(Turn(bad.host, "t", NOW, bad.health, (poison,), 8)),
        return_exceptions=True,
    )
    await asyncio.sleep(0)
    await commits.run_once()
    settled, failed = await answers

    assert settled.rows == ()
    assert isinstance(failed, Exception)
    assert await states() == {"1": "delivered", "2": "sending"}


async def test_a_claim_that_rolls_back_begins_nothing():
    await owe("1")

    with pytest.raises(LookupError):
        await _claim_and_crash()

    assert await states() == {"1": "pending"}
    assert ids((await taken("u")).rows) == ["1"]


async def _claim_and_crash() -> None:
    async with database.transaction():
        await turn([Take("t", NOW, 8)])
        raise LookupError


# ---------------------------------------------------------------- what a claim knows


async def test_a_claim_finds_the_inbox_at_that_moment():
    shared = f"https://{BOB}/inbox"
    bob = await person("bob", shared_inbox=shared)
    await owe("1", target=bob)
    await owe("2", target="shared", recipients=f'["https://{BOB}/u/unknown","{bob}"]')
    await owe("3", target=f"https://{BOB}/u/nobody")

    lane = await taken("t")

    assert [row.inboxes for row in lane.rows] == [(f"{bob}/inbox",), (shared,), ()]


async def test_without_a_shared_inbox_everybodys_own_is_used():
    bob = await person("bob")
    ann = await person("ann")

    inboxes = await inboxes_of("shared", (bob, ann))

    assert sorted(inboxes) == [f"{ann}/inbox", f"{bob}/inbox"]


async def test_a_claim_carries_the_bytes_and_the_count_of_begun_requests():
    await owe("1")
    await owe("2", target="https://bob.example/u/lost")
    await database.run("DELETE FROM activity WHERE id LIKE '%/a/2'")

    first, second = (await taken("t")).rows

    assert first.body.startswith(b'{"id":"https://alpha.example/u/alice/a/1"')
    assert first.attempts == 1
    assert second.body == b""


async def test_a_backlog_is_more_rows_than_the_number():
    for number in range(3):
        await owe(str(number))

    assert await delivery_queue.has_backlog(BOB, above=2)
    assert not await delivery_queue.has_backlog(BOB, above=3)
