"""A SQLite database is copied while others write to it: one moment of it, piece by piece.

A read transaction holds the moment. In WAL nobody who writes waits for it, and the copy does not
begin again at each commit, as SQLite's does without one: on a busy node it would never end. What is
written meanwhile stays in the write-ahead log until the copy is done.

Source: operations.md 6, delivery.md 4
"""

import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final

from storage import failpoint
from storage.errors import StorageError

PAGES_AT_ONCE: Final = 256
# Others use the disk too. A flush of all at the end would hold up theirs for as long as it takes.
PAUSE_S: Final = 0.004
FLUSHED_EVERY: Final = 16
_BUSY_S: Final = 5.0
_PAGES_HELD: Final = 64

# Called with how many pages are copied, and how many there are.
Told = Callable[[int, int], None]


class HalfCopyError(StorageError):
    """There is no whole copy; what was written of it is worth nothing."""


def copy_file(
    source: str, target: Path, told: Told, pause: Callable[[float], None] = time.sleep
) -> None:
    """Copy a database that may be in use to a file that is not there yet.

    Args:
        source: The path of the database.
        target: In a folder that is there.
        told: Hears after each piece how far it has come.
        pause: Lets others have the disk.

    Raises:
        HalfCopyError: The source cannot be read, or the target cannot be written.
        FileExistsError: There is something at the target.
    """
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    pieces = 0

    def progress(_status: int, remaining: int, total: int) -> None:
        nonlocal pieces
        pieces += 1
        if pieces % FLUSHED_EVERY == 0:
            flush(target)
        failpoint.hit("mid-backup")
        told(total - remaining, total)
        if remaining:
            pause(PAUSE_S)

    try:
        with (
            closing(sqlite3.connect(source, timeout=_BUSY_S, isolation_level=None)) as reading,
            closing(sqlite3.connect(target, isolation_level=None)) as writing,
        ):
            reading.execute("PRAGMA query_only = ON")
            reading.execute("BEGIN")
            reading.execute("SELECT COUNT(*) FROM sqlite_master").fetchall()
            for pragma in (
                "journal_mode = OFF",
                "synchronous = OFF",
                f"cache_size = {_PAGES_HELD}",
            ):
                writing.execute(f"PRAGMA {pragma}").fetchall()
            reading.backup(writing, pages=PAGES_AT_ONCE, progress=progress)
    except sqlite3.Error as error:
        raise HalfCopyError(f"{target}: {error}") from error
    flush(target)


def flush(path: Path) -> None:
    """Have what was written to a file, or what a folder names, on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def find_damage(path: Path) -> str:
    """What SQLite finds wrong with a database file that nobody uses; "" if it is sound."""
    try:
        with closing(sqlite3.connect(f"file:{path}?immutable=1", uri=True)) as connection:
            (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
            if found == "ok" and connection.execute("PRAGMA foreign_key_check").fetchone():
                found = "a row refers to one that is not there"
    except sqlite3.Error as error:
        return str(error)
    return "" if found == "ok" else str(found)
