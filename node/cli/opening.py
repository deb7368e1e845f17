"""A command has an open, up-to-date database, or ends with the reason."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from node.cli.stop import StopError
from node.config.sections import Config
from storage import migrate
from storage.database import opened

T = TypeVar("T")


def inside(config: Config, action: Callable[[], Awaitable[T]], *, migrated: bool = True) -> T:
    """Do something with the database of this node open.

    Args:
        config: The configuration.
        action: What to do.
        migrated: Whether the tables must be those of this release.

    Raises:
        StopError: The tables are older than this release.
    """

    async def whole() -> T:
        async with opened(config.database_url, pool=config.database.pool):
            if migrated and await migrate.plan():
                raise StopError("the database is older than this release; run covey migrate")
            return await action()

    prepare(config)
    return asyncio.run(whole())


def prepare(config: Config) -> None:
    """Make the data folder and, so that nobody else reads it, the SQLite file.

    Raises:
        StopError: The folder cannot be made or written to.
    """
    make_folder(Path(config.server.data_dir))
    parts = urlsplit(config.database_url)
    if parts.scheme == "sqlite":
        Path(parts.path).touch(mode=0o600)


def make_folder(folder: Path) -> None:
    """Make the data folder for this user alone, if it is not there and may be written to.

    Raises:
        StopError: It is not there and cannot be made, or cannot be written to.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StopError(f"{folder}: cannot be made: {error.strerror}") from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise StopError(f"{folder}: this folder cannot be written to")
