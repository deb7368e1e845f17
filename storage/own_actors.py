"""Our own actors with the public halves of their keys, as their documents show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from storage.database import Row, fetch
from storage.times import from_ms

# Of the keys that an actor uses no more, so many of the latest are listed: other servers read ten
# in all.
RETIRED_LISTED: Final = 8

# An actor of ours with each key that may be listed: those in use, then the last retired first.
WITH_KEYS: Final = """
SELECT actor.uri, actor.username, actor.domain, actor.shared_inbox, actor.created_at,
  actor_key.key_id, actor_key.algorithm, actor_key.public, actor_key.retired_at
FROM actor JOIN actor_key ON actor_key.actor_uri = actor.uri
WHERE actor.uri = $1 AND actor.local AND (actor_key.retired_at IS NULL
  OR (actor_key.algorithm = 'ed25519' AND length(actor_key.public) > 0))
ORDER BY actor_key.retired_at IS NOT NULL, actor_key.retired_at DESC, actor_key.key_id
LIMIT $2
"""

# How many people may sign in here.
COUNT_PEOPLE: Final = "SELECT count(*) AS n FROM account WHERE state = 'active'"


@dataclass(frozen=True, slots=True)
class OwnKey:
    """The public half of a key of ours; `public` is its SubjectPublicKeyInfo, DER."""

    key_id: str
    public: bytes


@dataclass(frozen=True, slots=True)
class OwnActor:
    """An actor of ours that can sign.

    Attributes:
        rsa: The key for requests.
        ed25519: The key for proofs, and then those that it used before and still stands by.
    """

    uri: str
    username: str
    domain: str
    shared_inbox: str
    created_at: datetime
    rsa: OwnKey
    ed25519: tuple[OwnKey, ...]


async def find_own_actor(uri: str) -> OwnActor | None:
    """The actor of ours with this id; None as well while it lacks a key."""
    rows = await fetch(WITH_KEYS, uri, 2 + RETIRED_LISTED)
    rsa, ed25519 = _keys(rows, "rsa"), _keys(rows, "ed25519")
    if not rsa or not ed25519:
        return None
    row = rows[0]
    return OwnActor(
        uri=row["uri"],
        username=row["username"],
        domain=row["domain"],
        shared_inbox=row["shared_inbox"],
        created_at=from_ms(row["created_at"]),
        rsa=rsa[0],
        ed25519=ed25519,
    )


def _keys(rows: Sequence[Row], algorithm: str) -> tuple[OwnKey, ...]:
    found = [row for row in rows if row["algorithm"] == algorithm]
    return tuple(OwnKey(row["key_id"], bytes(row["public"])) for row in found)


async def count_people() -> int:
    """How many accounts are active."""
    return int((await fetch(COUNT_PEOPLE))[0]["n"])
