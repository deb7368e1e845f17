"""The private keys of this node's own actors are at hand as objects, and never as text."""

import asyncio
from collections import OrderedDict
from collections.abc import Iterable
from datetime import datetime
from typing import Final, Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from federation.protocol.build.person import ActorKeys
from federation.protocol.keys import Algorithm, load_spki, multikey_of, pem_of, spki_of
from federation.protocol.namespace import Namespace
from federation.protocol.signature.sign import Scheme, SigningKey
from storage.actor_keys import find_current_key
from storage.changes.accounts import AddKey
from storage.own_actors import OwnActor
from storage.sealing import PrivateKey, Sealer

KEYS_REMEMBERED: Final = 2000
RAW_BYTES: Final = 32


class KeySource(Protocol):
    """Where new keys come from: node/entropy.py."""

    def rsa_key(self) -> RSAPrivateKey:
        """A new RSA-2048 key; slow."""

    def ed25519_key(self) -> Ed25519PrivateKey:
        """A new Ed25519 key."""


class Keyring:
    """Opens sealed keys once and remembers them, the latest used the longest."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer
        self._keys: OrderedDict[tuple[str, Algorithm], PrivateKey] = OrderedDict()

    async def rsa(self, actor_uri: str) -> RSAPrivateKey | None:
        """The key that signs requests to any software; None if the actor has none here."""
        key = await self._key(actor_uri, "rsa")
        return key if isinstance(key, RSAPrivateKey) else None

    async def ed25519(self, actor_uri: str) -> Ed25519PrivateKey | None:
        """The key that makes this actor's proofs; None if the actor has none here."""
        key = await self._key(actor_uri, "ed25519")
        return key if isinstance(key, Ed25519PrivateKey) else None

    async def for_requests(self, actor_uri: str, scheme: Scheme) -> SigningKey | None:
        """How this actor signs requests in this scheme; None if the actor has no key here."""
        if scheme is Scheme.RFC_9421_ED25519:
            key_id, key = Namespace.ed25519_key(actor_uri), await self._key(actor_uri, "ed25519")
        else:
            key_id, key = Namespace.main_key(actor_uri), await self._key(actor_uri, "rsa")
        return None if key is None else SigningKey(scheme, key_id, key)

    def remember(self, keys: Iterable[AddKey]) -> None:
        """Have new keys at hand before they are written, for what is signed in their transaction.

        Whoever does not write them after all forgets them.
        """
        for key in keys:
            algorithm: Algorithm = "rsa" if key.algorithm == "rsa" else "ed25519"
            self._keep((key.actor_uri, algorithm), self._sealer.unseal(key.sealed, key.key_id))

    def forget(self, actor_uri: str) -> None:
        """Read this actor's keys from the database again: they were rotated."""
        self._keys.pop((actor_uri, "rsa"), None)
        self._keys.pop((actor_uri, "ed25519"), None)

    async def _key(self, actor_uri: str, algorithm: Algorithm) -> PrivateKey | None:
        place = (actor_uri, algorithm)
        known = self._keys.get(place)
        if known is not None:
            self._keys.move_to_end(place)
            return known
        stored = await find_current_key(actor_uri, algorithm)
        if stored is None:
            return None
        key = self._sealer.unseal(stored.sealed, stored.key_id)
        self._keep(place, key)
        return key

    def _keep(self, place: tuple[str, Algorithm], key: PrivateKey) -> None:
        self._keys[place] = key
        if len(self._keys) > KEYS_REMEMBERED:
            self._keys.popitem(last=False)


async def new_pairs(
    actor_uri: str, source: KeySource, *, sealer: Sealer, at: datetime
) -> tuple[AddKey, AddKey]:
    """An RSA and an Ed25519 pair for an actor of ours, sealed and ready to be written."""
    rsa = await asyncio.to_thread(source.rsa_key)
    ed25519 = source.ed25519_key()
    return (
        AddKey(
            key_id=Namespace.main_key(actor_uri),
            actor_uri=actor_uri,
            algorithm="rsa",
            sealed=sealer.seal(rsa, Namespace.main_key(actor_uri)),
            public=spki_of(rsa.public_key()),
            at=at,
        ),
        AddKey(
            key_id=Namespace.ed25519_key(actor_uri),
            actor_uri=actor_uri,
            algorithm="ed25519",
            sealed=sealer.seal(ed25519, Namespace.ed25519_key(actor_uri)),
            public=spki_of(ed25519.public_key()),
            at=at,
        ),
    )


def keys_of(actor: OwnActor) -> ActorKeys:
    """The PEM of the key for requests and the Multikey of the key for proofs."""
    uri = actor.uri
    rsa = load_spki(actor.rsa, key_id=Namespace.main_key(uri), owner=uri)
    # The SubjectPublicKeyInfo of an Ed25519 key ends with the key itself (RFC 8410 4).
    ed25519 = Ed25519PublicKey.from_public_bytes(actor.ed25519[-RAW_BYTES:])
    return ActorKeys(public_key_pem=pem_of(rsa.key), multikey=multikey_of(ed25519))
