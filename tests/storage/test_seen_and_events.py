"""Claims are given once, and a reader of events never misses one."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from storage import events, seen
from storage.database import insert_many, transaction
from storage.events import NewEvent
from storage.seen import Triple

pytestmark = pytest.mark.usefixtures("database")

NOW = datetime(2026, 9, 3, 12, 5, tzinfo=UTC)
DAY = timedelta(days=1)
AL = Triple("https://b/u/bo", "https://b/a/1", "https://a/u/al")
NOBODY = Triple("https://b/u/bo", "https://b/a/1", "")


async def claim(*triples: Triple, now: datetime = NOW) -> dict[Triple, int]:
    async with transaction():
        return dict(await seen.claim(dict.fromkeys(triples, "hash"), now))


async def test_a_triple_is_claimed_once():
    assert set(await claim(AL, NOBODY)) == {AL, NOBODY}
    assert await claim(AL) == {}


async def test_the_first_recipient_does_not_hide_the_second():
    await claim(AL)
    other = AL._replace(recipient="https://a/u/an")

    assert set(await claim(AL, other)) == {other}


async def test_concurrent_claims_are_given_to_one():
    answers = await asyncio.gather(*(claim(AL, NOBODY) for _ in range(4)))

    assert sorted(len(answer) for answer in answers) == [0, 0, 0, 2]


async def test_what_is_given_back_can_be_claimed_again():
    claims = await claim(AL, NOBODY)

    async with transaction():
        await seen.give_back([claims[AL]])
        await seen.give_back([])

    assert set(await claim(AL, NOBODY)) == {AL}


async def test_old_claims_are_reaped_unless_their_message_is_here():
    kept = AL._replace(activity_id="https://b/a/2")
    await claim(AL, kept)
    columns = {
        "id": "01J", "uri": "https://b/n/2", "conversation_id": "", "author_uri": AL.actor_uri,
        "activity_id": kept.activity_id, "type": "Note", "published_at": 0, "t": 0,
        "arrived_at": 0, "media_type": "text/html", "provenance": "verified",
    }  # fmt: skip
    await insert_many("message", tuple(columns), [tuple(columns.values())])

    await seen.reap(NOW)
    assert await claim(AL, kept) == {}
    await seen.reap(NOW + DAY)
    assert set(await claim(AL, kept)) == {AL}


def event(name: str, *, at: datetime = NOW, account: str = "https://a/u/al") -> NewEvent:
    return NewEvent(account, name, at, conversation_id="C", message_id="M", data='{"a": 1}')


async def append(*new: NewEvent) -> None:
    async with transaction():
        await events.append(new)


async def test_events_are_read_in_the_order_they_were_told():
    await append(event("one"), event("two"))
    await append()
    await append(event("three", account="https://a/u/an"))

    everything = await events.read_after(0, limit=10)
    mine = await events.read_for("https://a/u/al", everything[0].id, limit=10)

    assert [told.type for told in everything] == ["one", "two", "three"]
    assert [told.type for told in mine] == ["two"]
    assert mine[0].created_at == NOW
    assert mine[0].data == '{"a": 1}'
    assert await events.get_newest_id() == everything[-1].id


async def test_without_events_the_newest_id_is_zero():
    assert await events.get_newest_id() == 0
    assert await events.read_after(0, limit=1) == []


async def test_ids_become_visible_in_their_order():
    """A reader polls while writers commit; what it has passed never gets a new event."""

    async def write(name: str) -> None:
        for number in range(5):
            await append(event(f"{name}{number}"))

    async def read() -> list[int]:
        ids: list[int] = []
        while len(ids) < 20:
            ids += [told.id for told in await events.read_after(max(ids, default=0), limit=50)]
        return ids

    ids, *_ = await asyncio.gather(read(), *(write(name) for name in "abcd"))

    assert ids == sorted(ids)
    assert [told.id for told in await events.read_after(0, limit=50)] == ids


async def test_old_events_are_reaped_and_ids_go_on():
    await append(event("old", at=NOW - DAY), event("new"))
    newest = await events.get_newest_id()

    assert await events.reap(NOW) == 1
    assert await events.reap(NOW + DAY) == 1
    await append(event("later"))

    assert await events.get_newest_id() > newest
