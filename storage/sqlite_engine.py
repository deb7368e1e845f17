"""SQLite never loses a committed row: WAL, synchronous=FULL, every write begun as IMMEDIATE."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from contextvars import copy_context
from functools import partial
from types import TracebackType
from typing import TypeVar, cast

import aiosqlite
from tortoise.backends.base.client import NestedTransactionContext, TransactionContext
from tortoise.backends.sqlite.client import SqliteClient, SqliteTransactionWrapper
from tortoise.connection import get_connections

from storage import failpoint
from storage.errors import StorageUnavailable, UnsafeDatabase

_BUSY_SECONDS = 5
_BETWEEN_TRIES = 0.01
_PRAGMAS = {
    "busy_timeout": _BUSY_SECONDS * 1000,
    "journal_mode": "WAL",
    "synchronous": "FULL",
    "foreign_keys": "ON",
    "journal_size_limit": 64 * 1024 * 1024,
    "cache_size": -16_000,
    "temp_store": "MEMORY",
    "trusted_schema": "OFF",
}
_CACHED_STATEMENTS = 512
_CHUNK_ROWS = 64

Answer = TypeVar("Answer")


class Threaded(aiosqlite.Connection):
    """A connection whose thread takes whole pieces of work, in the order in which they come.

    PERF: handing a statement over and its answer back takes several times as long as most
    statements do (benchmarks/end_to_end.py).
    """

    async def at_a_stretch(self, work: Callable[[sqlite3.Connection], Answer]) -> Answer:
        """Do some work in the connection's thread, to its end even if the caller is cancelled."""
        try:
            return await self._handed_over(partial(copy_context().run, work, self._conn))
        except asyncio.CancelledError:
            # The thread takes one thing after the other: it is through with the work as well.
            await self._handed_over(_nothing)
            raise

    def _handed_over(self, work: Callable[[], Answer]) -> asyncio.Future[Answer]:
        done: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        # As the thread is given every single statement.
        self._tx.put_nowait((done, work))
        return done


def _nothing() -> None:
    """Wait in line."""


class Engine(SqliteClient):
    """Tortoise's client, opened with our pragmas and with transactions that begin IMMEDIATE."""

    _refused_at = 0.0

    # Tortoise calls it so.
    async def create_connection(self, with_db: bool) -> None:  # noqa: FBT001
        """Open the file; pragmas come from the credentials of the configuration."""
        del with_db
        if self._connection is not None:
            return
        connect = partial(
            sqlite3.connect,
            self.filename,
            isolation_level=None,
            cached_statements=_CACHED_STATEMENTS,
        )
        connection = await Threaded(connect, _CHUNK_ROWS)
        connection.row_factory = sqlite3.Row
        slowness = failpoint.slowness()
        if slowness is not None:
            await connection.set_trace_callback(slowness)
        self._connection = connection
        for pragma, value in self.pragmas.items():
            await _patiently(connection, f"PRAGMA {pragma}={value}")
        await self._post_connect()

    @property
    def raw(self) -> Threaded:
        """The open connection."""
        return cast("Threaded", self._connection)

    @property
    def is_taken(self) -> bool:
        """Whether somebody uses the connection."""
        return self._lock.locked()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[Threaded]:
        """The connection, for as long as the block lasts."""
        await self.take_turn()
        try:
            yield self.raw
        except sqlite3.OperationalError as error:
            self.note_refusal(error)
            raise
        finally:
            self.give_turn()

    async def take_turn(self) -> None:
        """Wait until nobody else uses the connection.

        Who stands in line while the file is locked waits no longer than who is first in it.

        Raises:
            StorageUnavailable: Another process has locked the file.
        """
        began = time.monotonic()
        await self._lock.acquire()
        if self._refused_at > began:
            self._lock.release()
            raise StorageUnavailable("database is locked")

    def give_turn(self) -> None:
        """Let the next one use the connection."""
        self._lock.release()

    def note_refusal(self, error: BaseException) -> None:
        """Remember that the file was locked for as long as anybody waits for it."""
        if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_BUSY:
            self._refused_at = time.monotonic()

    def begin(self) -> "ImmediateTransaction":
        """A transaction of its own."""
        return ImmediateTransaction(self)

    def _in_transaction(self) -> TransactionContext:
        return self.begin()


async def _patiently(connection: aiosqlite.Connection, statement: str) -> None:
    # busy_timeout does not cover a read lock that would become a write lock, and that is how
    # a new file enters WAL: of two processes that start at once, SQLite turns one away.
    deadline = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            await connection.execute_fetchall(statement)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            await asyncio.sleep(_BETWEEN_TRIES)
        else:
            return


class Wrapper(SqliteTransactionWrapper):
    """The ORM's view of an open transaction."""

    def _in_transaction(self) -> TransactionContext:
        return NestedTransactionContext(Wrapper(self))

    async def execute_script(self, query: str) -> None:
        """Run several statements; sqlite3's own script call would commit first."""
        statement = ""
        for line in query.splitlines(keepends=True):
            statement += line
            if sqlite3.complete_statement(statement):
                await self._connection.execute_fetchall(statement)
                statement = ""
        if statement.strip():
            await self._connection.execute_fetchall(statement)


class ImmediateTransaction(TransactionContext):
    """One transaction; whatever happens, the connection is free and clean afterwards."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def __aenter__(self) -> Wrapper:
        engine = self._engine
        await engine.take_turn()
        try:
            await engine.raw.execute_fetchall("BEGIN IMMEDIATE")
        except BaseException as error:
            engine.note_refusal(error)
            # Cancelled, it may still begin: the rollback queues behind it.
            await self._leave()
            raise
        wrapper = Wrapper(engine)
        self._token = get_connections().set(engine.connection_name, wrapper)
        return wrapper

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_val: BaseException | None,
        exc_tb: TracebackType | None,
    ) -> None:
        get_connections().reset(self._token)
        if exc_type is not None:
            await self._leave()
            return
        try:
            # Not Connection.commit(): that is silent when an error has rolled back already.
            await self._engine.raw.execute_fetchall("COMMIT")
        except BaseException:
            await self._leave()
            raise
        self._engine.give_turn()

    async def _leave(self) -> None:
        try:
            await self._engine.raw.rollback()
        finally:
            self._engine.give_turn()


client_class = Engine


def reader_of(writer: Engine) -> Engine:
    """A second client of the same file that only reads."""
    return Engine(
        writer.filename, connection_name=writer.connection_name, **_PRAGMAS, query_only="ON"
    )


def credentials(path: str, *, synchronous: str) -> dict[str, object]:
    """What Tortoise's configuration needs to open a database file.

    Raises:
        UnsafeDatabase: `synchronous` would lose committed rows.
    """
    if synchronous.upper() not in {"FULL", "EXTRA", "NORMAL"}:
        raise UnsafeDatabase(f"synchronous={synchronous} loses committed rows")
    return {"file_path": path, **_PRAGMAS, "synchronous": synchronous.upper()}
