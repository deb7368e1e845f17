"""What a task is in: its node's open database, and perhaps a transaction or a reader of it.

Inside `transaction()` everything, the ORM included, goes to that transaction; a task started there
is refused. `transact` and `together` take a whole piece of work instead of a block.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from threading import get_ident
from typing import ParamSpec, TypeVar

from tortoise.context import TortoiseContext

from storage.dialect import Driver
from storage.tally import Tally
from storage.wakeups import Channel, Wakeups

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Database:
    """An open database, and what its node counts; `sqlite_path` is empty on PostgreSQL."""

    driver: Driver
    wakeups: Wakeups
    tortoise: TortoiseContext
    sqlite_path: str
    tally: Tally = field(default_factory=Tally)


@dataclass(slots=True)
class Work:
    """An open transaction, or a reader.

    Attributes:
        connection: Where it runs; None stands for the connection that everybody reads from.
        task: Whose it is, or None when it is all that its thread does.
    """

    connection: object | None
    task: asyncio.Task[object] | None
    thread: int = field(default_factory=get_ident)
    may_write: bool = True
    is_open: bool = True
    has_failed: bool = False
    wakes: dict[Channel, set[str]] = field(default_factory=dict)


_DATABASE: ContextVar[Database] = ContextVar("covey_database")
_WORK: ContextVar[Work | None] = ContextVar("covey_work", default=None)


@contextmanager
def opening(database: Database) -> Iterator[None]:
    """This database is the task's, and that of each task it starts, while the block lasts."""
    token = _DATABASE.set(database)
    try:
        yield
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
    outer = here()
    if outer is not None:
        writing(outer)
        with joined(outer):
            yield
        return
    database = _DATABASE.get()
    timing = database.tally.database["transaction"].timing()
    async with timing, database.driver.transaction() as connection:
        work = Work(connection, asyncio.current_task())
        with _set(work):
            with joined(work):
                yield
            if work.has_failed:
                raise RuntimeError("a statement of this transaction has failed before")
            await database.wakeups.tell_others(connection, work.wakes)
    database.wakeups.ring(work.wakes)


@contextmanager
def joined(work: Work) -> Iterator[None]:
    """What fails in the block makes the commit fail."""
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
    if here() is not None:
        yield
        return
    async with _DATABASE.get().driver.reader():
        with _set(Work(None, asyncio.current_task(), may_write=False)):
            yield


@contextmanager
def _set(work: Work) -> Iterator[None]:
    token = _WORK.set(work)
    try:
        yield
    finally:
        work.is_open = False
        _WORK.reset(token)


async def transact(do: Callable[[], Awaitable[Answer]]) -> Answer:
    """What `do` answers, once everything that it wrote is committed; as in `transaction()`.

    `do` waits for the database and for nothing else. On SQLite all of it is handed to the thread
    of the database at once: `do` runs there, so what it shares with others must bear that.
    Inside another transaction it joins that one.
    """
    database = _DATABASE.get()
    stretch = database.driver.at_a_stretch
    if stretch is None or here() is not None:
        async with transaction():
            return await do()
    wakes: dict[Channel, set[str]] = {}
    with database.tally.database["transaction"].timing():
        answer = await stretch.write(
            lambda connection: _done_in(Work(connection, None, wakes=wakes), do)
        )
    database.wakeups.ring(wakes)
    return answer


def together(query: Callable[Given, Awaitable[Answer]]) -> Callable[Given, Awaitable[Answer]]:
    """A query of several statements that waits for nothing but them, as one.

    On SQLite it is handed over as a whole, as `transact` does, and sees one moment.
    """

    @wraps(query)
    async def read(*args: Given.args, **kwargs: Given.kwargs) -> Answer:
        if here() is not None:
            return await query(*args, **kwargs)
        stretch = _DATABASE.get().driver.at_a_stretch
        if stretch is None:
            with _set(Work(None, asyncio.current_task(), may_write=False)):
                return await query(*args, **kwargs)
        return await stretch.read(
            lambda connection: _done_in(
                Work(connection, None, may_write=False), lambda: query(*args, **kwargs)
            )
        )

    return read


def _done_in(work: Work, do: Callable[[], Awaitable[Answer]]) -> Answer:
    """Run to its end, in this thread, what never has to wait."""
    with _set(work):
        steps = do().__await__()
        try:
            next(steps)
        except StopIteration as end:
            answer: Answer = end.value
        else:
            raise RuntimeError("what is done at a stretch waits for the database alone")
    if work.has_failed:
        raise RuntimeError("a statement of this transaction has failed before")
    return answer


def here() -> Work | None:
    """What the task is in, None outside of everything.

    Raises:
        RuntimeError: It was started in what is another's.
    """
    work = _WORK.get()
    if work is not None and not (work.is_open and _is_ours(work)):
        raise RuntimeError("a task was started inside a transaction")
    return work


def _is_ours(work: Work) -> bool:
    if work.task is None:
        return work.thread == get_ident()
    return work.task is asyncio.current_task()


async def wake(channel: Channel, *keys: str) -> None:
    """Wake who waits at a channel: at the commit inside a transaction, else at once."""
    work = here()
    if work is not None and work.may_write:
        work.wakes.setdefault(channel, set()).update(keys)
        return
    wakeups = current().wakeups
    wakeups.ring({channel: keys})
    await wakeups.tell_others(None, {channel: keys})


def writer() -> tuple[Driver, object]:
    """The driver and the connection of the open transaction, for storage itself."""
    work = here()
    if work is None:
        raise RuntimeError("this needs a transaction")
    return _DATABASE.get().driver, writing(work)


def writing(work: Work) -> object:
    """The connection, which may be written through.

    Raises:
        RuntimeError: It only reads.
    """
    if not work.may_write:
        raise RuntimeError("a reader does not write")
    return work.connection
