"""Whom a local person had to do with, and what the rows know of servers that are out of reach."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from storage.database import Row, fetch
from storage.times import from_ms, to_ms

HOSTS_MOST: Final = 10_000
# Of everybody on one page.
TOGETHER_MOST: Final = 4_000

# Whom somebody follows or talks with, and the groups that they have left.
_CONTACTS: Final = """
SELECT followed AS uri FROM follow WHERE follower = $1 AND state <> 'rejected'
UNION
SELECT theirs.actor_uri FROM membership AS mine
JOIN membership AS theirs ON theirs.conversation_id = mine.conversation_id
WHERE mine.actor_uri = $1 AND mine.state = 'joined' AND theirs.actor_uri <> $1
UNION
SELECT c.uri FROM membership AS mine JOIN conversation AS c ON c.id = mine.conversation_id
WHERE mine.actor_uri = $1 AND mine.state = 'left' AND c.kind = 'group' AND NOT c.is_home
"""

HOSTS: Final = """
SELECT DISTINCT host FROM actor WHERE NOT local AND uri IN (<contacts>) ORDER BY host LIMIT $2
""".replace("<contacts>", _CONTACTS)

# Those of them who are at one of these servers, or whose account has ended.
LOST: Final = """
SELECT uri, host, kind, state, deleted_at FROM actor
WHERE uri IN (<contacts>) AND uri COLLATE "C" > $3
  AND ((kind = 'person' AND state = 'deleted') OR (NOT local AND host = ANY($2)))
ORDER BY uri COLLATE "C" LIMIT $4
""".replace("<contacts>", _CONTACTS)

FOLLOWED: Final = """
SELECT followed FROM follow WHERE follower = $1 AND followed = ANY($2) AND state <> 'rejected'
"""

TOGETHER: Final = """
SELECT theirs.actor_uri AS uri, c.id, c.kind, theirs.state, theirs.updated_at
FROM membership AS theirs
JOIN membership AS mine ON mine.conversation_id = theirs.conversation_id
JOIN conversation AS c ON c.id = theirs.conversation_id
WHERE theirs.actor_uri = ANY($2) AND mine.actor_uri = $1 AND mine.state = 'joined'
ORDER BY c.newest_t DESC, c.id DESC LIMIT $3
"""

LEFT: Final = """
SELECT c.uri, c.id, c.kind, mine.state, mine.updated_at
FROM conversation AS c JOIN membership AS mine ON mine.conversation_id = c.id
WHERE c.uri = ANY($2) AND mine.actor_uri = $1 AND mine.state = 'left'
"""

# What hosts answered to a person with 403, since they last took something of theirs.
DENIED: Final = """
SELECT host, reason, MIN(settled_at) AS since, MAX(settled_at) AS last_at FROM delivery AS denied
WHERE host = ANY($2) AND state = 'refused' AND actor_uri = $1 AND last_status = 403
  AND NOT EXISTS (SELECT 1 FROM delivery AS taken WHERE taken.host = denied.host
    AND taken.state = 'delivered' AND taken.actor_uri = denied.actor_uri
    AND taken.settled_at > denied.settled_at)
GROUP BY host, reason ORDER BY last_at
"""

SILENT: Final = """
SELECT host, failing_since, heard_at, reached_at FROM peer
WHERE host = ANY($1) AND failing_since <= $2 AND COALESCE(last_ok_at, 0) <= $2
  AND COALESCE(heard_at, 0) <= $2 AND COALESCE(reached_at, 0) <= $2
"""


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody, or a group, of whom something was lost.

    Attributes:
        kind: "person", or "conversation" for a group that was left.
        ended_at: When their account ended, or None.
    """

    uri: str
    host: str
    kind: str
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Denied:
    """What a host has answered to somebody's messages, in words."""

    host: str
    reason: str
    since: datetime


async def hosts_of_contacts(person: str) -> list[str]:
    """The other servers with which somebody has to do, at most 10,000."""
    return [row["host"] for row in await fetch(HOSTS, person, HOSTS_MOST)]


async def lost(person: str, hosts: Collection[str], *, after: str, limit: int) -> list[Contact]:
    """The contacts of somebody at these servers, and those whose account has ended, by id.

    Args:
        person: Whose.
        hosts: Servers that are out of reach.
        after: The id of the last one seen, or "".
        limit: How many at most.
    """
    rows = await fetch(LOST, person, list(hosts), after, limit)
    return [
        Contact(
            uri=row["uri"],
            host=row["host"],
            kind=row["kind"],
            ended_at=from_ms(row["deleted_at"]) if row["state"] == "deleted" else None,
        )
        for row in rows
    ]


async def followed_among(person: str, others: Collection[str]) -> frozenset[str]:
    """Whom of these somebody follows or has asked to."""
    return frozenset(row["followed"] for row in await fetch(FOLLOWED, person, list(others)))


async def together(person: str, others: Collection[str]) -> list[Row]:
    """Where these people are or were with somebody, the busiest lately first.

    Rows of `uri`, `id`, `kind`, and how the others stand there: `state` since `updated_at`.
    """
    return await fetch(TOGETHER, person, list(others), TOGETHER_MOST)


async def left(person: str, groups: Collection[str]) -> list[Row]:
    """These groups as somebody has left them, as `together`, with their own standing."""
    return await fetch(LEFT, person, list(groups))


async def denied(person: str, hosts: Collection[str]) -> list[Denied]:
    """What these hosts say who take nothing from somebody; the newest words last.

    It is known as long as deliveries are kept after their end, which is 30 days.
    """
    rows = await fetch(DENIED, person, list(hosts))
    return [Denied(row["host"], row["reason"], from_ms(row["since"])) for row in rows]


async def silent(hosts: Collection[str], since: datetime) -> dict[str, datetime]:
    """Which of these were not reached and not heard of since then, and since when."""
    rows = await fetch(SILENT, list(hosts), to_ms(since))
    return {
        row["host"]: from_ms(
            max(row["failing_since"], row["heard_at"] or 0, row["reached_at"] or 0)
        )
        for row in rows
    }
