"""What is written together is there together or not at all."""

import asyncio

import pytest

from storage import database as db
from storage.errors import Conflict
from storage.models.setting import Setting

ADD = "INSERT INTO setting (key, value) VALUES ($1, $2)"
VALUE_OF = "SELECT value FROM setting WHERE key = $1"


async def values(*keys: str) -> list[str]:
    rows = await db.fetch("SELECT value FROM setting WHERE key = ANY($1) ORDER BY key", keys)
    return [row["value"] for row in rows]


@pytest.mark.usefixtures("database")
class TestTransactions:
    async def test_an_exception_leaves_nothing(self):
        async def work() -> None:
            async with db.transaction():
                await db.run(ADD, "a", "1")
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await work()

        assert await values("a") == []

    async def test_an_inner_one_joins_the_outer(self):
        async def work() -> None:
            async with db.transaction():
                async with db.transaction():
                    await db.run(ADD, "a", "1")
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await work()

        assert await values("a") == []

    async def test_a_swallowed_failure_does_not_commit(self):
        async def work() -> None:
            async with db.transaction():
                await db.run(ADD, "a", "1")
                with pytest.raises(Conflict):
                    await db.run(ADD, "a", "2")

        with pytest.raises(RuntimeError, match="failed before"):
            await work()

        assert await values("a") == []

    async def test_readers_do_not_see_what_is_not_committed(self):
        seen: list[list[str]] = []
        written, read = asyncio.Event(), asyncio.Event()

        async def look() -> None:
            await written.wait()
            seen.append(await values("a"))
            read.set()

        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(look())
            async with db.transaction():
                await db.run(ADD, "a", "1")
                written.set()
                await read.wait()

        assert seen == [[]]
        assert await values("a") == ["1"]

    async def test_writers_take_turns(self):
        async def increase() -> None:
            async with db.transaction():
                (row,) = await db.fetch(f"{VALUE_OF} FOR UPDATE", "n")
                await db.run("UPDATE setting SET value = $1 WHERE key = 'n'", f"{row['value']}i")

        await db.run(ADD, "n", "")

        await asyncio.gather(*(increase() for _ in range(8)))

        assert await values("n") == ["i" * 8]

    async def test_a_task_started_inside_is_refused(self):
        async def late() -> None:
            await db.run(ADD, "a", "1")

        async with db.transaction():
            task = asyncio.create_task(late())
            with pytest.raises(RuntimeError, match="inside a transaction"):
                await task

    async def test_a_task_that_outlives_the_transaction_is_refused(self):
        async def late() -> None:
            await ended.wait()
            await db.fetch(VALUE_OF, "a")

        ended = asyncio.Event()
        async with db.transaction():
            task = asyncio.create_task(late())
        ended.set()

        with pytest.raises(RuntimeError, match="inside a transaction"):
            await task

    async def test_a_cancelled_writer_leaves_the_way_free(self):
        async def write() -> None:
            async with db.transaction():
                await db.run(ADD, "a", "1")
                begun.set()
                await asyncio.Event().wait()

        begun = asyncio.Event()
        task = asyncio.create_task(write())
        await begun.wait()
        task.cancel()
        await asyncio.wait([task])

        await db.run(ADD, "a", "2")
        assert await values("a") == ["2"]

    async def test_the_orm_joins_the_transaction(self):
        async def work() -> None:
            async with db.transaction():
                await Setting.create(key="a", value="1")
                assert await values("a") == ["1"]
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await work()

        assert await Setting.filter(key="a").count() == 0

    async def test_an_error_of_the_orm_is_ours(self):
        await db.run(ADD, "a", "1")

        with pytest.raises(Conflict):
            async with db.transaction():
                await Setting.create(key="a", value="2")

    async def test_a_reader_does_not_write(self):
        async with db.reader():
            assert await Setting.filter(key="a").count() == 0
            with pytest.raises(RuntimeError, match="does not write"):
                await db.run(ADD, "a", "1")
            with pytest.raises(RuntimeError, match="does not write"):
                async with db.transaction():
                    pass

    async def test_a_reader_inside_a_transaction_sees_what_it_wrote(self):
        async with db.transaction():
            await db.run(ADD, "a", "1")
            async with db.reader():
                assert await Setting.filter(key="a").count() == 1
