"""A database URL says which of the two databases it is, and how it is reached."""

from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, cast
from urllib.parse import parse_qs, urlsplit

from storage import models, sqlite_driver, sqlite_engine
from storage.dialect import Driver
from storage.errors import UnsafeDatabase

if TYPE_CHECKING:
    from storage.postgres_engine import Engine

# PERF: asyncpg is 50 ms of a start, and most nodes are on SQLite (benchmarks/start.py).
# ruff: noqa: PLC0415


def configuration(url: str, pool: int) -> tuple[str, dict[str, object]]:
    """The path of a SQLite file, empty for PostgreSQL, and what Tortoise needs to be told.

    Raises:
        UnsafeDatabase: The URL names no database that keeps what it commits.
    """
    parts = urlsplit(url)
    path = ""
    # Tortoise remembers texts by connection name and table, so each kind has its own name.
    if parts.scheme == "sqlite":
        path = parts.path
        if parts.netloc or not path.startswith("/"):
            raise UnsafeDatabase("a SQLite database needs an absolute path: sqlite:///path")
        synchronous = parse_qs(parts.query).get("synchronous", ["FULL"])[-1]
        kind, given = "sqlite", sqlite_engine.credentials(path, synchronous=synchronous)
    elif parts.scheme in {"postgres", "postgresql"}:
        from storage import postgres_engine

        kind, given = "postgres", postgres_engine.credentials(url, pool=pool)
    else:
        raise UnsafeDatabase("a database URL begins with sqlite:/// or postgres://")
    connection = {"engine": f"storage.{kind}_engine", "credentials": given}
    return path, {"connections": {kind: connection}, "apps": models.apps(kind)}


def driver_of(client: object) -> AbstractAsyncContextManager[Driver]:
    """Connect Tortoise's client; the driver lasts as long as the block."""
    if isinstance(client, sqlite_engine.Engine):
        return sqlite_driver.opened(client)
    from storage import postgres_driver

    return postgres_driver.opened(cast("Engine", client))
