"""What other hosts say they run, kept in the row of each host."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from storage.database import Row, fetch, insert_many
from storage.times import from_ms, to_ms

FOUND: Final = """
SELECT host, software, software_at FROM peer WHERE host = ANY($1) AND software_at IS NOT NULL
"""

PUT: Final = """ON CONFLICT (host) DO UPDATE SET
  software = EXCLUDED.software, software_version = EXCLUDED.software_version,
  software_at = EXCLUDED.software_at"""

# The hosts that were heard of lately, whose software is not known since a time.
HEARD: Final = """
SELECT host FROM peer
WHERE heard_at > $1 AND COALESCE(software_at, 0) < $1 ORDER BY heard_at DESC LIMIT $2
"""

# The hosts of unaware members of groups, whose software is not known since a time.
UNKNOWN_SINCE: Final = """
SELECT DISTINCT actor.host FROM membership
JOIN conversation ON conversation.id = membership.conversation_id
JOIN actor ON actor.uri = membership.actor_uri
LEFT JOIN peer ON peer.host = actor.host
WHERE conversation.kind = 'group' AND membership.state = 'joined' AND membership.local = FALSE
  AND actor.aware = FALSE AND actor.kind = 'person' AND COALESCE(peer.software_at, 0) < $1
ORDER BY actor.host LIMIT $2
"""


@dataclass(frozen=True, slots=True)
class Named:
    """What a host says it runs, "" if it does not say, and when it was asked."""

    name: str
    asked_at: datetime


async def of_hosts(hosts: Collection[str]) -> dict[str, Named]:
    """What these hosts run; those that were never asked are missing."""
    rows = await fetch(FOUND, sorted(hosts)) if hosts else []
    return {row["host"]: _named(row) for row in rows}


def _named(row: Row) -> Named:
    return Named(row["software"], from_ms(row["software_at"]))


async def put(host: str, name: str, at: datetime, *, version: str = "") -> None:
    """Keep what a host has said."""
    columns = ("host", "software", "software_version", "software_at")
    await insert_many("peer", columns, [(host, name, version, to_ms(at))], conflict=PUT)


NO_ANSWER: Final = "ON CONFLICT (host) DO UPDATE SET software_at = EXCLUDED.software_at"


async def no_answer(host: str, at: datetime) -> None:
    """A host could not be asked; what it said before stays."""
    columns = ("host", "software", "software_at")
    await insert_many("peer", columns, [(host, "", to_ms(at))], conflict=NO_ANSWER)


async def unknown_since(since: datetime, *, limit: int) -> list[str]:
    """Hosts of unaware members that were not asked since then, some of them."""
    return [row["host"] for row in await fetch(UNKNOWN_SINCE, to_ms(since), limit)]


async def heard_since(since: datetime, *, limit: int) -> list[str]:
    """Hosts that were heard of since then and not asked, those heard last first."""
    return [row["host"] for row in await fetch(HEARD, to_ms(since), limit)]
