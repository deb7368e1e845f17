"""What sqlite3 and the ORM raise, in our words."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final, NoReturn

from tortoise.exceptions import BaseORMException

from storage.errors import Conflict, StorageError, StorageUnavailable

_AWAY = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
    }
)


def translated(error: Exception) -> StorageError | None:
    """Our error for one of sqlite3 or the ORM, or None if it is a bug."""
    if isinstance(error, BaseORMException) and error.args and isinstance(error.args[0], Exception):
        error = error.args[0]
    if isinstance(error, sqlite3.IntegrityError):
        return Conflict(str(error))
    if isinstance(error, sqlite3.Error):
        code = (getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF
        if code in _AWAY:
            return StorageUnavailable(str(error))
    return None


def fail(error: Exception) -> NoReturn:
    """Raise it in our words if there are any."""
    ours = translated(error)
    if ours is None:
        raise error
    raise ours from error


# What the drivers raise, and nothing of ours.
TRANSLATED: Final = (sqlite3.Error, BaseORMException)


@asynccontextmanager
async def translating() -> AsyncIterator[None]:
    """What the block raises is raised in our words."""
    try:
        yield
    except TRANSLATED as error:
        fail(error)
