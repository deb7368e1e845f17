import socket
from collections.abc import AsyncIterator, Iterator

import pytest

from tests.support.tls_peer import Authority, TlsPeer, authority, peer


@pytest.fixture(scope="session")
def issuer() -> Iterator[Authority]:
    with authority() as made:
        yield made


@pytest.fixture
async def alpha(issuer: Authority) -> AsyncIterator[TlsPeer]:
    async with peer(issuer, "alpha.test") as server:
        yield server


@pytest.fixture
async def beta(issuer: Authority) -> AsyncIterator[TlsPeer]:
    async with peer(issuer, "beta.test") as server:
        yield server


@pytest.fixture
def unused_port() -> Iterator[int]:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]
