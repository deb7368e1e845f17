"""Whom local people hide."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from storage.database import Row, fetch, insert_many, run
from storage.times import to_ms

NOTHING: Final = "ON CONFLICT DO NOTHING"

AGAINST: Final = """
SELECT account_uri, blocked_uri FROM block WHERE blocked_uri = ANY($1)
UNION
SELECT host_block.account_uri, actor.uri FROM actor
JOIN host_block ON host_block.host = actor.host WHERE actor.uri = ANY($1) AND NOT actor.local
"""

# Of these people, those whom a local person hides, by themselves or with their server.
HIDDEN: Final = """
SELECT blocked_uri AS uri FROM block WHERE account_uri = $1 AND blocked_uri = ANY($2)
UNION
SELECT actor.uri FROM actor
JOIN host_block ON host_block.host = actor.host AND host_block.account_uri = $1
WHERE actor.uri = ANY($2) AND NOT actor.local
"""

AMONG: Final = """
SELECT blocked_uri FROM block WHERE account_uri = $1 AND blocked_uri = ANY($2)
"""

BY_PERSON: Final = "SELECT blocked_uri FROM block WHERE account_uri = $1"

LISTED: Final = """
SELECT id, blocked_uri FROM block WHERE account_uri = $1 AND id < $2 ORDER BY id DESC LIMIT $3
"""

REMOVE: Final = "DELETE FROM block WHERE account_uri = $1 AND blocked_uri = $2"


async def add(person: str, blocked: str, at: datetime) -> None:
    """Hide somebody from a local person."""
    columns = ("account_uri", "blocked_uri", "created_at")
    await insert_many("block", columns, [(person, blocked, to_ms(at))], conflict=NOTHING)


async def remove(person: str, blocked: str) -> bool:
    """Hide somebody no longer; False if they were not hidden."""
    return await run(REMOVE, person, blocked) > 0


async def against(people: Collection[str]) -> list[Row]:
    """Who hides these people: rows of `account_uri` and `blocked_uri`."""
    return await fetch(AGAINST, list(people))


async def hidden_among(person: str, others: Collection[str]) -> frozenset[str]:
    """Whom of these a local person hides, with everybody of a server that they block."""
    return frozenset(row["uri"] for row in await fetch(HIDDEN, person, list(others)))


async def blocked_among(person: str, others: Collection[str]) -> frozenset[str]:
    """Whom of these a local person blocks by themselves."""
    return frozenset(row["blocked_uri"] for row in await fetch(AMONG, person, list(others)))


async def by_person(person: str) -> frozenset[str]:
    """Whom a local person blocks by themselves."""
    return frozenset(row["blocked_uri"] for row in await fetch(BY_PERSON, person))


async def listed(person: str, *, before: int, limit: int) -> list[Row]:
    """Whom a local person hides, newest first."""
    return await fetch(LISTED, person, before, limit)
