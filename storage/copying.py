"""A SQLite database is copied to an empty PostgreSQL server: all of it, as it is, or nothing.

One transaction on each side holds it: nobody writes to the source meanwhile, and the target shows
nothing, not even its tables, before every row was read back from it and found to be the same.
Source: operations.md 7
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, cast

import asyncpg
import msgspec

from storage import migrate
from storage.database import Database, Row, fetch, transaction
from storage.dialect import Value
from storage.errors import StorageError
from storage.postgres_errors import FAILURES
from storage.work import writer

ROWS_AT_ONCE: Final = 500
# Tortoise's record of migrations is written by the migrations of the target.
RECORD: Final = "tortoise_migrations"

# Called with a table, how many of its rows are done, and how many there are.
Told = Callable[[str, int, int], None]


class CopyError(StorageError):
    """The target is as it was before; the reason is for whoever asked."""


@dataclass(frozen=True, slots=True)
class Copied:
    """A table that is the same on both sides.

    Attributes:
        digest: Of its rows, in whatever order they come; 64 hexadecimal digits.
    """

    table: str
    rows: int
    digest: str


class Digest:
    """The sum of the hashes of rows, which does not depend on their order."""

    def __init__(self) -> None:
        self.rows = 0
        self._sum = 0

    def add(self, row: Sequence[Value]) -> None:
        """One more row."""
        self.rows += 1
        hashed = sha256(msgspec.msgpack.encode(row)).digest()
        self._sum = (self._sum + int.from_bytes(hashed)) % (1 << 256)

    def text(self) -> str:
        """The sum so far."""
        return f"{self._sum:064x}"


# What SQLite holds besides its own tables.
_HELD: Final = """
SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name
"""

# Where ids that count up have come to, also where the last rows are gone again.
_COUNTED_TO: Final = "SELECT name, seq FROM sqlite_sequence"

_THERE: Final = """
SELECT c.relname AS table, a.attname AS name, format_type(a.atttypid, NULL) AS type,
  pg_get_serial_sequence(quote_ident(c.relname), a.attname) AS sequence
FROM pg_class c LEFT JOIN pg_attribute a
  ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'
ORDER BY c.relname, a.attnum
"""

# The names put in are those of our own tables.
_COUNT: Final = "SELECT COUNT(*) AS n FROM <table>"
_SOME: Final = """
SELECT rowid AS _row, <columns> FROM <table> WHERE rowid > $1 ORDER BY rowid LIMIT $2
"""
_ALL: Final = "SELECT <columns> FROM <table>"

_PATIENTLY: Final = "SET LOCAL idle_in_transaction_session_timeout = 0"
_SET_SEQUENCE: Final = "SELECT setval($1::text::regclass, $2)"


@dataclass(frozen=True, slots=True)
class _Table:
    """A table of the target: its columns with their types, and the sequences of some."""

    name: str
    columns: tuple[str, ...]
    types: Mapping[str, str]
    sequences: Mapping[str, str]

    def fill_in(self, sql: str) -> str:
        """A statement about this table."""
        columns = ", ".join(f'"{name}"' for name in self.columns)
        return sql.replace("<columns>", columns).replace("<table>", f'"{self.name}"')


async def copy(source: Database, incarnation: str, told: Told) -> list[Copied]:
    """Copy everything from an open SQLite database into the one that the task is in.

    Args:
        source: Of this release.
        incarnation: Used for a moment only: the copy has that of the source.
        told: Hears how far it has come.

    Raises:
        CopyError: The target has tables, or a row does not fit into it or came out otherwise.
        StorageUnavailable: One of the two is away.
    """
    async with source.driver.transaction() as reading, transaction():
        driver, connection = writer()
        if not await is_empty():
            raise CopyError("the target has tables already; name an empty database")
        await migrate.apply(incarnation)
        await driver.prepare_migration(connection)
        await driver.run(connection, _PATIENTLY, [])
        # The first row of each would be in the way: the copy brings its own.
        await driver.run(connection, "DELETE FROM setting", [])
        tables = _tables(await fetch(_THERE))
        await _same_tables(source, reading, tables)
        copied = [
            await _copied(source, reading, table, cast("asyncpg.Connection", connection), told)
            for table in tables
        ]
        await _continue_counting(source, reading, tables)
    return copied


async def is_empty() -> bool:
    """Whether the PostgreSQL database that the task is in has no table at all."""
    return not await fetch(_THERE)


def _tables(rows: Sequence[Row]) -> list[_Table]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        if row["table"] != RECORD:
            found.setdefault(row["table"], []).append(row)
    return [
        _Table(
            name,
            tuple(row["name"] for row in columns),
            {row["name"]: row["type"] for row in columns},
            {row["name"]: row["sequence"] for row in columns if row["sequence"]},
        )
        for name, columns in found.items()
    ]


async def _same_tables(source: Database, reading: object, tables: Sequence[_Table]) -> None:
    held = {row["name"] for row in await source.driver.fetch(reading, _HELD, [])} - {RECORD}
    made = {table.name for table in tables}
    if held != made:
        raise CopyError(f"the source has other tables: {', '.join(sorted(held ^ made))}")


async def _copied(
    source: Database, reading: object, table: _Table, connection: asyncpg.Connection, told: Told
) -> Copied:
    """Copy a table, and read it back."""
    counted = await source.driver.fetch(reading, table.fill_in(_COUNT), [])
    most = int(counted[0]["n"])
    told(table.name, 0, most)
    digest, back = Digest(), Digest()
    try:
        async for rows in _read(source, reading, table):
            for row in rows:
                digest.add(row)
            await connection.copy_records_to_table(
                table.name, records=rows, columns=list(table.columns)
            )
            told(table.name, digest.rows, most)
        async for row in connection.cursor(table.fill_in(_ALL), prefetch=ROWS_AT_ONCE):
            back.add(tuple(row))
    except FAILURES as error:
        raise CopyError(f"{table.name}: {type(error).__name__}: {error}") from error
    if (digest.rows, digest.text()) != (back.rows, back.text()):
        raise CopyError(f"{table.name}: what was written is not what is read back")
    return Copied(table.name, digest.rows, digest.text())


async def _read(
    source: Database, reading: object, table: _Table
) -> AsyncIterator[list[tuple[Value, ...]]]:
    """The rows of a table as the target holds them, some at a time."""
    after, sql = 0, table.fill_in(_SOME)
    while rows := await source.driver.fetch(reading, sql, [after, ROWS_AT_ONCE]):
        yield [
            tuple(_fitted(row[name], table.types[name]) for name in table.columns) for row in rows
        ]
        after = rows[-1]["_row"]


def _fitted(value: Value, type_: str) -> Value:
    """SQLite knows neither booleans nor that a text is no number."""
    if value is None or type_ != "boolean":
        return value
    return bool(value)


async def _continue_counting(source: Database, reading: object, tables: Sequence[_Table]) -> None:
    """No id that was given is given again, even if its row is gone: streams and cursors name it."""
    rows = await source.driver.fetch(reading, _COUNTED_TO, [])
    counted = {row["name"]: int(row["seq"]) for row in rows}
    for table in tables:
        for sequence in table.sequences.values():
            if counted.get(table.name):
                await fetch(_SET_SEQUENCE, sequence, counted[table.name])
