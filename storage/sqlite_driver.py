"""Statements run on SQLite in one hop each, or many in one; reads do not wait for writes."""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from typing import cast

import aiosqlite
from tortoise.connection import get_connections

from storage.dialect import Heard, Insert, Row, Update, Value, array_text, for_sqlite
from storage.errors import UnsafeDatabase
from storage.sqlite_engine import Engine, reader_of
from storage.sqlite_errors import fail, translating
from storage.sqlite_stretches import Stretches

_LOG = logging.getLogger(__name__)

_PARAMETERS_MAX = 32_000
_ROWS_MAX = 500
# As SQLite numbers it.
_NORMAL = 1


@asynccontextmanager
async def opened(writer: Engine) -> AsyncIterator["SqliteDriver"]:
    """The driver of a database file, with a second connection that only reads.

    Raises:
        StorageUnavailable: The file cannot be opened.
        UnsafeDatabase: The file system or the settings would lose committed rows.
    """
    reader = reader_of(writer)
    try:
        async with translating():
            # aiosqlite leaves a thread behind when its open fails, so that one must not.
            await asyncio.to_thread(_probe, writer.filename)
            await writer.create_connection(with_db=True)
            await reader.create_connection(with_db=True)
        await _refuse_unsafe(writer.raw)
        yield SqliteDriver(writer, reader)
    finally:
        await reader.close()


def _probe(path: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA schema_version")


async def _refuse_unsafe(raw: aiosqlite.Connection) -> None:
    (journal,) = await raw.execute_fetchall("PRAGMA journal_mode")
    (synchronous,) = await raw.execute_fetchall("PRAGMA synchronous")
    if journal[0] != "wal" or synchronous[0] == 0:
        raise UnsafeDatabase(f"journal_mode={journal[0]}, synchronous={synchronous[0]}")
    if synchronous[0] == _NORMAL:
        _LOG.warning(
            "synchronous=NORMAL: a power cut may lose what was acknowledged last",
            extra={"action": "database.unsafe"},
        )


class SqliteDriver:
    """Statements on SQLite; each is one hop to the connection's thread, unless it is there."""

    def __init__(self, writer: Engine, reader: Engine) -> None:
        self._writer = writer
        self._reader = reader
        self._at_a_stretch = Stretches(writer, reader)

    @property
    def at_a_stretch(self) -> Stretches:
        """How whole pieces of work are handed over."""
        return self._at_a_stretch

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[object]:
        """A transaction on the only writing connection."""
        async with translating(), self._writer.begin():
            yield self._writer.raw

    @asynccontextmanager
    async def reader(self) -> AsyncIterator[None]:
        """The ORM's reads go to the second connection."""
        token = get_connections().set(self._writer.connection_name, self._reader)
        try:
            async with translating():
                yield
        finally:
            get_connections().reset(token)

    async def fetch(self, connection: object | None, sql: str, args: Sequence[Value]) -> list[Row]:
        """The rows of a query, or of a RETURNING clause."""
        statement = for_sqlite(sql)
        values = [array_text(value) for value in args] if statement.takes_arrays else args
        try:
            if isinstance(connection, sqlite3.Connection):
                return cast("list[Row]", connection.execute(statement.sql, values).fetchall())
            if connection is not None or not statement.writes:
                raw = self._reader.raw if connection is None else _raw(connection)
                return cast("list[Row]", await raw.execute_fetchall(statement.sql, values))
            async with self._writer.turn() as raw:
                return cast("list[Row]", await raw.execute_fetchall(statement.sql, values))
        except sqlite3.Error as error:
            fail(error)

    async def run(self, connection: object | None, sql: str, args: Sequence[Value]) -> int:
        """How many rows the statement has changed."""
        statement = for_sqlite(sql)
        values = [array_text(value) for value in args] if statement.takes_arrays else args
        cursor: sqlite3.Cursor | aiosqlite.Cursor
        try:
            if isinstance(connection, sqlite3.Connection):
                cursor = connection.execute(statement.sql, values)
            elif connection is not None:
                cursor = await _raw(connection).execute(statement.sql, values)
            else:
                async with self._writer.turn() as raw:
                    cursor = await raw.execute(statement.sql, values)
        except sqlite3.Error as error:
            fail(error)
        return max(cursor.rowcount, 0)

    async def insert_many(
        self, connection: object, insert: Insert, rows: Sequence[Sequence[Value]]
    ) -> tuple[int, list[Row]]:
        """How many rows were added, and the returned columns of those."""
        # Names come from our own code; values are parameters.
        head = f"INSERT INTO {insert.table} ({', '.join(insert.columns)}) VALUES "  # noqa: S608
        marks = f"({', '.join('?' * len(insert.columns))})"
        if not insert.returning:
            # One hop and one prepared text for any number of rows.
            return await self._many(connection, f"{head}{marks} {insert.conflict}", rows), []
        tail = f" {insert.conflict} RETURNING {', '.join(insert.returning)}"
        step = min(_ROWS_MAX, _PARAMETERS_MAX // len(insert.columns))
        returned: list[Row] = []
        for start in range(0, len(rows), step):
            part = rows[start : start + step]
            sql = head + ", ".join([marks] * len(part)) + tail
            returned += await self.fetch(connection, sql, [value for row in part for value in row])
        return len(returned), returned

    async def update_many(
        self, connection: object, update: Update, rows: Sequence[Sequence[Value]]
    ) -> int:
        """How many rows were changed."""
        first = len(update.keys) + 1
        sets = ", ".join(f"{name} = ?{first + i}" for i, name in enumerate(update.columns))
        keys = " AND ".join(f"{name} = ?{1 + i}" for i, name in enumerate(update.keys))
        # As in insert_many.
        sql = f"UPDATE {update.table} SET {sets} WHERE {keys}"  # noqa: S608
        return await self._many(connection, sql, rows)

    async def _many(self, connection: object, sql: str, rows: Sequence[Sequence[Value]]) -> int:
        try:
            if isinstance(connection, sqlite3.Connection):
                return connection.executemany(sql, rows).rowcount
            return (await _raw(connection).executemany(sql, rows)).rowcount
        except sqlite3.Error as error:
            fail(error)

    async def exclusive(self, connection: object, name: str) -> None:
        """Nothing to do: there is one writer."""

    async def notify(self, connection: object | None, wakes: Mapping[str, str]) -> None:
        """Nothing to do: there is one serving process."""

    async def listen(self, heard: Heard, channels: Sequence[str]) -> None:
        """Nothing is ever heard."""
        del heard, channels
        await asyncio.get_running_loop().create_future()

    async def prepare_migration(self, connection: object) -> None:
        """Nothing to do: the transaction keeps other writers out."""

    async def collate_by_bytes(self, connection: object) -> None:
        """Nothing to do: SQLite compares bytes."""

    async def is_table(self, connection: object | None, name: str) -> bool:
        """Whether the database has this table."""
        sql = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = $1"
        return bool(await self.fetch(connection, sql, [name]))

    def in_use(self) -> int:
        """1 while somebody writes."""
        return int(self._writer.is_taken)


def _raw(connection: object) -> aiosqlite.Connection:
    return cast("aiosqlite.Connection", connection)
