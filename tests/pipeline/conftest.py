"""A batch runs on a database file with the people of tests/support/home_town.py."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from federation.keyring import Keyring
from federation.pipeline.prepare import Tools
from node.entropy import Entropy
from storage import database
from storage.sealing import Sealer
from tests.support.home_town import NOW, RUN, SPACE, found_town
from tests.support.mold import copy_empty, url_of


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database file, made once: every test works on a copy."""
    file = copy_empty(tmp_path_factory.mktemp("town") / "home.db", RUN)

    async def found() -> None:
        async with database.opened(url_of(file)):
            await found_town()

    asyncio.run(found())
    return file


@pytest_asyncio.fixture
async def tools(tmp_path: Path, town: Path) -> AsyncIterator[Tools]:
    file = shutil.copy(town, tmp_path / "home.db")
    async with database.opened(url_of(file)):
        yield Tools(SPACE, Keyring(Sealer(b"\x01" * 32), SPACE), Entropy(lambda: NOW).new_id)
