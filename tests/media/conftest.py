import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.media.sharing import Sharer
from tests.support.api_node import ApiNode, api_node, make_database
from tests.support.mold import copy_empty, url_of


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with three accounts, made once and copied for each test."""
    path = copy_empty(tmp_path_factory.mktemp("api") / "covey.sqlite3")
    asyncio.run(make_database(url_of(path)))
    return path


@pytest.fixture
def url(template: Path, tmp_path: Path) -> str:
    return url_of(shutil.copy(template, tmp_path / "covey.sqlite3"))


@pytest_asyncio.fixture
async def node(url: str) -> AsyncIterator[ApiNode]:
    async with api_node(url) as running:
        yield running


@pytest.fixture
def ana(node: ApiNode) -> Sharer:
    return Sharer(node.person("ana"))


@pytest.fixture
def bo(node: ApiNode) -> Sharer:
    return Sharer(node.person("bo"))
