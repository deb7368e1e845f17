"""The parts of a node that ask other servers, with a real database and a virtual clock."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from federation.keyring import Keyring, new_pairs
from federation.protocol.keys import multikey_of, pem_of
from federation.protocol.namespace import Namespace
from federation.protocol.vocabulary import PROFILE
from federation.remote.actors import Directory
from federation.remote.allowance import Allowances, Newcomers
from federation.remote.key_memory import KeyMemory
from federation.remote.keys import RemoteKeys
from federation.remote.objects import Fetcher
from federation.remote.schemes import Schemes
from federation.remote.webfinger import HandleResolver
from federation.transport.client import Client, ClientSettings
from storage import database, write
from storage.changes.accounts import AddLocalActor
from storage.sealing import Sealer
from tests.support.mold import url_of
from tests.support.tls_peer import TlsPeer

SEALER = Sealer(b"\x01" * 32)
NAMESPACE = Namespace("https://home.test", "home.test", "home.test")


@dataclass(slots=True)
class Clock:
    """Stands still until it is moved."""

    now: datetime = datetime(2026, 9, 3, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **length: float) -> None:
        self.now += timedelta(**length)


@dataclass(frozen=True, slots=True)
class FixedKeys:
    """Hands out the same keys again and again, because making RSA keys is slow."""

    rsa: RSAPrivateKey

    def rsa_key(self) -> RSAPrivateKey:
        return self.rsa

    def ed25519_key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)


@dataclass(frozen=True, slots=True)
class RemoteNode:
    """What a test needs of home.test; its instance actor has keys."""

    clock: Clock
    client: Client
    keyring: Keyring
    fetcher: Fetcher
    directory: Directory
    memory: KeyMemory
    keys: RemoteKeys
    handles: HandleResolver


async def make_database(file: Path, rsa: RSAPrivateKey) -> None:
    """The database of home.test: alice, and an instance actor with keys."""
    at = Clock().now
    async with database.opened(url_of(file)):
        pairs = await new_pairs(NAMESPACE.instance, FixedKeys(rsa), sealer=SEALER, at=at)
        async with database.transaction():
            await write.write(
                [local_actor("alice", "person"), local_actor("instance", "server"), *pairs]
            )


@asynccontextmanager
async def remote_node(file: Path, settings: ClientSettings) -> AsyncIterator[RemoteNode]:
    """A node at home.test, with this database, that reaches the servers of these settings."""
    clock = Clock()
    opening = Client(settings, wait_s=Newcomers(clock).wait_s)
    async with database.opened(url_of(file)), opening as client:
        keyring, memory = Keyring(SEALER, NAMESPACE), KeyMemory()
        schemes = Schemes(clock)
        fetcher = Fetcher(
            client, keyring, NAMESPACE, clock, schemes, Allowances(clock), settings.allow_http
        )
        directory = Directory(fetcher, memory)
        yield RemoteNode(
            clock=clock,
            client=client,
            keyring=keyring,
            fetcher=fetcher,
            directory=directory,
            memory=memory,
            keys=RemoteKeys(directory, memory),
            handles=HandleResolver(directory),
        )


def local_actor(name: str, kind: str) -> AddLocalActor:
    """One of home.test's own actors."""
    uri = NAMESPACE.instance if kind == "server" else NAMESPACE.person(name)
    return AddLocalActor(
        uri=uri,
        host=NAMESPACE.host,
        kind=kind,
        type="Application" if kind == "server" else "Person",
        username=name,
        domain=NAMESPACE.account_domain,
        name=name.title(),
        inbox=f"{uri}/inbox",
        shared_inbox=NAMESPACE.shared_inbox,
        at=datetime(2026, 9, 1, tzinfo=UTC),
    )


def actor_document(
    uri: str, rsa: RSAPrivateKey, *, is_aware: bool = False, **other: object
) -> dict[str, Any]:
    """A remote person's document; `other` replaces its properties, None leaves one out."""
    ed25519 = Ed25519PrivateKey.from_private_bytes(b"\x09" * 32).public_key()
    document: dict[str, Any] = {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": uri,
        "type": "Person",
        "preferredUsername": uri.rpartition("/")[2],
        "name": "Bob",
        "inbox": f"{uri}/inbox",
        "publicKey": {
            "id": f"{uri}#main-key",
            "owner": uri,
            "publicKeyPem": pem_of(rsa.public_key()),
        },
        "assertionMethod": [
            {
                "id": f"{uri}#ed25519-key",
                "type": "Multikey",
                "controller": uri,
                "publicKeyMultibase": multikey_of(ed25519),
            }
        ],
    }
    if is_aware:
        document["generator"] = {
            "type": "Application",
            "implements": [{"href": PROFILE, "name": "Group conversations 1"}],
        }
    document.update(other)
    return {name: value for name, value in document.items() if value is not None}


def serve_document(peer: TlsPeer, path: str, document: dict[str, Any]) -> None:
    """Let a server answer a path with this JSON."""
    peer.serve(path, msgspec.json.encode(document))


def serve_jrd(peer: TlsPeer, subject: str, actor: str) -> None:
    """Let a server's WebFinger answer whatever it is asked with this."""
    link = {"rel": "self", "type": "application/activity+json", "href": actor}
    jrd = {"subject": subject, "links": [{"rel": "x", "href": "y"}, link]}
    peer.serve(
        "/.well-known/webfinger", msgspec.json.encode(jrd), content_type="application/jrd+json"
    )
