"""The private keys of this node's own actors are at hand as objects, and never as text."""

import asyncio
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from federation.protocol import strict_json
from federation.protocol.build.keys import ActorKeys
from federation.protocol.keys import Algorithm, load_spki, multikey_of, pem_of, spki_of
from federation.protocol.namespace import Namespace
from federation.protocol.proof import add_proof
from federation.protocol.signature.sign import Scheme, SigningKey
from federation.protocol.timestamps import parse_time
from storage import actor_keys
from storage.changes.accounts import AddKey
from storage.own_actors import OwnActor
from storage.sealing import PrivateKey, Sealer

KEYS_REMEMBERED: Final = 2000
LOOK_EVERY: Final = timedelta(seconds=1)
RAW_BYTES: Final = 32


class KeySource(Protocol):
    """Where new keys come from: node/entropy.py."""

    def rsa_key(self) -> RSAPrivateKey:
        """A new RSA-2048 key; slow."""

    def ed25519_key(self) -> Ed25519PrivateKey:
        """A new Ed25519 key."""


@dataclass(frozen=True, slots=True)
class ProofKey:
    """What makes an actor's proofs: a private key, and the id under which it is listed."""

    key_id: str
    key: Ed25519PrivateKey


@dataclass(frozen=True, slots=True)
class _Held:
    key_id: str
    key: PrivateKey


class Keyring:
    """Opens sealed keys once and remembers them, the latest used the longest.

    A key that was retired, here or in another process, is forgotten within seconds: whoever rotates
    keys rings a bell and names a new version, and each process looks for that once a second.
    """

    def __init__(self, sealer: Sealer, space: Namespace) -> None:
        self._sealer = sealer
        self._space = space
        self._keys: OrderedDict[tuple[str, Algorithm], _Held] = OrderedDict()
        self._version: str | None = None
        self._looks = 0
        self._looked_at: datetime | None = None

    async def rsa(self, actor_uri: str) -> RSAPrivateKey | None:
        """The key that signs requests to any software; None if the actor has none here."""
        held = await self._held(actor_uri, "rsa")
        return held.key if held and isinstance(held.key, RSAPrivateKey) else None

    async def ed25519(self, actor_uri: str) -> Ed25519PrivateKey | None:
        """The key that makes this actor's proofs; None if the actor has none here."""
        held = await self.for_proofs(actor_uri)
        return held.key if held is not None else None

    async def for_proofs(self, actor_uri: str) -> ProofKey | None:
        """How this actor makes proofs; None if the actor has no key here."""
        held = await self._held(actor_uri, "ed25519")
        if held is None or not isinstance(held.key, Ed25519PrivateKey):
            return None
        return ProofKey(held.key_id, held.key)

    async def for_requests(self, actor_uri: str, scheme: Scheme) -> SigningKey | None:
        """How this actor signs requests in this scheme; None if the actor has no key here."""
        is_ed25519 = scheme is Scheme.RFC_9421_ED25519
        held = await self._held(actor_uri, "ed25519" if is_ed25519 else "rsa")
        return None if held is None else SigningKey(scheme, held.key_id, held.key)

    async def renewed(self, document: str) -> str:
        """A stored activity as it may leave: with a proof by the key that its actor uses now.

        What others have said stays as it is. The proof keeps its time, so that it is the same
        whenever it is made.
        """
        made = _proof_in(document)
        if made is None or not self._space.is_ours(made.actor):
            return document
        current = await self.for_proofs(made.actor)
        if current is None or current.key_id == made.proof.verificationMethod:
            return document
        created = parse_time(made.proof.created)
        whole = strict_json.loads(document.encode())
        proven = add_proof(whole, key=current.key, method=current.key_id, created=created)
        return msgspec.json.encode(proven).decode()

    def remember(self, keys: Iterable[AddKey]) -> None:
        """Have new keys at hand before they are written, for what is signed in their transaction.

        Whoever does not write them after all forgets them.
        """
        for key in keys:
            algorithm: Algorithm = "rsa" if key.algorithm == "rsa" else "ed25519"
            held = _Held(key.key_id, self._sealer.unseal(key.sealed, key.key_id))
            self._keep((key.actor_uri, algorithm), held)

    def forget(self, actor_uri: str) -> None:
        """Read this actor's keys from the database again."""
        self._keys.pop((actor_uri, "rsa"), None)
        self._keys.pop((actor_uri, "ed25519"), None)

    async def refresh(self) -> None:
        """Forget what was retired, if any key was since the last look."""
        version = await actor_keys.find_version()
        if version == self._version:
            return
        # What is being read just now may be of before, and is not kept.
        self._looks += 1
        retired = await actor_keys.retired_among(held.key_id for held in self._keys.values())
        gone = [place for place, held in self._keys.items() if held.key_id in retired]
        for place in gone:
            del self._keys[place]
        self._version = version

    async def run_once(self, now: datetime) -> bool:
        """Look; there is never more to do at once."""
        self._looked_at = now
        await self.refresh()
        return False

    async def find_next_due(self) -> datetime | None:
        """When to look again."""
        return None if self._looked_at is None else self._looked_at + LOOK_EVERY

    async def _held(self, actor_uri: str, algorithm: Algorithm) -> _Held | None:
        place = (actor_uri, algorithm)
        known = self._keys.get(place)
        if known is not None:
            self._keys.move_to_end(place)
            return known
        looks = self._looks
        stored = await actor_keys.find_current_key(actor_uri, algorithm)
        if stored is None:
            return None
        held = _Held(stored.key_id, self._sealer.unseal(stored.sealed, stored.key_id))
        if looks == self._looks:
            self._keep(place, held)
        return held

    def _keep(self, place: tuple[str, Algorithm], held: _Held) -> None:
        self._keys[place] = held
        if len(self._keys) > KEYS_REMEMBERED:
            self._keys.popitem(last=False)


async def new_pairs(
    actor_uri: str, source: KeySource, *, sealer: Sealer, at: datetime, serial: str = ""
) -> tuple[AddKey, AddKey]:
    """An RSA and an Ed25519 pair for an actor of ours, sealed and ready to be written.

    Args:
        actor_uri: Whose.
        source: Where they come from.
        sealer: Of this node.
        at: When they are made.
        serial: Tells their ids from those of all pairs before; "" for the first.
    """
    rsa = await asyncio.to_thread(source.rsa_key)
    rsa_id, ed25519_id = (
        Namespace.main_key(actor_uri, serial),
        Namespace.ed25519_key(actor_uri, serial),
    )
    ed25519 = source.ed25519_key()
    return (
        AddKey(
            key_id=rsa_id,
            actor_uri=actor_uri,
            algorithm="rsa",
            sealed=sealer.seal(rsa, rsa_id),
            public=spki_of(rsa.public_key()),
            at=at,
        ),
        AddKey(
            key_id=ed25519_id,
            actor_uri=actor_uri,
            algorithm="ed25519",
            sealed=sealer.seal(ed25519, ed25519_id),
            public=spki_of(ed25519.public_key()),
            at=at,
        ),
    )


def keys_of(actor: OwnActor) -> ActorKeys:
    """The PEM of the key for requests and the Multikeys of those for proofs."""
    rsa = load_spki(actor.rsa.public, key_id=actor.rsa.key_id, owner=actor.uri)
    return ActorKeys(
        public_key=(rsa.key_id, pem_of(rsa.key)),
        multikeys=tuple((one.key_id, _multikey(one.public)) for one in actor.ed25519),
    )


def public_half(spki: bytes) -> Ed25519PublicKey:
    """The Ed25519 key of a SubjectPublicKeyInfo of ours."""
    # It ends with the key itself (RFC 8410 4).
    return Ed25519PublicKey.from_public_bytes(spki[-RAW_BYTES:])


def _multikey(spki: bytes) -> str:
    return multikey_of(public_half(spki))


class _Proof(msgspec.Struct):
    created: str
    # As it is spelled on the wire.
    verificationMethod: str  # noqa: N815


class _Made(msgspec.Struct):
    """What of an activity says by whose key its proof was made."""

    actor: str
    proof: _Proof


def _proof_in(document: str) -> _Made | None:
    """Actor and proof of an activity that has the form in which we make them."""
    try:
        return msgspec.json.decode(document, type=_Made)
    except msgspec.ValidationError:
        return None
