"""How well a host is known here: what people have to do with it, and since when."""

from datetime import datetime
from typing import Final

from storage.database import fetch
from storage.times import from_ms

# Somebody here follows somebody there, or is in a conversation with somebody there or kept there.
# What strangers do alone makes nobody known: following, and writing what nobody has taken up.
KNOWN: Final = """
SELECT 1 AS known FROM actor WHERE actor.host = $1 AND actor.local = FALSE AND (
  EXISTS (SELECT 1 FROM follow
    WHERE follow.followed = actor.uri AND follow.state <> 'rejected')
  OR EXISTS (SELECT 1 FROM membership AS theirs
    JOIN membership AS mine ON mine.conversation_id = theirs.conversation_id
    WHERE theirs.actor_uri = actor.uri AND theirs.state = 'joined'
      AND mine.local = TRUE AND mine.state = 'joined')
  OR EXISTS (SELECT 1 FROM conversation
    JOIN membership AS mine ON mine.conversation_id = conversation.id
    WHERE conversation.uri = actor.uri AND mine.local = TRUE AND mine.state = 'joined')
) LIMIT 1
"""

# Of a large server some are enough to see that it is not new.
FIRST_SEEN: Final = """
SELECT MIN(created_at) AS seen_at FROM (
  SELECT created_at FROM actor WHERE host = $1 AND local = FALSE ORDER BY uri LIMIT 1000
) AS acquaintances
"""


# The servers with which something passed lately, by the actors that speak for them.
SERVERS: Final = """
SELECT actor.uri FROM actor JOIN peer ON peer.host = actor.host
WHERE actor.kind = 'server' AND actor.local = FALSE AND actor.state = 'active'
ORDER BY actor.uri LIMIT $1
"""
SERVERS_MOST: Final = 10_000


async def is_known(host: str) -> bool:
    """Whether anybody here has chosen to have to do with this host."""
    return bool(await fetch(KNOWN, host))


async def first_seen(host: str) -> datetime | None:
    """Since when this host is known by an actor of it, or None."""
    (row,) = await fetch(FIRST_SEEN, host)
    return None if row["seen_at"] is None else from_ms(row["seen_at"])


async def known_servers() -> list[str]:
    """The actors that speak for other servers themselves, as many as there are lanes."""
    return [row["uri"] for row in await fetch(SERVERS, SERVERS_MOST)]
