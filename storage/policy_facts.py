"""What rules ask about senders and their hosts, for all that is judged at once."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from storage.database import Row, fetch
from storage.times import from_ms, to_ms

ACTORS: Final = """
SELECT uri, type, name, username, icon, created_at, document FROM actor WHERE uri = ANY($1)
"""

SOFTWARE: Final = """
SELECT host, software, software_version FROM peer WHERE host = ANY($1) AND software <> ''
"""

# People with whom somebody has begun a conversation of two or more lately.
NEW_CONTACTS: Final = """
SELECT COUNT(DISTINCT membership.actor_uri) AS n FROM message
JOIN conversation ON conversation.id = message.conversation_id
JOIN membership ON membership.conversation_id = conversation.id
WHERE message.author_uri = $1 AND message.arrived_at > $2 AND conversation.kind = 'direct'
  AND conversation.created_at > $2 AND membership.actor_uri <> $1
"""

ACCOUNTS: Final = "SELECT actor_uri, created_at FROM account WHERE actor_uri = ANY($1)"

# What somebody here has to do with people elsewhere, and to whom they have written.
TIES_FROM: Final = """
SELECT followed AS person, 'followed' AS tie FROM follow
WHERE follower = $1 AND followed = ANY($2) AND state = 'accepted'
UNION
SELECT follower, 'follower' FROM follow
WHERE followed = $1 AND follower = ANY($2) AND state = 'accepted'
UNION
SELECT theirs.actor_uri, conversation.kind FROM membership AS mine
JOIN membership AS theirs ON theirs.conversation_id = mine.conversation_id
JOIN conversation ON conversation.id = mine.conversation_id
WHERE mine.actor_uri = $1 AND theirs.actor_uri = ANY($2)
  AND mine.state = 'joined' AND theirs.state = 'joined'
  AND (conversation.kind = 'group' OR EXISTS (
    SELECT 1 FROM message WHERE message.conversation_id = mine.conversation_id))
"""

# That a moderator has let something go from there.
LET_GO: Final = "SELECT 1 AS one FROM policy_held WHERE state = 'released' AND host = $1 LIMIT 1"

REPORTS: Final = """
SELECT accused_uri, COUNT(*) AS n FROM report
WHERE accused_uri = ANY($1) AND created_at > $2 GROUP BY accused_uri
"""


async def actors(uris: Collection[str]) -> dict[str, Row]:
    """What is stored of these actors, by id."""
    return {row["uri"]: row for row in await fetch(ACTORS, sorted(uris))}


async def software(hosts: Collection[str]) -> dict[str, tuple[str, str]]:
    """What these hosts say that they run: a name and a version."""
    rows = await fetch(SOFTWARE, sorted(hosts))
    return {row["host"]: (row["software"], row["software_version"]) for row in rows}


async def new_contacts(author: str, now: datetime, within: timedelta) -> int:
    """With how many people somebody has begun to talk lately."""
    (row,) = await fetch(NEW_CONTACTS, author, to_ms(now - within))
    return int(row["n"])


async def accounts(people: Collection[str]) -> dict[str, datetime]:
    """Since when these people have an account here."""
    rows = await fetch(ACCOUNTS, sorted(people))
    return {row["actor_uri"]: from_ms(row["created_at"]) for row in rows}


async def is_let_go(host: str) -> bool:
    """Whether a moderator has let something go from a host."""
    return bool(await fetch(LET_GO, host))


async def reports(accused: Collection[str], now: datetime, within: timedelta) -> dict[str, int]:
    """How often these were reported lately."""
    rows = await fetch(REPORTS, sorted(accused), to_ms(now - within))
    return {row["accused_uri"]: int(row["n"]) for row in rows}


async def ties_from(author: str, people: Collection[str]) -> dict[str, frozenset[str]]:
    """What somebody here has to do with these: "followed", "follower", "direct", "group"."""
    found: dict[str, set[str]] = {}
    for row in await fetch(TIES_FROM, author, sorted(people)):
        found.setdefault(row["person"], set()).add(row["tie"])
    return {person: frozenset(ties) for person, ties in found.items()}
