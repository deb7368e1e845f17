"""What asyncpg and the ORM raise, in our words."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NoReturn

import asyncpg
from tortoise.exceptions import BaseORMException, DBConnectionError

from storage.errors import Conflict, StorageError, StorageUnavailable

_AWAY = (
    DBConnectionError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.LockNotAvailableError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.InvalidAuthorizationSpecificationError,
    OSError,
    TimeoutError,
)
# An index entry over its size is a row that cannot be; the caller's data, not our bug.
_CONFLICTS = (
    asyncpg.IntegrityConstraintViolationError,
    asyncpg.TransactionRollbackError,
    asyncpg.ProgramLimitExceededError,
)
FAILURES = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, BaseORMException)


def translated(error: Exception) -> StorageError | None:
    """Our error for one of asyncpg or the ORM, or None if it is a bug."""
    if isinstance(error, BaseORMException) and error.args and isinstance(error.args[0], Exception):
        error = error.args[0]
    if isinstance(error, _CONFLICTS):
        return Conflict(str(error))
    # A connection that was closed under us; wrong arguments are InterfaceErrors too.
    closed = isinstance(error, asyncpg.InterfaceError) and "clos" in str(error)
    if closed or isinstance(error, _AWAY):
        return StorageUnavailable(f"{type(error).__name__}: {error}")
    return None


def fail(error: Exception) -> NoReturn:
    """Raise it in our words if there are any."""
    ours = translated(error)
    if ours is None:
        raise error
    raise ours from error


@asynccontextmanager
async def translating() -> AsyncIterator[None]:
    """What the block raises is raised in our words."""
    try:
        yield
    except FAILURES as error:
        fail(error)
