"""What is written together is there together or not at all."""

import asyncio
from pathlib import Path

import pytest

from storage import database as db
from storage.errors import Conflict
from storage.models.setting import Setting
from tests.storage.conftest import Templates

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


@pytest.mark.usefixtures("database")
class TestWorkAtAStretch:
    async def test_it_is_committed_when_it_answers(self):
        async def work() -> str:
            await db.run(ADD, "a", "1")
            async with db.transaction():
                await db.run(ADD, "b", "2")
            return "done"

        assert await db.transact(work) == "done"
        assert await values("a", "b") == ["1", "2"]

    async def test_an_exception_leaves_nothing(self):
        async def work() -> None:
            await db.run(ADD, "a", "1")
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await db.transact(work)

        assert await values("a") == []

    async def test_a_swallowed_failure_does_not_commit(self):
        async def work() -> None:
            await db.run(ADD, "a", "1")
            with pytest.raises(Conflict):
                await db.run(ADD, "a", "2")

        with pytest.raises(RuntimeError, match="failed before"):
            await db.transact(work)

        assert await values("a") == []

    async def test_it_joins_the_transaction_around_it(self):
        async def outer() -> None:
            async with db.transaction():
                await db.transact(lambda: db.run(ADD, "a", "1"))
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await outer()

        assert await values("a") == []

    async def test_who_waits_is_woken_after_the_commit(self):
        async def work() -> None:
            await db.run(ADD, "a", "1")
            await db.wake("inbox", "k")

        with db.current().wakeups.listening("inbox") as bell:
            await db.transact(work)

            assert await bell.wait(timeout_s=0) == {"k"}
        assert await values("a") == ["1"]

    async def test_a_cancelled_caller_leaves_the_way_free(self):
        task = asyncio.create_task(db.transact(lambda: db.run(ADD, "a", "1")))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])

        await db.transact(lambda: db.run(ADD, "b", "2"))
        assert await values("b") == ["2"]

    async def test_writers_take_turns(self):
        async def increase() -> None:
            (row,) = await db.fetch(f"{VALUE_OF} FOR UPDATE", "n")
            await db.run("UPDATE setting SET value = $1 WHERE key = 'n'", f"{row['value']}i")

        async def by_the_other_way() -> None:
            async with db.transaction():
                await increase()

        await db.run(ADD, "n", "")

        await asyncio.gather(*(db.transact(increase) for _ in range(4)), by_the_other_way())

        assert await values("n") == ["i" * 5]

    async def test_what_reads_together_does_not_write(self):
        @db.together
        async def work() -> None:
            await db.fetch(VALUE_OF, "a")
            async with db.transaction():
                await db.run(ADD, "a", "1")

        with pytest.raises(RuntimeError, match="does not write"):
            await work()

    async def test_what_reads_together_sees_what_is_committed(self):
        @db.together
        async def read(key: str) -> list[str]:
            return [*await values(key), *await values(key)]

        await db.run(ADD, "a", "1")
        assert await read("a") == ["1", "1"]
        async with db.transaction():
            await db.run(ADD, "b", "2")
            assert await read("b") == ["2", "2"]


class TestWorkThatWaits:
    async def test_on_sqlite_it_may_wait_for_the_database_alone(
        self, templates: Templates, tmp_path: Path
    ):
        async def work() -> None:
            await db.run(ADD, "a", "1")
            await asyncio.sleep(0)

        async with db.opened(await templates.copy("sqlite", tmp_path)):
            with pytest.raises(RuntimeError, match="database alone"):
                await db.transact(work)

            assert await values("a") == []
