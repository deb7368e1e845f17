"""The key pairs of this node's own actors, their private halves sealed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from storage.database import Row, fetch

# The pair an actor signs with: the newest of its kind that is not retired.
CURRENT: Final = """
SELECT key_id, actor_uri, algorithm, sealed, public FROM actor_key
WHERE actor_uri = $1 AND algorithm = $2 AND retired_at IS NULL
ORDER BY created_at DESC, key_id LIMIT 1
"""

OLDEST: Final = """
SELECT key_id, actor_uri, algorithm, sealed, public FROM actor_key ORDER BY created_at, key_id
LIMIT 1
"""


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
