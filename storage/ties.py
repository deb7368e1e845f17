"""How a local person stands to another: who follows whom, and where both are."""

from collections.abc import Collection
from typing import Final

from storage.database import Row, fetch

# Conversations that both are in at present.
SHARED: Final = """
SELECT c.id, c.kind, c.title FROM membership AS mine
JOIN membership AS theirs ON theirs.conversation_id = mine.conversation_id
JOIN conversation AS c ON c.id = mine.conversation_id
WHERE mine.actor_uri = $1 AND mine.state = 'joined' AND theirs.actor_uri = $2
  AND theirs.state = 'joined' AND c.closed_at IS NULL
ORDER BY c.newest_t DESC, c.id DESC LIMIT $3
"""

FOLLOWED_BACK: Final = """
SELECT followed AS person FROM follow
WHERE follower = $1 AND followed = ANY($2) AND state = 'accepted'
"""

FOLLOWING_BACK: Final = """
SELECT follower AS person FROM follow
WHERE followed = $1 AND follower = ANY($2) AND state = 'accepted'
"""

ASKED: Final = """
SELECT followed AS person FROM follow
WHERE follower = $1 AND followed = ANY($2) AND state = 'pending'
"""


async def shared_conversations(person: str, other: str, *, limit: int) -> list[Row]:
    """Where both are, the busiest lately first."""
    return await fetch(SHARED, person, other, limit)


async def followed_among(person: str, others: Collection[str]) -> frozenset[str]:
    """Whom of these a person follows."""
    rows = await fetch(FOLLOWED_BACK, person, sorted(others)) if others else []
    return frozenset(row["person"] for row in rows)


async def requested_among(person: str, others: Collection[str]) -> frozenset[str]:
    """Whom of these a person has asked to follow, who have not answered."""
    rows = await fetch(ASKED, person, sorted(others)) if others else []
    return frozenset(row["person"] for row in rows)


async def followers_among(person: str, others: Collection[str]) -> frozenset[str]:
    """Who of these follows a person."""
    rows = await fetch(FOLLOWING_BACK, person, sorted(others)) if others else []
    return frozenset(row["person"] for row in rows)
