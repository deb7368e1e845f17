"""Actors, keys and handles as GoToSocial and snac really serve them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from federation.remote.key_memory import KeyFound
from storage.actors import StoredActor
from tests.support.remote_node import RemoteNode, remote_node
from tests.support.tls_peer import Authority, TlsPeer, peer, settings_for

WIRE = Path(__file__).parent.parent / "wire"
GOTOSOCIAL = WIRE / "gotosocial" / "read"
SNAC = WIRE / "snac2" / "read"


@pytest.fixture
async def beta(issuer: Authority) -> AsyncIterator[TlsPeer]:
    async with peer(issuer, "gts1.test", "snac1.test") as server:
        yield server


@pytest.fixture
async def node(issuer: Authority, beta: TlsPeer, database_file: Path) -> AsyncIterator[RemoteNode]:
    async with remote_node(database_file, settings_for(issuer, beta)) as opened:
        yield opened


async def test_a_gotosocial_key_is_found_at_its_own_url(node: RemoteNode, beta: TlsPeer):
    beta.serve("/users/alice1/main-key", (GOTOSOCIAL / "gts-main-key-unsigned.json").read_bytes())
    beta.serve("/users/alice1", (GOTOSOCIAL / "gts1.test-actor.json").read_bytes())

    found = await node.keys.find("https://gts1.test/users/alice1/main-key")

    assert isinstance(found, KeyFound)
    assert found.key.owner == "https://gts1.test/users/alice1"
    assert beta.paths() == ["/users/alice1/main-key", "/users/alice1"]


@pytest.mark.parametrize(
    ("handle", "path", "folder"),
    [
        ("@alice1@gts1.test", "/users/alice1", GOTOSOCIAL),
        ("@susan@snac1.test", "/susan", SNAC),
    ],
)
async def test_a_handle_of_a_legacy_server_is_found(
    node: RemoteNode, beta: TlsPeer, handle: str, path: str, folder: Path
):
    host = handle.rpartition("@")[2]
    jrd = (folder / f"{host}-webfinger.json").read_bytes()
    beta.serve("/.well-known/webfinger", jrd, content_type="application/jrd+json")
    beta.serve(path, (folder / f"{host}-actor.json").read_bytes())

    found = await node.handles.resolve(handle)

    assert isinstance(found, StoredActor)
    assert f"@{found.username}@{found.domain}" == handle
    assert found.uri == f"https://{host}{path}"
    assert found.inbox == f"https://{host}{path}/inbox"
    assert not found.aware
