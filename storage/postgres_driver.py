"""Statements run on PostgreSQL in one round trip each, whatever the number of their rows."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, cast

import asyncpg

from storage.dialect import Heard, Insert, Row, Update, Value
from storage.errors import UnsafeDatabase
from storage.postgres_engine import CONNECT_TIMEOUT_S, Engine
from storage.postgres_errors import FAILURES, fail, translating

_CHANNEL_PREFIX = "covey_"
_PROBE_EVERY_S = 30.0

# The columns of a table, with the type each array of values is cast to.
_COLUMN_TYPES = """
SELECT attname AS name, format_type(atttypid, NULL) AS type FROM pg_attribute
WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped
"""

# Text columns of our schema that sort in some other way than by their bytes.
_OTHER_COLLATIONS = """
SELECT c.relname AS table, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_collation k ON k.oid = a.attcollation
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'
  AND a.attnum > 0 AND NOT a.attisdropped AND k.collname <> 'C'
"""

# A lock by name that ends with the transaction.
_EXCLUSIVE = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))"

# Sent at the commit, once a channel.
_NOTIFY = "SELECT pg_notify(c, p) FROM unnest($1::text[], $2::text[]) AS w (c, p)"


@asynccontextmanager
async def opened(engine: Engine) -> AsyncIterator["PostgresDriver"]:
    """The driver of a database server.

    Raises:
        StorageUnavailable: The server cannot be reached.
        UnsafeDatabase: Its settings would lose committed rows.
    """
    async with translating():
        await engine.create_connection(with_db=True)
        for setting in ("fsync", "synchronous_commit"):
            if await engine.pool.fetchval("SELECT current_setting($1)", setting) == "off":
                raise UnsafeDatabase(f"{setting} is off")
    yield PostgresDriver(engine)


async def _is_so(event: asyncio.Event, *, within_s: float) -> bool:
    try:
        async with asyncio.timeout(within_s):
            return await event.wait()
    except TimeoutError:
        return False


class PostgresDriver:
    """Statements on PostgreSQL; each is one round trip."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._types: dict[str, dict[str, str]] = {}
        self._listening_pid = 0
        self.at_a_stretch = None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[object]:
        """A transaction on a connection of the pool."""
        async with translating():
            begun = self._engine.begin()
            async with begun:
                yield begun.connection

    @asynccontextmanager
    async def reader(self) -> AsyncIterator[None]:
        """Readers never wait for writers here."""
        async with translating():
            yield

    async def fetch(self, connection: object | None, sql: str, args: Sequence[Value]) -> list[Row]:
        """The rows of a query, or of a RETURNING clause."""
        try:
            rows = await self._at(connection).fetch(sql, *args)
        except FAILURES as error:
            fail(error)
        return cast("list[Row]", rows)

    async def run(self, connection: object | None, sql: str, args: Sequence[Value]) -> int:
        """How many rows the statement has changed."""
        try:
            status = await self._at(connection).execute(sql, *args)
        except FAILURES as error:
            fail(error)
        count = str(status).rpartition(" ")[2]
        return int(count) if count.isdigit() else 0

    async def insert_many(
        self, connection: object, insert: Insert, rows: Sequence[Sequence[Value]]
    ) -> tuple[int, list[Row]]:
        """How many rows were added, and the returned columns of those."""
        source = await self._unnest(connection, insert.table, insert.columns)
        sql = (
            # Names come from our own code; every value is in an array.
            f"INSERT INTO {insert.table} ({', '.join(insert.columns)}) "  # noqa: S608
            f"SELECT * FROM {source} {insert.conflict}"
        )
        columns: list[Any] = [list(column) for column in zip(*rows, strict=True)]
        if not insert.returning:
            return await self.run(connection, sql, columns), []
        sql = f"{sql} RETURNING {', '.join(insert.returning)}"
        returned = await self.fetch(connection, sql, columns)
        return len(returned), returned

    async def update_many(
        self, connection: object, update: Update, rows: Sequence[Sequence[Value]]
    ) -> int:
        """How many rows were changed."""
        names = (*update.keys, *update.columns)
        source = await self._unnest(connection, update.table, names)
        sets = ", ".join(f"{name} = given.{name}" for name in update.columns)
        keys = " AND ".join(f"{update.table}.{name} = given.{name}" for name in update.keys)
        sql = (
            # As in insert_many.
            f"UPDATE {update.table} SET {sets} "  # noqa: S608
            f"FROM {source} AS given ({', '.join(names)}) WHERE {keys}"
        )
        columns: list[Any] = [list(column) for column in zip(*rows, strict=True)]
        return await self.run(connection, sql, columns)

    async def _unnest(self, connection: object, table: str, columns: Sequence[str]) -> str:
        # PERF: one array per column keeps the text the same for any number of rows, so it is
        # prepared once. A VALUES list is prepared anew for each length: 1.9 ms for 40 rows where
        # this takes 1.0 ms; of equal length both cost the same.
        types = self._types.get(table)
        if types is None:
            rows = await self.fetch(connection, _COLUMN_TYPES, [table])
            types = self._types[table] = {row["name"]: row["type"] for row in rows}
        arrays = (f"${i}::{types[name]}[]" for i, name in enumerate(columns, 1))
        return f"unnest({', '.join(arrays)})"

    async def exclusive(self, connection: object, name: str) -> None:
        """Until the transaction ends, no other one passes here under this name."""
        await self.run(connection, _EXCLUSIVE, [f"covey:{name}"])

    async def notify(self, connection: object | None, wakes: Mapping[str, str]) -> None:
        """Tell other processes, at the commit; one notification a channel."""
        channels = [_CHANNEL_PREFIX + name for name in wakes]
        payloads = [f"{self._listening_pid} {payload}" for payload in wakes.values()]
        await self.run(connection, _NOTIFY, [channels, payloads])

    async def listen(self, heard: Heard, channels: Sequence[str]) -> None:
        """Hear what other processes tell until the connection is lost."""
        lost = asyncio.Event()

        def arrived(_connection: object, _pid: int, channel: str, payload: str) -> None:
            sender, _, keys = payload.partition(" ")
            if sender != str(self._listening_pid):
                heard(channel.removeprefix(_CHANNEL_PREFIX), keys)

        async with translating():
            connection = await self._engine.dial()
        try:
            connection.add_termination_listener(lambda _connection: lost.set())
            async with translating():
                for channel in channels:
                    await connection.add_listener(_CHANNEL_PREFIX + channel, arrived)
            self._listening_pid = connection.get_server_pid()
            heard("", "")
            while not await _is_so(lost, within_s=_PROBE_EVERY_S):
                # A connection whose other end has vanished is lost without a word.
                async with translating():
                    await connection.execute("SELECT 1", timeout=CONNECT_TIMEOUT_S)
        finally:
            self._listening_pid = 0
            connection.terminate()

    async def prepare_migration(self, connection: object) -> None:
        """One process migrates at a time, and may take its time."""
        for setting in ("lock_timeout = '60s'", "statement_timeout = 0"):
            await self.run(connection, f"SET LOCAL {setting}", [])
        await self.exclusive(connection, "migrate")

    async def collate_by_bytes(self, connection: object) -> None:
        """Every text column sorts by its bytes, whatever the locale of the database."""
        for row in await self.fetch(connection, _OTHER_COLLATIONS, []):
            change = f'ALTER COLUMN "{row["name"]}" TYPE {row["type"]} COLLATE "C"'
            await self.run(connection, f'ALTER TABLE "{row["table"]}" {change}', [])

    async def is_table(self, connection: object | None, name: str) -> bool:
        """Whether the database has this table."""
        (row,) = await self.fetch(connection, "SELECT to_regclass($1) IS NOT NULL AS is", [name])
        return bool(row["is"])

    def in_use(self) -> int:
        """Connections of the pool that are not idle."""
        return int(self._engine.pool.get_size() - self._engine.pool.get_idle_size())

    def _at(self, connection: object | None) -> asyncpg.Pool | asyncpg.Connection:
        return self._engine.pool if connection is None else connection
