"""The key pairs of this node's own actors, their private halves sealed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from storage.changes import AddKey
from storage.database import Row, fetch, run, wake
from storage.settings import find_setting, put_setting
from storage.times import from_ms, from_ms_or_none, to_ms
from storage.write import write

# The pair an actor signs with: the newest of its kind that is not retired.
CURRENT: Final = """
SELECT key_id, actor_uri, algorithm, sealed, public FROM actor_key
WHERE actor_uri = $1 AND algorithm = $2 AND retired_at IS NULL
ORDER BY created_at DESC, key_id LIMIT 1
"""

# Of those in use: what is retired opens no more.
OLDEST: Final = """
SELECT key_id, actor_uri, algorithm, sealed, public FROM actor_key WHERE retired_at IS NULL
ORDER BY created_at, key_id LIMIT 1
"""

# A key that makes, or has made, proofs by which an actor of ours stands.
LISTED: Final = """
SELECT public FROM actor_key
WHERE key_id = $1 AND actor_uri = $2 AND algorithm = 'ed25519' AND length(public) > 0
"""

# Nobody signs with it any more, so that its private half is kept nowhere. An RSA key is listed no
# more either, and neither is one that somebody else may have ($4).
RETIRE: Final = """
UPDATE actor_key SET retired_at = COALESCE(retired_at, $2), sealed = $3,
  public = CASE WHEN algorithm = 'ed25519' AND NOT $4 THEN public ELSE $3 END
WHERE actor_uri = $1
"""

AMONG: Final = "SELECT key_id FROM actor_key WHERE key_id = ANY($1) AND retired_at IS NOT NULL"

REAP: Final = """
DELETE FROM actor_key WHERE key_id IN (
  SELECT key_id FROM actor_key WHERE retired_at < $1 ORDER BY retired_at LIMIT $2)
"""

# Who signs here: people, groups, and the node itself.
SIGNING: Final = """
SELECT actor.uri, actor.kind FROM actor WHERE actor.local AND actor.state <> 'deleted'
  AND ($1 = '' OR actor.uri = $1) AND EXISTS (
    SELECT 1 FROM actor_key WHERE actor_key.actor_uri = actor.uri AND retired_at IS NULL)
ORDER BY actor.kind DESC, actor.uri
"""

# What is in use, and what old proofs are verified by.
LIST: Final = """
SELECT key_id, actor_uri, algorithm, created_at, retired_at FROM actor_key
WHERE ($1 = '' OR actor_uri = $1) AND length(public) > 0
ORDER BY actor_uri, algorithm DESC, created_at, key_id
"""

VERSION: Final = "keys_version"


@dataclass(frozen=True, slots=True)
class KeptKey:
    """A key pair of ours as an operator sees it; `retired_at` is None while it is in use."""

    key_id: str
    actor_uri: str
    algorithm: str
    created_at: datetime
    retired_at: datetime | None


@dataclass(frozen=True, slots=True)
class SealedKey:
    """A key pair of ours.

    Attributes:
        algorithm: "rsa" or "ed25519".
        sealed: The private half, which storage/sealing.py opens.
        public: SubjectPublicKeyInfo, DER.
    """

    key_id: str
    actor_uri: str
    algorithm: str
    sealed: bytes
    public: bytes


async def find_current_key(actor_uri: str, algorithm: str) -> SealedKey | None:
    """The pair that an actor of ours signs with."""
    return _first(await fetch(CURRENT, actor_uri, algorithm))


async def find_oldest_key() -> SealedKey | None:
    """The first pair that was made here, whoever's it is."""
    return _first(await fetch(OLDEST))


async def list_keys(actor_uri: str = "") -> list[KeptKey]:
    """The keys that this node stands by; of one actor, if it is named."""
    return [
        KeptKey(
            key_id=row["key_id"],
            actor_uri=row["actor_uri"],
            algorithm=row["algorithm"],
            created_at=from_ms(row["created_at"]),
            retired_at=from_ms_or_none(row["retired_at"]),
        )
        for row in await fetch(LIST, actor_uri)
    ]


async def find_listed(key_id: str, actor_uri: str) -> bytes | None:
    """The public half of a key for proofs by which an actor of ours stands, or None."""
    rows = await fetch(LISTED, key_id, actor_uri)
    return bytes(rows[0]["public"]) if rows else None


async def signing_actors(uri: str = "") -> list[str]:
    """The actors of ours that sign, the node itself first; with `uri` that one or none."""
    return [row["uri"] for row in await fetch(SIGNING, uri)]


async def rotate(
    new: Sequence[AddKey], *, actor_uri: str, at: datetime, version: str, is_compromised: bool
) -> None:
    """Give an actor of ours new key pairs in place of those it has; inside a transaction.

    Args:
        new: The pairs, with ids that no key had before.
        actor_uri: Whose.
        at: When.
        version: Tells every process that something has changed: a fresh id.
        is_compromised: Whether somebody else may have the old ones: nothing stands by them.
    """
    await run(RETIRE, actor_uri, to_ms(at), b"", is_compromised)
    await write(new)
    await put_setting(VERSION, version)
    await wake("keys")


async def find_version() -> str | None:
    """What changes whenever keys are retired; None while none ever was."""
    return await find_setting(VERSION)


async def retired_among(key_ids: Iterable[str]) -> frozenset[str]:
    """Which of these keys nobody signs with any more."""
    rows = await fetch(AMONG, list(key_ids))
    return frozenset(row["key_id"] for row in rows)


async def reap(before: datetime, *, limit: int = 1000) -> int:
    """Forget keys that were retired before this time; answer how many."""
    return await run(REAP, to_ms(before), limit)


def _first(rows: Sequence[Row]) -> SealedKey | None:
    if not rows:
        return None
    row = rows[0]
    return SealedKey(
        key_id=row["key_id"],
        actor_uri=row["actor_uri"],
        algorithm=row["algorithm"],
        sealed=bytes(row["sealed"]),
        public=bytes(row["public"]),
    )
