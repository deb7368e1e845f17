"""A migrated SQLite file with one account, and a clock that stands still."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio

from node.entropy import Entropy
from storage import database
from storage.changes import AddAccount
from storage.database import Database
from storage.write import write
from tests.support.mold import copy_empty, url_of

NOW = datetime(2026, 9, 3, 12, 5, tzinfo=UTC)


async def make(path: Path) -> None:
    account = AddAccount(
        name="al",
        actor_uri="https://alpha.test/u/al",
        display_name="Al",
        role="member",
        password_hash="",
        at=NOW,
    )
    async with database.opened(url_of(path)), database.transaction():
        await write([account])


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = copy_empty(tmp_path_factory.mktemp("identity") / "covey.db")
    asyncio.run(make(path))
    return path


@pytest_asyncio.fixture(name="database")
async def opened_database(template: Path, tmp_path: Path) -> AsyncIterator[Database]:
    path = shutil.copy(template, tmp_path / "covey.db")
    async with database.opened(url_of(path)) as opened:
        yield opened


@pytest.fixture
def entropy() -> Entropy:
    return Entropy(lambda: NOW)


@pytest.fixture
def now() -> datetime:
    return NOW
