"""One process serves a SQLite database: a second one is refused before it touches anything."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from storage.errors import StorageError


# What is so, as in storage/errors.py.
class AlreadyServed(StorageError):  # noqa: N818
    """Another process serves this database."""


@contextmanager
def served(sqlite_path: str) -> Iterator[None]:
    """Hold the lock beside the database while the block lasts; the kernel frees it at a crash.

    Args:
        sqlite_path: Of the database file; empty, for PostgreSQL, needs no lock.

    Raises:
        AlreadyServed: Another process holds it.
    """
    if not sqlite_path:
        yield
        return
    path = Path(f"{sqlite_path}.lock")
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise AlreadyServed(f"another process serves {sqlite_path}") from error
        # The file stays: removing it would let two processes lock two files of one name.
        yield
    finally:
        os.close(descriptor)
