"""Whole pieces of work are done in the thread of a connection of SQLite, from begin to commit."""

import sqlite3
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from storage.sqlite_engine import Engine
from storage.sqlite_errors import TRANSLATED, fail

Answer = TypeVar("Answer")


class Stretches:
    """Work is done in the thread of its connection from begin to commit.

    PERF: plain blocks in place of `translating` and `turn`, which are two generators each time
    (benchmarks/end_to_end.py).
    """

    def __init__(self, writer: Engine, reader: Engine) -> None:
        self._writer = writer
        self._reader = reader

    async def write(self, work: Callable[[object], Answer]) -> Answer:
        """A transaction on the only writing connection."""
        engine = self._writer
        await engine.take_turn()
        try:
            return await engine.raw.at_a_stretch(partial(_transacted, work=work))
        except TRANSLATED as error:
            engine.note_refusal(error)
            fail(error)
        finally:
            engine.give_turn()

    async def read(self, work: Callable[[object], Answer]) -> Answer:
        """Queries of one moment."""
        try:
            return await self._reader.raw.at_a_stretch(partial(_read_together, work=work))
        except TRANSLATED as error:
            fail(error)


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
