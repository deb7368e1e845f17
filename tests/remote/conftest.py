import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.support.mold import copy_empty
from tests.support.remote_node import RemoteNode, make_database, remote_node
from tests.support.signing import rsa_key
from tests.support.tls_peer import Authority, TlsPeer, authority, peer, settings_for


@pytest.fixture(scope="session")
def issuer() -> Iterator[Authority]:
    with authority() as made:
        yield made


@pytest.fixture
async def beta(issuer: Authority) -> AsyncIterator[TlsPeer]:
    async with peer(issuer, "beta.test", "social.beta.test", "evil.test", "home.test") as server:
        yield server


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database made once, since its schema takes longer than most tests."""
    file = copy_empty(tmp_path_factory.mktemp("template") / "node.sqlite3")
    asyncio.run(make_database(file, rsa_key()))
    return file


@pytest.fixture
def database_file(template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(template, tmp_path / "node.sqlite3"))


@pytest.fixture
async def node(issuer: Authority, beta: TlsPeer, database_file: Path) -> AsyncIterator[RemoteNode]:
    async with remote_node(database_file, settings_for(issuer, beta)) as opened:
        yield opened
