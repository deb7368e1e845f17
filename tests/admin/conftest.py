"""A whole node, and people of every role in a browser at it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
import trustme

from tests.network.conftest import ENGINES
from tests.support.console import Console, at_console
from tests.support.live_node import LiveNode
from tests.support.network import Molds, Network


@pytest.fixture(scope="session")
def ca() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(autouse=True)
def no_system_cas(ca: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As for network tests."""
    ca.cert_pem.write_to_path(str(tmp_path / "only-ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "only-ca.pem"))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path / "no-cas"))


@pytest.fixture(scope="session", params=ENGINES)
def molds(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Molds:
    return Molds(request.param, tmp_path_factory.mktemp("molds"))


@pytest_asyncio.fixture
async def network(tmp_path: Path, ca: trustme.CA, molds: Molds) -> AsyncIterator[Network]:
    opened = Network(tmp_path, ca, molds)
    await opened.open()
    yield opened
    await opened.close()


@pytest_asyncio.fixture
async def node(network: Network) -> LiveNode:
    (alpha,) = await network.start("alpha.test")
    return alpha


@pytest_asyncio.fixture
async def owner(node: LiveNode) -> Console:
    return await at_console(node, "olga", "owner")


@pytest_asyncio.fixture
async def admin(node: LiveNode) -> Console:
    return await at_console(node, "ada", "admin")


@pytest_asyncio.fixture
async def moderator(node: LiveNode) -> Console:
    return await at_console(node, "mo", "moderator")


@pytest_asyncio.fixture
async def member(node: LiveNode) -> Console:
    return await at_console(node, "cy", "member")
