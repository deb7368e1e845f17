"""One way to the database: who is inside `opened()` reads and writes by plain functions.

A node opens its database in its own task, and every task it starts inherits it; several nodes in
one process do not see each other (architecture.md, section 13). What is written together is said
by `storage/work.py`.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from tortoise.context import TortoiseContext

from storage import dialect
from storage.connect import configuration, driver_of
from storage.dialect import Insert, Update, Value
from storage.wakeups import Wakeups
from storage.work import (
    Database,
    current,
    here,
    joined,
    opening,
    reader,
    together,
    transact,
    transaction,
    wake,
    writer,
    writing,
)

__all__ = [
    "Database",
    "Row",
    "count_inserted",
    "current",
    "exclusive",
    "fetch",
    "has_table",
    "insert_many",
    "opened",
    "reader",
    "run",
    "together",
    "transact",
    "transaction",
    "update_many",
    "wake",
    "writer",
]

# Who fetches names what came, and has no business with dialects.
Row = dialect.Row


@asynccontextmanager
async def opened(url: str, *, pool: int = 10) -> AsyncIterator[Database]:
    """Open a database in the caller's task.

    Args:
        url: `sqlite:///abs/path`, with `?synchronous=NORMAL` for those who accept to lose the
            newest commits in a power cut, or `postgres://user@host:port/name`.
        pool: The most connections to PostgreSQL.

    Raises:
        StorageUnavailable: It cannot be reached or opened.
        UnsafeDatabase: Its settings would lose committed rows.
    """
    async with TortoiseContext() as tortoise:
        path, config = configuration(url, pool)
        await tortoise.init(config=config)
        async with driver_of(tortoise.db()) as driver:
            database = Database(driver, Wakeups(driver), tortoise, path)
            with opening(database):
                yield database


async def fetch(sql: str, *args: Value) -> list[Row]:
    """The rows of a query or of a RETURNING clause, which come in no promised order.

    Placeholders are `$1`, and a list goes with `= ANY($1)`. Outside a transaction a query sees
    the newest commit, and a statement that writes is its own transaction.
    """
    work, database = here(), current()
    with database.tally.database["fetch"].timing():
        if work is None:
            return await database.driver.fetch(None, sql, args)
        with joined(work):
            return await database.driver.fetch(work.connection, sql, args)


async def run(sql: str, *args: Value) -> int:
    """How many rows the statement has changed."""
    work = here()
    driver = current().driver
    if work is None:
        return await driver.run(None, sql, args)
    with joined(work):
        return await driver.run(writing(work), sql, args)


async def insert_many(
    table: str,
    columns: tuple[str, ...],
    rows: Sequence[Sequence[Value]],
    *,
    conflict: str = "",
    returning: tuple[str, ...] = (),
) -> list[Row]:
    """Add rows of one shape; answer the `returning` columns of those that were added.

    Args:
        table: A constant of our code, as are all names here.
        columns: What each row holds, in this order.
        rows: May be empty.
        conflict: Such as "ON CONFLICT (a, b) DO NOTHING". A DO UPDATE must not meet the same key
            twice in `rows`.
        returning: Columns to answer; empty answers an empty list.
    """
    if not rows:
        return []
    async with transaction():
        driver, connection = writer()
        insert = Insert(table, columns, conflict, returning)
        return (await driver.insert_many(connection, insert, rows))[1]


async def count_inserted(
    table: str, columns: tuple[str, ...], rows: Sequence[Sequence[Value]], *, conflict: str = ""
) -> int:
    """Add rows as `insert_many` does; answer how many were added."""
    if not rows:
        return 0
    async with transaction():
        driver, connection = writer()
        return (await driver.insert_many(connection, Insert(table, columns, conflict), rows))[0]


async def update_many(
    table: str, keys: tuple[str, ...], columns: tuple[str, ...], rows: Sequence[Sequence[Value]]
) -> int:
    """Set `columns` in the rows that `keys` name; each row is its keys, then its values."""
    if not rows:
        return 0
    async with transaction():
        driver, connection = writer()
        return await driver.update_many(connection, Update(table, keys, columns), rows)


async def exclusive(name: str) -> None:
    """Until the transaction ends, no other one passes here under this name."""
    driver, connection = writer()
    await driver.exclusive(connection, name)


async def has_table(name: str) -> bool:
    """Whether the database has this table."""
    work = here()
    return await current().driver.is_table(None if work is None else work.connection, name)
