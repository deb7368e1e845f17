"""Every storage test runs on a SQLite file, and on PostgreSQL where there is one.

`COVEY_TEST_POSTGRES=postgres://user@host:port/name` names a server in which databases may be made.
"""

import os
import shutil
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest
import pytest_asyncio

from storage import database, migrate
from storage.database import Database
from tests.support.mold import copy_empty

SERVER = os.environ.get("COVEY_TEST_POSTGRES", "")
NUMBERS = count(1)

ENGINES = [
    "sqlite",
    pytest.param(
        "postgres",
        marks=[pytest.mark.postgres, pytest.mark.skipif(not SERVER, reason="no PostgreSQL named")],
    ),
]


async def on_server(statement: str) -> None:
    connection = await asyncpg.connect(SERVER)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def new_postgres(template: str = "template0") -> str:
    """The URL of a new database; the server is thrown away as a whole."""
    name = f"covey_{os.getpid()}_{next(NUMBERS)}"
    await on_server(f'CREATE DATABASE "{name}" TEMPLATE "{template}" ENCODING UTF8')
    return urlsplit(SERVER)._replace(path=f"/{name}").geturl()


class Templates:
    """One migrated database of each kind, copied for each test."""

    def __init__(self, folder: Path) -> None:
        self._file = copy_empty(folder / "template.sqlite3")
        self._postgres = ""

    async def copy(self, engine: str, folder: Path) -> str:
        if engine == "postgres":
            if not self._postgres:
                url = await new_postgres()
                await self._migrate(url)
                self._postgres = urlsplit(url).path.lstrip("/")
            return await new_postgres(self._postgres)
        return f"sqlite://{shutil.copy(self._file, folder / 'covey.sqlite3')}"

    async def _migrate(self, url: str) -> None:
        async with database.opened(url):
            await migrate.apply("0" * 32)


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    return Templates(tmp_path_factory.mktemp("templates"))


@pytest_asyncio.fixture(params=ENGINES)
async def database_url(request: pytest.FixtureRequest, templates: Templates, tmp_path: Path) -> str:
    """A database with every table and no row but its incarnation."""
    return await templates.copy(request.param, tmp_path)


@pytest_asyncio.fixture(params=ENGINES)
async def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without any table."""
    if request.param == "postgres":
        return await new_postgres()
    return f"sqlite://{tmp_path / 'covey.sqlite3'}"


@pytest_asyncio.fixture(name="database")
async def opened_database(database_url: str) -> AsyncIterator[Database]:
    """The same, open."""
    async with database.opened(database_url) as opened:
        yield opened
