"""Whole pieces of work are done in the thread of a connection of SQLite, from begin to commit."""

import sqlite3
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from storage.sqlite_engine import Engine
from storage.sqlite_errors import translating

Answer = TypeVar("Answer")


class Stretches:
    """Work is done in the thread of its connection from begin to commit."""

    def __init__(self, writer: Engine, reader: Engine) -> None:
        self._writer = writer
        self._reader = reader

    async def write(self, work: Callable[[object], Answer]) -> Answer:
        """A transaction on the only writing connection."""
        async with translating(), self._writer.turn() as raw:
            return await raw.at_a_stretch(partial(_transacted, work=work))

    async def read(self, work: Callable[[object], Answer]) -> Answer:
        """Queries of one moment."""
        async with translating():
            return await self._reader.raw.at_a_stretch(lambda raw: _read_together(raw, work))


def _transacted(raw: sqlite3.Connection, work: Callable[[object], Answer]) -> Answer:
    raw.execute("BEGIN IMMEDIATE")
    try:
        answer = work(raw)
        # Not Connection.commit(): that is silent when an error has rolled back already.
        raw.execute("COMMIT")
    except BaseException:
        raw.rollback()
        raise
    return answer


def _read_together(raw: sqlite3.Connection, work: Callable[[object], Answer]) -> Answer:
    raw.execute("BEGIN")
    try:
        return work(raw)
    finally:
        raw.rollback()
