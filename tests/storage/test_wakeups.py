"""Who waits hears of it at the commit, in this process and in others."""

import asyncio

import pytest

from storage import database as db
from storage.database import Database
from storage.wakeups import ANYTHING

NO_WAIT = {"timeout_s": 0.0}


async def test_a_wake_up_comes_at_the_commit(database: Database):
    with database.wakeups.listening("inbox") as inbox, database.wakeups.listening("event") as event:
        async with db.transaction():
            await db.wake("inbox", "a")
            await db.wake("inbox", "b")
            assert await inbox.wait(**NO_WAIT) == frozenset()

        assert await inbox.wait() == {"a", "b"}
        assert await inbox.wait(**NO_WAIT) == frozenset()
        assert await event.wait(**NO_WAIT) == frozenset()


async def test_a_rollback_wakes_nobody(database: Database):
    async def fail() -> None:
        async with db.transaction():
            await db.wake("inbox", "a")
            raise ZeroDivisionError

    with database.wakeups.listening("inbox") as inbox:
        with pytest.raises(ZeroDivisionError):
            await fail()

        assert await inbox.wait(**NO_WAIT) == frozenset()


async def test_outside_a_transaction_it_comes_at_once(database: Database):
    with (
        database.wakeups.listening("changed") as first,
        database.wakeups.listening("changed") as second,
    ):
        await db.wake("changed", "c1")

        assert await first.wait() == {"c1"}
        assert await second.wait() == {"c1"}


async def test_a_waiter_polls_when_nothing_comes(database: Database):
    with database.wakeups.listening("repair") as repair:
        assert await repair.wait(timeout_s=0.001) == frozenset()


async def test_a_wake_up_without_ids_wakes_all_the_same(database: Database):
    with database.wakeups.listening("repair") as repair:
        await db.wake("repair")

        assert await repair.wait() == {ANYTHING}


@pytest.mark.postgres
class TestOtherProcesses:
    """Two open databases on one server stand for two processes."""

    @pytest.fixture
    def url(self, database_url: str) -> str:
        if database_url.startswith("sqlite"):
            pytest.skip("one process serves SQLite")
        return database_url

    async def test_another_process_hears_of_it_at_the_commit(self, url: str):
        async with asyncio.TaskGroup() as tasks:
            heard = await self._listen(tasks, url)
            async with db.opened(url), db.transaction():
                await db.wake("changed", "c1", "c2")
                await db.wake("inbox", "e1")
            assert await heard == {"c1", "c2"}

    async def test_too_many_ids_become_anything(self, url: str):
        async with asyncio.TaskGroup() as tasks:
            heard = await self._listen(tasks, url)
            async with db.opened(url):
                await db.wake("changed", *(f"https://a.test/c/{i}" for i in range(1000)))
            assert await heard == {ANYTHING}

    async def test_a_lost_connection_is_made_anew(self, url: str):
        async with asyncio.TaskGroup() as tasks:
            heard = await self._listen(tasks, url)
            async with db.opened(url):
                await db.fetch(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE query LIKE 'LISTEN%' AND datname = current_database()"
                )
            assert await heard == {ANYTHING}

    async def _listen(self, tasks: asyncio.TaskGroup, url: str) -> "asyncio.Task[frozenset[str]]":
        ready = asyncio.Event()

        async def listen() -> frozenset[str]:
            async with db.opened(url) as database:
                run = asyncio.create_task(database.wakeups.run())
                with database.wakeups.listening("changed") as changed:
                    # The first one says that the connection listens.
                    assert await changed.wait() == {ANYTHING}
                    ready.set()
                    keys = await changed.wait(timeout_s=10)
                run.cancel()
                await asyncio.wait([run])
                return keys

        task = tasks.create_task(listen())
        await ready.wait()
        return task


async def test_on_sqlite_nothing_comes_from_elsewhere(database: Database):
    if not database.sqlite_path:
        return
    run = asyncio.create_task(database.wakeups.run())
    await asyncio.sleep(0)

    run.cancel()
    await asyncio.wait([run])

    assert run.cancelled()


async def test_what_is_told_while_a_waiter_gathers_counts_as_told(database: Database):
    with database.wakeups.listening("event") as event:
        await asyncio.gather(event.gather(0.001), db.wake("event"))

        assert await event.wait(**NO_WAIT) == frozenset()
