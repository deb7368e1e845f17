"""Nobody is answered before the commit, and a bad row fails alone."""

import asyncio
import os
import sys
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from storage import database as db
from storage.database import Database
from storage.errors import Conflict, StorageUnavailable
from storage.group_commit import GroupCommit

ADD = "INSERT INTO setting (key, value) VALUES ($1, '')"


PATIENCE_S = 60


class Gate:
    """Opens and closes for whoever writes: on the event loop or, on SQLite, in another thread."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._for_tasks = asyncio.Event()
        self._for_threads = threading.Event()

    def set(self) -> None:
        self._for_threads.set()
        if _is_in_loop():
            self._for_tasks.set()
        else:
            self._loop.call_soon_threadsafe(self._for_tasks.set)

    def clear(self) -> None:
        self._for_threads.clear()
        self._for_tasks.clear()

    async def wait(self) -> None:
        if _is_in_loop():
            await self._for_tasks.wait()
        else:
            assert self._for_threads.wait(PATIENCE_S)


def _is_in_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


class Writes:
    """Writes keys; remembers the batches, and fails where it is told to."""

    def __init__(self) -> None:
        self.batches: list[int] = []
        self.away = False
        self.begun = Gate()
        self.gate = Gate()
        self.gate.set()

    async def __call__(self, keys: Sequence[str]) -> list[str]:
        self.batches.append(len(keys))
        self.begun.set()
        if self.away:
            raise StorageUnavailable("away")
        await db.insert_many("setting", ("key", "value"), [(key, "") for key in keys])
        await self.gate.wait()
        if "poison" in keys:
            raise KeyError("poison")
        return [f"{key}!" for key in keys]


@asynccontextmanager
async def running(commit: GroupCommit[str, str]) -> AsyncIterator[None]:
    task = asyncio.create_task(commit.run())
    yield
    commit.stop()
    await task


async def stored() -> set[str]:
    rows = await db.fetch("SELECT key FROM setting WHERE key <> 'incarnation'")
    return {row["key"] for row in rows}


@pytest.mark.usefixtures("database")
class TestGroupCommit:
    async def test_each_caller_gets_the_answer_to_its_own_item(self):
        writes = Writes()
        commit = GroupCommit(writes)
        keys = [f"k{i}" for i in range(300)]

        async with running(commit):
            answers = await asyncio.gather(*(commit.submit(key) for key in keys))

        assert answers == [f"{key}!" for key in keys]
        assert await stored() == set(keys)
        assert writes.batches == [256, 44]

    async def test_the_next_batch_gathers_while_one_commits(self):
        writes = Writes()
        commit = GroupCommit(writes)
        writes.gate.clear()

        async with running(commit), asyncio.TaskGroup() as tasks:
            tasks.create_task(commit.submit("first"))
            await writes.begun.wait()
            for i in range(5):
                tasks.create_task(commit.submit(f"k{i}"))
            await asyncio.sleep(0)
            writes.gate.set()

        assert writes.batches == [1, 5]

    async def test_nobody_is_answered_before_the_commit(self):
        writes = Writes()
        commit = GroupCommit(writes)
        writes.gate.clear()

        async with running(commit):
            answer = asyncio.create_task(commit.submit("a"))
            await writes.begun.wait()
            assert await stored() == set()
            assert not answer.done()
            writes.gate.set()
            await answer
            assert await stored() == {"a"}

    async def test_a_bad_item_fails_alone(self):
        commit = GroupCommit(Writes())
        await db.run(ADD, "taken")

        async with running(commit):
            answers = await asyncio.gather(
                *(commit.submit(key) for key in ("a", "poison", "b", "taken", "c")),
                return_exceptions=True,
            )

        assert [type(answer) for answer in answers] == [str, KeyError, str, Conflict, str]
        assert await stored() == {"a", "b", "c", "taken"}

    async def test_a_database_that_is_away_turns_everybody_away(self):
        writes = Writes()
        writes.away = True
        commit = GroupCommit(writes)

        async with running(commit):
            answers = await asyncio.gather(
                *(commit.submit(f"k{i}") for i in range(50)), return_exceptions=True
            )
            writes.away = False
            assert await commit.submit("later") == "later!"

        assert all(isinstance(answer, StorageUnavailable) for answer in answers)
        assert writes.batches == [50, 1]
        assert await stored() == {"later"}

    async def test_who_waits_while_the_database_is_away_is_turned_away_with_the_batch(self):
        writes = Writes()
        writes.away = True
        commit = GroupCommit(writes, limit=2)

        async with running(commit):
            answers = await asyncio.gather(
                *(commit.submit(f"k{i}") for i in range(50)), return_exceptions=True
            )

        assert all(isinstance(answer, StorageUnavailable) for answer in answers)
        assert writes.batches == [2]

    async def test_a_caller_who_hangs_up_changes_nothing(self):
        commit = GroupCommit(Writes())
        gone = asyncio.create_task(commit.submit("gone"))
        await asyncio.sleep(0)
        gone.cancel()

        async with running(commit):
            assert await commit.submit("stays") == "stays!"

        assert await stored() == {"gone", "stays"}

    async def test_too_many_waiting_are_turned_away_at_once(self):
        commit = GroupCommit(Writes(), waiting_max=2)
        waiting = [asyncio.create_task(commit.submit(key)) for key in ("a", "b")]
        await asyncio.sleep(0)

        with pytest.raises(StorageUnavailable) as refusal:
            await commit.submit("c")

        assert refusal.value.retry_after_s > 0
        async with running(commit):
            assert await asyncio.gather(*waiting) == ["a!", "b!"]

    async def test_stopping_writes_what_waits_and_takes_nothing_more(self):
        commit = GroupCommit(Writes())
        waiting = asyncio.create_task(commit.submit("a"))
        await asyncio.sleep(0)

        commit.stop()
        await commit.run()

        assert await waiting == "a!"
        with pytest.raises(StorageUnavailable):
            await commit.submit("b")

    async def test_a_cancelled_committer_leaves_nobody_waiting(self):
        writes = Writes()
        commit = GroupCommit(writes, limit=1)
        writes.gate.clear()
        task = asyncio.create_task(commit.run())
        waiting = [asyncio.create_task(commit.submit(key)) for key in ("a", "b")]
        await writes.begun.wait()

        task.cancel()
        writes.gate.set()
        answers = await asyncio.gather(*waiting, return_exceptions=True)

        assert [type(answer) for answer in answers] == [StorageUnavailable, StorageUnavailable]
        await asyncio.wait([task])
        # What was in hand may be written, since nobody was told that it was not.
        assert await stored() <= {"a"}

    async def test_a_write_that_forgets_an_item_commits_nothing(self):
        async def forgetful(keys: Sequence[str]) -> list[str]:
            await db.run(ADD, keys[0])
            return []

        commit = GroupCommit(forgetful)
        async with running(commit):
            with pytest.raises(RuntimeError):
                await commit.submit("a")

        assert await stored() == set()

    async def test_without_items_there_is_no_transaction(self):
        writes = Writes()

        assert await GroupCommit(writes).run_once() is False
        assert writes.batches == []


PROGRAM = """
import asyncio, sys
from storage import database, failpoint
from storage.group_commit import GroupCommit

async def write(keys):
    for key in keys:
        await database.run("INSERT INTO setting (key, value) VALUES ($1, '')", key)
    return keys

async def main():
    failpoint.allow()
    async with database.opened(sys.argv[1]):
        commit = GroupCommit(write, hit=failpoint.hit)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(commit.run())
            await commit.submit("a")
            print("answered")

asyncio.run(main())
"""


@pytest.mark.parametrize(
    ("point", "kept"),
    [("after-accept-before-commit", set()), ("after-commit-before-answer", {"a"})],
)
async def test_a_kill_loses_only_what_was_not_answered(
    database: Database, database_url: str, point: str, kept: set[str]
):
    killed = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", PROGRAM, database_url),
        env=os.environ | {"COVEY_FAILPOINT": point},
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await killed.communicate()

    assert (killed.returncode, output) == (137, b"")
    assert await stored() == kept
