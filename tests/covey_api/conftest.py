import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.support.api_node import ApiNode, Person, api_node, make_database
from tests.support.mold import copy_empty, url_of


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with three accounts, made once and copied for each test."""
    path = copy_empty(tmp_path_factory.mktemp("api") / "covey.sqlite3")
    asyncio.run(make_database(url_of(path)))
    return path


@pytest_asyncio.fixture
async def node(template: Path, tmp_path: Path) -> AsyncIterator[ApiNode]:
    file = shutil.copy(template, tmp_path / "covey.sqlite3")
    async with api_node(url_of(file)) as running:
        yield running


@pytest.fixture
def ana(node: ApiNode) -> Person:
    return node.person("ana")


@pytest.fixture
def bo(node: ApiNode) -> Person:
    return node.person("bo")


@pytest.fixture
def cy(node: ApiNode) -> Person:
    return node.person("cy")
