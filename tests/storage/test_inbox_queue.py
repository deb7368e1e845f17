"""The inbox queue keeps order per author and subject, survives crashes and parks poison."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from storage import inbox_aside, inbox_queue
from storage.database import transaction
from storage.inbox_queue import Entry, Failed, NewEntry, Waits

pytestmark = pytest.mark.usefixtures("database")

NOW = datetime(2026, 9, 3, 12, 5, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def entry(number: int, *, author: str = "https://b.test/u/bo", subject: str = "tea") -> NewEntry:
    return NewEntry(
        id=f"01J{number:023d}",
        actor_uri=author,
        activity_id=f"https://b.test/a/{number}",
        inbox="https://a.test/inbox",
        body=b'{"n": %d, "\xc3\xa4": 1}' % number,
        key_id=f"{author}#main-key",
        signer=author,
        proven=True,
        subject=subject,
        received_at=NOW,
    )


async def accept(*entries: NewEntry) -> int:
    async with transaction():
        return await inbox_queue.accept(entries)


async def settle(**outcomes: list[str] | list[Failed] | list[Waits]) -> None:
    async with transaction():
        await inbox_queue.settle(**outcomes)


def numbers(entries: list[Entry]) -> list[int]:
    return [int(leased.id[3:]) for leased in entries]


async def test_what_is_accepted_is_leased_as_it_came():
    await accept(entry(1))

    (leased,) = await inbox_queue.lease(NOW)

    new = entry(1)
    assert leased == Entry(
        id=new.id,
        actor_uri=new.actor_uri,
        activity_id=new.activity_id,
        inbox=new.inbox,
        body=new.body,
        key_id=new.key_id,
        signer=new.signer,
        proven=True,
        subject="tea",
        attempts=0,
        received_at=NOW,
    )


async def test_a_duplicate_is_reported_and_skipped():
    again = entry(2)
    twice = NewEntry(**{name: getattr(entry(1), name) for name in NewEntry.__slots__} | {"id": "X"})

    assert await accept(entry(1), twice, again) == 2
    assert await accept(entry(1)) == 0
    assert numbers(await inbox_queue.lease(NOW)) == [1, 2]


async def test_the_same_activity_at_another_inbox_is_another_entry():
    personal = {name: getattr(entry(1), name) for name in NewEntry.__slots__}
    personal |= {"id": "01K", "inbox": "https://a.test/u/al/inbox"}

    assert await accept(entry(1), NewEntry(**personal)) == 2


async def test_nothing_is_accepted_twice_by_two_transactions_at_once():
    answers = await asyncio.gather(*(accept(entry(1)) for _ in range(4)))

    assert sorted(answers) == [0, 0, 0, 1]


async def test_a_batch_is_in_order_and_no_larger_than_asked():
    await accept(*(entry(number) for number in (3, 1, 2)))

    assert numbers(await inbox_queue.lease(NOW, limit=2)) == [1, 2]


async def test_what_is_leased_holds_up_later_ones_of_its_author_and_subject():
    await accept(entry(1), entry(2), entry(3, subject="coffee"), entry(4, author="https://c/u/gi"))

    assert numbers(await inbox_queue.lease(NOW, limit=1)) == [1]
    assert numbers(await inbox_queue.lease(NOW)) == [3, 4]
    assert await inbox_queue.lease(NOW) == []


async def test_two_workers_never_share_or_overtake():
    await accept(*(entry(number) for number in range(20)))

    batches = await asyncio.gather(*(inbox_queue.lease(NOW, limit=5) for _ in range(4)))

    assert sorted(len(batch) for batch in batches) == [0, 0, 0, 5]


async def test_done_is_gone():
    await accept(entry(1), entry(2))
    leased = await inbox_queue.lease(NOW)

    await settle(done=[leased[0].id, leased[1].id])

    assert await inbox_queue.lease(NOW + MINUTE * 2) == []
    assert await inbox_queue.find_next_due() is None


async def test_a_rolled_back_settlement_brings_the_entry_back():
    await accept(entry(1))
    (leased,) = await inbox_queue.lease(NOW)

    async def fail() -> None:
        async with transaction():
            await inbox_queue.settle(done=[leased.id])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()

    assert numbers(await inbox_queue.lease(NOW + MINUTE)) == [1]


async def test_a_lease_that_runs_out_counts_as_an_attempt():
    await accept(entry(1))
    await inbox_queue.lease(NOW, lease_s=60)

    assert await inbox_queue.lease(NOW + timedelta(seconds=59)) == []
    (again,) = await inbox_queue.lease(NOW + MINUTE)
    assert again.attempts == 1


async def test_an_entry_that_crashes_the_process_is_parked():
    await accept(entry(1), entry(2))

    for crash in range(5):
        leased = await inbox_queue.lease(NOW + MINUTE * crash, limit=1)
        assert numbers(leased) == [1]

    assert numbers(await inbox_queue.lease(NOW + MINUTE * 5)) == [2]
    assert [parked.id for parked in await inbox_aside.parked()] == [entry(1).id]


async def test_a_process_that_is_killed_again_and_again_parks_no_bystander():
    await accept(*(entry(number) for number in range(1, 4)))

    for _ in range(5):
        await inbox_queue.lease(NOW)
        await inbox_queue.recover()

    assert [parked.id for parked in await inbox_aside.parked()] == [entry(1).id]
    for number in (2, 3):
        (leased,) = await inbox_queue.lease(NOW)
        assert (leased.id, leased.attempts) == (entry(number).id, 1)
        await settle(done=[leased.id])


async def test_what_a_killed_process_had_in_hand_is_due_at_once():
    await accept(entry(1))
    await inbox_queue.lease(NOW)

    await inbox_queue.recover()

    (leased,) = await inbox_queue.lease(NOW)
    assert leased.attempts == 1


async def test_a_failure_waits_for_its_turn_and_holds_up_what_follows():
    await accept(entry(1), entry(2))
    (first, second) = await inbox_queue.lease(NOW)

    await settle(done=[], failed=[Failed(first, "KeyError", NOW + MINUTE)])
    await inbox_queue.give_back([second.id])

    assert await inbox_queue.lease(NOW) == []
    assert await inbox_queue.find_next_due() == NOW
    (retried,) = await inbox_queue.lease(NOW + MINUTE)
    assert (retried.id, retried.attempts) == (first.id, 1)
    assert await inbox_queue.lease(NOW + MINUTE) == []
    await settle(done=[retried.id])
    (following,) = await inbox_queue.lease(NOW + MINUTE)
    assert (following.id, following.attempts) == (second.id, 0)


async def test_the_fifth_failure_parks_and_blocks_nobody():
    await accept(entry(1), entry(2))
    for attempt in range(5):
        (leased,) = await inbox_queue.lease(NOW, limit=1)
        assert leased.attempts == attempt
        await settle(failed=[Failed(leased, "KeyError: x", NOW)])

    (parked,) = await inbox_aside.parked()
    assert (parked.id, parked.attempts, parked.reason) == (entry(1).id, 5, "KeyError: x")
    assert numbers(await inbox_queue.lease(NOW)) == [2]


async def test_a_parked_entry_is_replayed_from_the_start():
    await accept(entry(1))
    for _ in range(5):
        (leased,) = await inbox_queue.lease(NOW)
        await settle(failed=[Failed(leased, "KeyError", NOW)])

    assert await inbox_aside.replay([leased.id], NOW) == 1
    assert await inbox_aside.replay([leased.id], NOW) == 0

    (again,) = await inbox_queue.lease(NOW)
    assert again.attempts == 0


async def test_what_came_too_early_is_due_when_the_missing_thing_arrives():
    await accept(entry(1), entry(2))
    (early, other) = await inbox_queue.lease(NOW)
    await settle(done=[other.id], waits=[Waits(early, "https://n/1", "parent", NOW + MINUTE)])

    assert await inbox_queue.lease(NOW + timedelta(seconds=59)) == []
    assert await inbox_queue.release(["https://n/2"], NOW) == 0
    assert await inbox_queue.release(["https://n/1", "https://n/2"], NOW) == 1
    assert numbers(await inbox_queue.lease(NOW)) == [1]


async def test_what_waits_holds_up_nobody():
    await accept(entry(1))
    (early,) = await inbox_queue.lease(NOW)
    await settle(waits=[Waits(early, "https://n/1", "parent", NOW + MINUTE)])
    await accept(entry(2))

    assert numbers(await inbox_queue.lease(NOW)) == [2]


async def test_waiting_ends_some_day():
    await accept(entry(1))
    (early,) = await inbox_queue.lease(NOW)
    await settle(waits=[Waits(early, "https://n/1", "parent", NOW + MINUTE)])

    assert await inbox_aside.give_up(NOW) == 0
    assert await inbox_aside.give_up(NOW + MINUTE) == 1
    assert await inbox_queue.release(["https://n/1"], NOW) == 0


async def test_the_next_due_time_is_the_earliest_of_entry_and_lease():
    await accept(entry(1), entry(2, subject="coffee"))
    (first, _) = await inbox_queue.lease(NOW, lease_s=60)

    assert await inbox_queue.find_next_due() == NOW + MINUTE
    await settle(failed=[Failed(first, "KeyError", NOW + timedelta(seconds=5))])
    assert await inbox_queue.find_next_due() == NOW + timedelta(seconds=5)
