"""What a process keeps of a conversation is never older than what another has committed."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
import pytest_asyncio

from federation.pipeline.rosters import Kept, Rosters
from storage import actors, conversations, database, logs
from storage import changes as c
from storage.database import transaction
from storage.stamps import new_stamp
from storage.write import write
from tests.support.home_town import ALICE, BOB, FRANK, GROUP_ID, NOW, SPACE, found_town

BOBS, MINE = f"{BOB}/log/1", SPACE.log("alice", "7QK3")


@pytest_asyncio.fixture
async def town(database_url: str) -> str:
    """A database with a group in which bob and alice have written."""
    await elsewhere(database_url, _founded)
    return database_url


async def _founded() -> None:
    await found_town()
    async with transaction():
        await write([c.OpenLog(MINE, GROUP_ID, ALICE, local=True, at=NOW), entry(1)])


async def elsewhere(url: str, work: Callable[[], Awaitable[object]]) -> None:
    """Do something as another process of the same node."""

    async def do() -> None:
        async with database.opened(url):
            await work()

    await asyncio.create_task(do())


def entry(seq: int) -> c.NoteEntry:
    at = NOW + timedelta(seconds=seq)
    return c.NoteEntry(BOBS, GROUP_ID, BOB, local=False, seq=seq, activity_id=f"{BOB}/{seq}", at=at)


def stands(person: str) -> c.PutMembership:
    return c.PutMembership(GROUP_ID, person, local=False, role="", state="left", at=NOW)


async def read(rosters: Rosters) -> Kept:
    async with transaction():
        found = await rosters.of(await conversations.by_id([GROUP_ID], held=True))
    return found[GROUP_ID]


def changed(*changes: c.Change) -> Callable[[], Awaitable[None]]:
    async def change() -> None:
        async with transaction():
            await write(changes)

    return change


WRITTEN = {
    "an entry": changed(entry(2)),
    "a late entry": changed(c.KeepHeld(BOBS, GROUP_ID, BOB, 1, (), 5, NOW, "", None)),
    "a log": changed(c.OpenLog(f"{FRANK}/log/1", GROUP_ID, FRANK, local=False, at=NOW)),
    "the end of a log": changed(c.CloseLog(MINE, GROUP_ID, ALICE, 3)),
    "a question": lambda: logs.asked(BOBS, NOW),
    "a member": changed(stands(BOB)),
    "a span": changed(c.OpenSpan(GROUP_ID, FRANK, 9)),
    "a name": lambda: actors.set_handle(BOB, "bobby", "member.test"),
}


@pytest.mark.parametrize("name", WRITTEN)
async def test_what_another_process_commits_is_seen(town: str, name: str):
    rosters = Rosters()
    async with database.opened(town):
        before = await read(rosters)
        await elsewhere(town, WRITTEN[name])

        after, held = await read(rosters), await read(Rosters())

    assert (after.roster, after.written) == (held.roster, held.written)
    assert (after.roster, after.written) != (before.roster, before.written)


@pytest.mark.parametrize("again", WRITTEN)
async def test_what_was_read_before_it_was_rolled_back_is_not_kept(town: str, again: str):
    rosters = Rosters()

    async def fail() -> None:
        async with transaction():
            await write([entry(2), entry(3), stands(FRANK), c.CloseLog(MINE, GROUP_ID, ALICE, 1)])
            await rosters.of(await conversations.by_id([GROUP_ID], held=True))
            raise ZeroDivisionError

    async with database.opened(town):
        await read(rosters)
        with pytest.raises(ZeroDivisionError):
            await fail()
        at_once, held_then = await read(rosters), await read(Rosters())
        await elsewhere(town, WRITTEN[again])

        after, held = await read(rosters), await read(Rosters())

    assert (at_once.roster, at_once.written) == (held_then.roster, held_then.written)
    assert (after.roster, after.written) == (held.roster, held.written)


MOVE = "UPDATE author_log SET head = head + 1, stamp = $2 WHERE uri = $1"
AN_HOUR = 3600 * 10**9
CLOCKS: dict[str, Callable[[], int]] = {
    "behind": lambda: new_stamp() - AN_HOUR,
    "ahead": lambda: new_stamp() + AN_HOUR,
    # An earlier release gave stamps of chance alone.
    "of chance": lambda: new_stamp() % 2**40,
}


@pytest.mark.parametrize("clock", CLOCKS)
async def test_what_is_stamped_by_another_clock_is_seen(town: str, clock: str):
    rosters = Rosters()
    async with database.opened(town):
        await read(rosters)
        for number in (2, 3):
            await database.run(MOVE, BOBS, CLOCKS[clock]())

            after = await read(rosters)

            assert after.written.logs.by_id[BOBS].head == number
        await changed(entry(4))()
        after, held = await read(rosters), await read(Rosters())
    assert after.written.logs == held.written.logs


async def test_of_many_logs_the_one_that_moved_is_read(town: str):
    rosters = Rosters()
    async with database.opened(town):
        before = (await read(rosters)).written.logs.by_id
        await changed(entry(2))()

        after = (await read(rosters)).written.logs.by_id

    assert after[BOBS] != before[BOBS]
    assert after[MINE] is before[MINE]
