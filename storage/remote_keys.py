"""The public keys of others, each speaking for one actor for as long as that actor lists it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from storage.database import fetch, insert_many, transaction
from storage.dialect import Row
from storage.times import from_ms, to_ms

_COLUMNS: Final = ("key_id", "actor_uri", "algorithm", "spki", "for_proofs", "for_requests")

# The keys under this id, with the state of the actors they speak for.
BY_ID: Final = """
SELECT k.key_id, k.actor_uri, k.algorithm, k.spki, k.for_proofs, k.for_requests, k.fetched_at,
    a.state
FROM remote_key k JOIN actor a ON a.uri = k.actor_uri
WHERE k.key_id = $1 ORDER BY k.id
"""

# What an actor lists no longer.
DROP_OTHERS: Final = (
    "DELETE FROM remote_key WHERE actor_uri = $1 AND NOT (key_id = ANY($2)) RETURNING key_id"
)

PUT_KEY: Final = """ON CONFLICT (key_id, actor_uri) DO UPDATE SET
    algorithm = EXCLUDED.algorithm, spki = EXCLUDED.spki, for_proofs = EXCLUDED.for_proofs,
    for_requests = EXCLUDED.for_requests, fetched_at = EXCLUDED.fetched_at"""


@dataclass(frozen=True, slots=True)
class ListedKey:
    """A key as an actor's document lists it.

    Attributes:
        spki: SubjectPublicKeyInfo, DER.
        for_proofs: Whether `assertionMethod` lists it.
        for_requests: Whether it may sign requests.
    """

    key_id: str
    algorithm: str
    spki: bytes
    for_proofs: bool
    for_requests: bool


@dataclass(frozen=True, slots=True)
class StoredKey:
    """A listed key with the actor it speaks for.

    Attributes:
        actor_state: active, suspended or deleted.
        fetched_at: When the actor's document last listed it.
    """

    listed: ListedKey
    actor_uri: str
    actor_state: str
    fetched_at: datetime


async def find_key(key_id: str) -> StoredKey | None:
    """The key with this id, if the newest stored document of its actor lists it."""
    rows = await fetch(BY_ID, key_id)
    return _key(rows[0]) if rows else None


async def put_keys(actor_uri: str, keys: Sequence[ListedKey], at: datetime) -> list[str]:
    """Store the keys that an actor's newest document lists, and forget all others of that actor.

    Args:
        actor_uri: The actor they speak for, which is stored.
        keys: No two with the same id.
        at: When the document was fetched.

    Returns:
        The ids of those that were forgotten.
    """
    rows = [
        (k.key_id, actor_uri, k.algorithm, k.spki, k.for_proofs, k.for_requests, to_ms(at))
        for k in keys
    ]
    async with transaction():
        dropped = await fetch(DROP_OTHERS, actor_uri, [key.key_id for key in keys])
        await insert_many("remote_key", (*_COLUMNS, "fetched_at"), rows, conflict=PUT_KEY)
    return [row["key_id"] for row in dropped]


def _key(row: Row) -> StoredKey:
    listed = ListedKey(
        key_id=row["key_id"],
        algorithm=row["algorithm"],
        spki=bytes(row["spki"]),
        for_proofs=bool(row["for_proofs"]),
        for_requests=bool(row["for_requests"]),
    )
    return StoredKey(listed, row["actor_uri"], row["state"], from_ms(row["fetched_at"]))
