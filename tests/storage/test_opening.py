"""A database that would lose commits is refused, and one that is away says so and comes back."""

import asyncio
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from storage import database as db
from storage.database import Database
from storage.errors import StorageUnavailable, UnsafeDatabase

ADD = "INSERT INTO setting (key, value) VALUES ($1, $2)"
VALUE_OF = "SELECT value FROM setting WHERE key = $1"


async def values(*keys: str) -> list[str]:
    rows = await db.fetch("SELECT value FROM setting WHERE key = ANY($1) ORDER BY key", keys)
    return [row["value"] for row in rows]


class TestSqlite:
    async def test_commits_reach_the_disk(self, tmp_path: Path):
        async with db.opened(f"sqlite://{tmp_path / 'a.sqlite3'}"):
            (mode,) = await db.fetch("PRAGMA journal_mode")
            (synchronous,) = await db.fetch("PRAGMA synchronous")
            (keys,) = await db.fetch("PRAGMA foreign_keys")

        assert (mode["journal_mode"], synchronous["synchronous"], keys["foreign_keys"]) == (
            "wal",
            2,
            1,
        )

    async def test_a_new_file_that_another_process_is_writing_is_waited_for(self, tmp_path: Path):
        path = tmp_path / "a.sqlite3"
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            asyncio.get_running_loop().call_later(0.05, other.execute, "ROLLBACK")

            async with db.opened(f"sqlite://{path}"):
                assert not other.in_transaction

    @pytest.mark.parametrize(
        "rest", ["/a.sqlite3?synchronous=OFF", "/a.sqlite3?synchronous=0", "relative", ":memory:"]
    )
    async def test_what_would_lose_commits_is_refused(self, tmp_path: Path, rest: str):
        base = f"sqlite://{tmp_path}" if rest.startswith("/") else "sqlite://"

        with pytest.raises(UnsafeDatabase):
            async with db.opened(f"{base}{rest}"):
                pass

    async def test_another_kind_of_database_is_refused(self):
        with pytest.raises(UnsafeDatabase):
            async with db.opened("mysql://localhost/covey"):
                pass

    async def test_a_file_that_cannot_be_opened_is_unavailable(self, tmp_path: Path):
        with pytest.raises(StorageUnavailable):
            async with db.opened(f"sqlite://{tmp_path / 'no' / 'such.sqlite3'}"):
                pass

    async def test_a_full_disk_is_unavailable_and_then_recovers(self, tmp_path: Path):
        async with db.opened(f"sqlite://{tmp_path / 'a.sqlite3'}"):
            await db.run("CREATE TABLE t (x)")
            async with db.transaction():
                await db.fetch("PRAGMA max_page_count = 3")
            with pytest.raises(StorageUnavailable):
                async with db.transaction():
                    await db.run("INSERT INTO t VALUES ($1)", b"x" * 100_000)
            async with db.transaction():
                await db.fetch("PRAGMA max_page_count = 1000000")
            await db.run("INSERT INTO t VALUES ($1)", b"x" * 100_000)

            (row,) = await db.fetch("SELECT count(*) AS n FROM t")
            assert row["n"] == 1

    async def test_a_locked_file_is_unavailable_and_leaves_the_way_free(self, tmp_path: Path):
        path = tmp_path / "a.sqlite3"
        async with db.opened(f"sqlite://{path}"):
            await db.run("CREATE TABLE t (x)")
            async with db.transaction():
                await db.fetch("PRAGMA busy_timeout = 1")
            other = sqlite3.connect(path, isolation_level=None)
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StorageUnavailable):
                async with db.transaction():
                    pass
            other.execute("COMMIT")
            other.close()

            assert await db.run("INSERT INTO t VALUES (1)") == 1

    async def test_two_nodes_in_one_process_do_not_meet(self, tmp_path: Path):
        async def node(name: str) -> list[str]:
            async with db.opened(f"sqlite://{tmp_path / name}"):
                await db.run("CREATE TABLE t (x)")
                await db.run("INSERT INTO t VALUES ($1)", name)
                await both.wait()
                return [row["x"] for row in await db.fetch("SELECT x FROM t")]

        both = asyncio.Barrier(2)

        assert await asyncio.gather(node("a"), node("b")) == [["a"], ["b"]]


class TestPostgres:
    @pytest.mark.postgres
    async def test_a_database_that_is_not_there_is_unavailable(self):
        server = os.environ.get("COVEY_TEST_POSTGRES")
        if not server:
            pytest.skip("no PostgreSQL named")

        with pytest.raises(StorageUnavailable):
            async with db.opened(urlsplit(server)._replace(path="/nowhere").geturl()):
                pass

    async def test_a_server_that_is_away_is_unavailable(self):
        with pytest.raises(StorageUnavailable):
            async with db.opened("postgres://covey@127.0.0.1:1/covey"):
                pass


async def test_a_killed_connection_is_unavailable_and_then_recovers(database: Database):
    if database.sqlite_path:
        return

    async def work() -> None:
        async with db.transaction():
            await db.run(ADD, "a", "1")
            (row,) = await db.fetch("SELECT pg_backend_pid() AS pid")
            await database.driver.run(None, "SELECT pg_terminate_backend($1)", [row["pid"]])
            await db.run(ADD, "b", "1")

    with pytest.raises(StorageUnavailable):
        await work()

    assert await values("a", "b") == []
