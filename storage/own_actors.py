"""Our own actors with the public halves of their keys, as their documents show them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from storage.database import fetch
from storage.times import from_ms

# An actor of ours with each of its keys, the newest last.
WITH_KEYS: Final = """
SELECT actor.uri, actor.username, actor.domain, actor.shared_inbox, actor.created_at,
  actor_key.algorithm, actor_key.public
FROM actor JOIN actor_key ON actor_key.actor_uri = actor.uri AND actor_key.retired_at IS NULL
WHERE actor.uri = $1 AND actor.local ORDER BY actor_key.created_at, actor_key.key_id DESC
"""

# How many people may sign in here.
COUNT_PEOPLE: Final = "SELECT count(*) AS n FROM account WHERE state = 'active'"


@dataclass(frozen=True, slots=True)
class OwnActor:
    """An actor of ours that can sign.

    Attributes:
        rsa: SubjectPublicKeyInfo of the key for requests, DER.
        ed25519: SubjectPublicKeyInfo of the key for proofs, DER.
    """

    uri: str
    username: str
    domain: str
    shared_inbox: str
    created_at: datetime
    rsa: bytes
    ed25519: bytes


async def find_own_actor(uri: str) -> OwnActor | None:
    """The actor of ours with this id; None as well while it lacks a key."""
    rows = await fetch(WITH_KEYS, uri)
    public = {row["algorithm"]: bytes(row["public"]) for row in rows}
    if not {"rsa", "ed25519"} <= public.keys():
        return None
    row = rows[0]
    return OwnActor(
        uri=row["uri"],
        username=row["username"],
        domain=row["domain"],
        shared_inbox=row["shared_inbox"],
        created_at=from_ms(row["created_at"]),
        rsa=public["rsa"],
        ed25519=public["ed25519"],
    )


async def count_people() -> int:
    """How many accounts are active."""
    return int((await fetch(COUNT_PEOPLE))[0]["n"])
