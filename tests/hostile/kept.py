"""What the node of a stage keeps: a SQLite file, or a database of the server that is named.

Statements are written as SQLite has them, with `?`.
"""

import asyncio
import re
import sqlite3
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import asyncpg

from tests.support.mold import copy_empty
from tests.support.network import POSTGRES, new_postgres
from tests.support.process_node import ProcessNode, until

Row = dict[str, Any]
FREE_WITHIN_S = 30.0


class Kept(Protocol):
    """The database of a node, as a test looks into it beside the node."""

    @property
    def url(self) -> str:
        """Where the node finds it."""

    def rows(self, sql: str, arguments: Sequence[object]) -> list[Row]:
        """What a query answers."""

    def write(self, sql: str, arguments: Sequence[object]) -> None:
        """Set the scene where no request would."""

    def tables(self) -> list[str]:
        """The names of all tables."""

    async def keep(self, node: ProcessNode) -> "Kept":
        """A copy as it is now, of a node that runs before and after."""

    async def copied(self, folder: Path) -> "Kept":
        """A copy of a copy, for another node."""

    def close(self) -> None:
        """Nobody looks into it any more."""


@dataclass(frozen=True, slots=True)
class File:
    """A SQLite file."""

    path: Path

    @property
    def url(self) -> str:
        return f"sqlite://{self.path}"

    def rows(self, sql: str, arguments: Sequence[object]) -> list[Row]:
        with closing(self._opened("ro")) as connection:
            return [dict(row) for row in connection.execute(sql, arguments)]

    def write(self, sql: str, arguments: Sequence[object]) -> None:
        with closing(self._opened("rw")) as connection, connection:
            connection.execute(sql, arguments)

    def tables(self) -> list[str]:
        found = self.rows("SELECT name FROM sqlite_master WHERE type = 'table'", ())
        return [row["name"] for row in found if not row["name"].startswith("sqlite_")]

    async def keep(self, node: ProcessNode) -> Kept:
        del node
        return self._copied(self.path.with_name("met.db"))

    async def copied(self, folder: Path) -> Kept:
        return self._copied(folder / "covey.db")

    def close(self) -> None:
        """There is nothing to do."""

    def _copied(self, to: Path) -> "File":
        with closing(self._opened("ro")) as connection, closing(sqlite3.connect(to)) as copy:
            connection.backup(copy)
        return File(to)

    def _opened(self, mode: str) -> sqlite3.Connection:
        connection = sqlite3.connect(f"file:{self.path}?mode={mode}", uri=True, timeout=30)
        connection.row_factory = sqlite3.Row
        return connection


@dataclass(slots=True)
class OnServer:
    """A database of a PostgreSQL server, asked by a thread with a loop of its own."""

    url: str
    _thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))
    _loop: asyncio.Runner = field(default_factory=asyncio.Runner)
    _connection: asyncpg.Connection | None = None

    def rows(self, sql: str, arguments: Sequence[object]) -> list[Row]:
        question = self._fetched(_of_server(sql), arguments)
        return self._thread.submit(self._loop.run, question).result()

    def write(self, sql: str, arguments: Sequence[object]) -> None:
        self.rows(sql, arguments)

    def tables(self) -> list[str]:
        found = self.rows("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'", ())
        return [row["name"] for row in found]

    async def keep(self, node: ProcessNode) -> Kept:
        # A database that somebody uses cannot be copied.
        await node.kill()
        self._thread.submit(self._loop.run, self._closed()).result()
        kept = await self._copied()
        await node.start()
        return kept

    async def copied(self, folder: Path) -> Kept:
        del folder
        return await self._copied()

    async def _copied(self) -> "OnServer":
        made: list[str] = []

        async def is_free() -> bool:
            try:
                made.append(await new_postgres(urlsplit(self.url).path.lstrip("/")))
            except asyncpg.ObjectInUseError:
                return False
            return True

        assert await until(is_free, within_s=FREE_WITHIN_S), "somebody still uses the database"
        return OnServer(made[0])

    def close(self) -> None:
        self._thread.submit(self._loop.run, self._closed()).result()
        self._thread.submit(self._loop.close).result()
        self._thread.shutdown()

    async def _fetched(self, sql: str, arguments: Sequence[object]) -> list[Row]:
        if self._connection is None or self._connection.is_closed():
            self._connection = await asyncpg.connect(self.url)
        return [dict(row) for row in await self._connection.fetch(sql, *arguments)]

    async def _closed(self) -> None:
        if self._connection is not None:
            await self._connection.close()
            self._connection = None


def _of_server(sql: str) -> str:
    numbers = count(1)
    numbered = re.sub(r"\?", lambda _: f"${next(numbers)}", sql)
    return re.sub(r"group_concat\((.*?)\)", r"string_agg(\1, ',')", numbered)


async def new_kept(folder: Path) -> Kept:
    """An empty database: on the server, if one is named."""
    if POSTGRES:
        return OnServer(await new_postgres())
    file = folder / "covey.db"
    await asyncio.to_thread(copy_empty, file, "1" * 32)
    return File(file)
