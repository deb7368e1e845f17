"""Fixtures of tests in which whole nodes meet, on SQLite files, and on PostgreSQL if there is one.

A conftest imports those that its tests need.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
import trustme

from tests.support.network import POSTGRES, Molds, Network

ENGINES = [
    "sqlite",
    pytest.param(
        "postgres",
        marks=[
            pytest.mark.postgres,
            pytest.mark.skipif(not POSTGRES, reason="no PostgreSQL named"),
        ],
    ),
]


@pytest.fixture(scope="session")
def ca() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(autouse=True)
def no_system_cas(ca: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading all certificate authorities of the system takes 0.2 s for each node that starts."""
    ca.cert_pem.write_to_path(str(tmp_path / "only-ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "only-ca.pem"))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path / "no-cas"))


@pytest.fixture(scope="session", params=ENGINES)
def molds(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Molds:
    return Molds(request.param, tmp_path_factory.mktemp("molds"))


@pytest_asyncio.fixture
async def network(tmp_path: Path, ca: trustme.CA, molds: Molds) -> AsyncIterator[Network]:
    """Nodes in this process, with one clock that the test moves."""
    opened = Network(tmp_path, ca, molds)
    await opened.open()
    yield opened
    await opened.close()
