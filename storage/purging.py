"""What is here of servers that are kept out goes for good, a few rows at a time."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from storage.database import Row, fetch, run

# What people there wrote; in a group that goes on it is part of what all its members have.
MESSAGES: Final = """
SELECT message.id, message.uri, message.conversation_id, message.attachments FROM actor
JOIN message ON message.author_uri = actor.uri AND message.deleted_at IS NULL
JOIN conversation ON conversation.id = message.conversation_id
WHERE actor.host = ANY($1) AND (conversation.kind <> 'group' OR conversation.home_host = ANY($1))
LIMIT $2
"""

COUNT_MESSAGES: Final = """
SELECT COUNT(*) AS n FROM actor
JOIN message ON message.author_uri = actor.uri AND message.deleted_at IS NULL
JOIN conversation ON conversation.id = message.conversation_id
WHERE actor.host = ANY($1) AND (conversation.kind <> 'group' OR conversation.home_host = ANY($1))
"""

COUNT_FOLLOWS: Final = """
SELECT COUNT(*) AS n FROM actor
JOIN follow ON follow.followed = actor.uri OR follow.follower = actor.uri
WHERE actor.host = ANY($1)
"""

FOLLOWED: Final = """
DELETE FROM follow WHERE followed IN (SELECT uri FROM actor WHERE host = ANY($1))
"""

FOLLOWERS: Final = """
DELETE FROM follow WHERE follower IN (SELECT uri FROM actor WHERE host = ANY($1))
"""

COUNT_HELD: Final = """
SELECT COUNT(*) AS n FROM policy_held WHERE state = 'waiting' AND host = ANY($1)
"""


@dataclass(frozen=True, slots=True)
class Amount:
    """How much there is: messages, follows both ways, and what is held."""

    messages: int
    follows: int
    held: int


async def amount(hosts: Collection[str]) -> Amount:
    """What a purge would take of these servers."""
    named = sorted(hosts)
    counts = [
        int((await fetch(statement, named))[0]["n"])
        for statement in (COUNT_MESSAGES, COUNT_FOLLOWS, COUNT_HELD)
    ]
    return Amount(*counts)


async def messages(hosts: Collection[str], *, limit: int) -> list[Row]:
    """Some messages: `id`, `uri`, `conversation_id`, `attachments`."""
    return await fetch(MESSAGES, sorted(hosts), limit)


async def end_follows(hosts: Collection[str]) -> int:
    """Nobody here follows anybody there or is followed from there; answers how many did."""
    named = sorted(hosts)
    return await run(FOLLOWED, named) + await run(FOLLOWERS, named)
