"""One way to the database: who is inside `opened()` reads and writes by plain functions.

A node opens its database in its own task, and every task it starts inherits it; several nodes in
one process do not see each other (architecture.md, section 13). Inside `transaction()` everything,
the ORM included, goes to that transaction; a task started there is refused.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from tortoise.context import TortoiseContext

from storage import dialect
from storage.connect import configuration, driver_of
from storage.dialect import Driver, Insert, Update, Value
from storage.wakeups import Channel, Wakeups

# Who fetches names what came, and has no business with dialects.
Row = dialect.Row


@dataclass(frozen=True, slots=True)
class Database:
    """An open database; `sqlite_path` is empty on PostgreSQL."""

    driver: Driver
    wakeups: Wakeups
    tortoise: TortoiseContext
    sqlite_path: str


@dataclass(slots=True)
class _Work:
    """An open transaction, or a reader when it has no connection."""

    connection: object | None
    task: asyncio.Task[object] | None
    is_open: bool = True
    has_failed: bool = False
    wakes: dict[Channel, set[str]] = field(default_factory=dict)


_DATABASE: ContextVar[Database] = ContextVar("covey_database")
_WORK: ContextVar[_Work | None] = ContextVar("covey_work", default=None)


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
            token = _DATABASE.set(database)
            try:
                yield database
            finally:
                _DATABASE.reset(token)


def current() -> Database:
    """The database of the node this task belongs to."""
    return _DATABASE.get()


@asynccontextmanager
async def transaction() -> AsyncIterator[None]:
    """Everything in the block is written together or not at all.

    Inside another transaction it joins that one. A statement that failed inside makes the commit
    fail too, even if somebody has caught its error.
    """
    outer = _work()
    if outer is not None:
        if outer.connection is None:
            raise RuntimeError("a reader does not write")
        with _joined(outer):
            yield
        return
    database = _DATABASE.get()
    async with database.driver.transaction() as connection:
        work = _Work(connection, asyncio.current_task())
        token = _WORK.set(work)
        try:
            with _joined(work):
                yield
            if work.has_failed:
                raise RuntimeError("a statement of this transaction has failed before")
            await database.wakeups.tell_others(connection, work.wakes)
        finally:
            work.is_open = False
            _WORK.reset(token)
    database.wakeups.ring(work.wakes)


@contextmanager
def _joined(work: _Work) -> Iterator[None]:
    try:
        yield
    except BaseException:
        work.has_failed = True
        raise


@asynccontextmanager
async def reader() -> AsyncIterator[None]:
    """The ORM reads here without waiting for the writer; nothing may be written.

    Inside a transaction it reads through that one.
    """
    if _work() is not None:
        yield
        return
    async with _DATABASE.get().driver.reader():
        token = _WORK.set(_Work(None, asyncio.current_task()))
        try:
            yield
        finally:
            _WORK.reset(token)


def _work() -> _Work | None:
    work = _WORK.get()
    if work is not None and not (work.is_open and work.task is asyncio.current_task()):
        raise RuntimeError("a task was started inside a transaction")
    return work


async def fetch(sql: str, *args: Value) -> list[Row]:
    """The rows of a query or of a RETURNING clause, which come in no promised order.

    Placeholders are `$1`, and a list goes with `= ANY($1)`. Outside a transaction a query sees
    the newest commit, and a statement that writes is its own transaction.
    """
    work = _work()
    driver = _DATABASE.get().driver
    if work is None:
        return await driver.fetch(None, sql, args)
    with _joined(work):
        return await driver.fetch(work.connection, sql, args)


async def run(sql: str, *args: Value) -> int:
    """How many rows the statement has changed."""
    work = _work()
    driver = _DATABASE.get().driver
    if work is None:
        return await driver.run(None, sql, args)
    with _joined(work):
        return await driver.run(_writing(work), sql, args)


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
    work = _work()
    return await current().driver.is_table(None if work is None else work.connection, name)


async def wake(channel: Channel, *keys: str) -> None:
    """Wake who waits at a channel: at the commit inside a transaction, else at once."""
    work = _work()
    if work is not None and work.connection is not None:
        work.wakes.setdefault(channel, set()).update(keys)
        return
    wakeups = _DATABASE.get().wakeups
    wakeups.ring({channel: keys})
    await wakeups.tell_others(None, {channel: keys})


def writer() -> tuple[Driver, object]:
    """The driver and the connection of the open transaction, for storage itself."""
    work = _work()
    if work is None:
        raise RuntimeError("this needs a transaction")
    return _DATABASE.get().driver, _writing(work)


def _writing(work: _Work) -> object:
    if work.connection is None:
        raise RuntimeError("a reader does not write")
    return work.connection
