"""How people stand to what they might be shown: whom they hide, and what they have accepted."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from storage.database import fetch

# PERF: one question instead of two for every page and every batch of events;
# tests/covey_api/test_lists.py counts them.
STANDS: Final = """
SELECT 'hides' AS how, account_uri AS person, blocked_uri AS other FROM block
WHERE account_uri = ANY($1) AND blocked_uri = ANY($2)
UNION ALL
SELECT 'hides' AS how, host_block.account_uri AS person, actor.uri AS other FROM host_block
JOIN actor ON actor.host = host_block.host
WHERE host_block.account_uri = ANY($1) AND actor.uri = ANY($2)
UNION ALL
SELECT 'mutes' AS how, account_uri AS person, muted_uri AS other FROM mute
WHERE account_uri = ANY($1) AND muted_uri = ANY($2)
UNION ALL
SELECT 'accepted' AS how, actor_uri AS person, conversation_id AS other FROM membership
WHERE actor_uri = ANY($1) AND conversation_id = ANY($3)
  AND state IN ('joining', 'joined', 'left', 'removed', 'banned', 'closed')
"""

# Whom of these a person follows, and who is where they have said yes.
KNOWN: Final = """
SELECT followed AS person FROM follow
WHERE follower = $1 AND followed = ANY($2) AND state = 'accepted'
UNION
SELECT theirs.actor_uri AS person FROM membership AS mine
JOIN membership AS theirs ON theirs.conversation_id = mine.conversation_id
WHERE mine.actor_uri = $1 AND theirs.actor_uri = ANY($2)
  AND mine.state IN ('joining', 'joined', 'left', 'removed', 'banned', 'closed')
"""


@dataclass(frozen=True, slots=True)
class Viewers:
    """How some people stand.

    Attributes:
        hidden: Pairs of a person and somebody whom they have blocked.
        muted: Pairs of a person and somebody whom they want to hear quietly.
        accepted: Pairs of a person and a conversation to which they have said yes.
    """

    hidden: frozenset[tuple[str, str]] = frozenset()
    muted: frozenset[tuple[str, str]] = frozenset()
    accepted: frozenset[tuple[str, str]] = frozenset()


async def stand(
    people: Collection[str], *, authors: Collection[str], conversations: Collection[str]
) -> Viewers:
    """How these people stand to these authors and conversations."""
    rows = await fetch(STANDS, sorted(people), sorted(authors), sorted(conversations))
    found: dict[str, set[tuple[str, str]]] = {"hides": set(), "mutes": set(), "accepted": set()}
    for row in rows:
        found[row["how"]].add((row["person"], row["other"]))
    return Viewers(*(frozenset(found[how]) for how in ("hides", "mutes", "accepted")))


async def has_accepted(person: str, conversation: str) -> bool:
    """Whether a person has said yes to a conversation."""
    stood = await stand([person], authors=(), conversations=[conversation])
    return bool(stood.accepted)


async def known_among(person: str, others: Collection[str]) -> frozenset[str]:
    """Who of these is no stranger: followed, or in a conversation that the person has accepted."""
    rows = await fetch(KNOWN, person, sorted(others)) if others else []
    return frozenset(row["person"] for row in rows)
