"""How much there is of what an operator watches is read in a few quick queries."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from storage import inbox_aside, media, owed_hosts, remote_media
from storage.database import current, fetch, reader
from storage.inbox_aside import Held
from storage.owed_hosts import OwedHost
from storage.times import from_ms_or_none, to_ms

HOSTS_MOST: Final = 50


@dataclass(frozen=True, slots=True)
class Gauges:
    """What there is at one moment.

    Attributes:
        inbox: Requests that were accepted and have not taken effect, by state.
        owed: Deliveries that have not ended, by state.
        oldest_owed_at: When the oldest delivery that waits was made, or None.
        oldest_healthy_at: The same of those that nothing holds up: their host is well, and they
            were never turned away.
        lanes: Hosts by state.
        worst: The hosts that are owed the most.
        gaps: Logs of people elsewhere in which something is missing.
        accounts: Accounts by state.
        conversations: Conversations that people here know.
        own_media_bytes: Of files uploaded here.
        remote_media_bytes: Of files fetched from others.
    """

    inbox: Mapping[str, Held]
    owed: Mapping[str, int]
    oldest_owed_at: datetime | None
    oldest_healthy_at: datetime | None
    lanes: Mapping[str, int]
    worst: tuple[OwedHost, ...]
    gaps: int
    accounts: Mapping[str, int]
    conversations: int
    own_media_bytes: int
    remote_media_bytes: int


OWED: Final = """
SELECT state AS name, COUNT(*) AS number FROM delivery
WHERE state IN ('pending', 'sending', 'parked') GROUP BY state
"""

LANES: Final = "SELECT state AS name, COUNT(*) AS number FROM peer GROUP BY state"

ACCOUNTS: Final = "SELECT state AS name, COUNT(*) AS number FROM account GROUP BY state"

# What does not wait for a host that is away, nor for its own time after a refusal.
OLDEST: Final = """
SELECT MIN(owed.created_at) AS any_at, MIN(CASE
    WHEN owed.reason = '' AND owed.due_at <= $1 AND COALESCE(peer.state, 'ok') <> 'failing'
    THEN owed.created_at END) AS healthy_at
FROM delivery AS owed LEFT JOIN peer ON peer.host = owed.host
WHERE owed.state IN ('pending', 'sending')
"""

GAPS: Final = """
SELECT COUNT(*) AS number FROM author_log WHERE missing_since IS NOT NULL AND NOT local
"""

CONVERSATIONS: Final = "SELECT COUNT(*) AS number FROM conversation"


async def read(now: datetime) -> Gauges:
    """All of them, as of one moment or nearly.

    Raises:
        StorageUnavailable: The database is away.
    """
    async with reader():
        (oldest,) = await fetch(OLDEST, to_ms(now))
        return Gauges(
            inbox=await inbox_aside.by_state(),
            owed=await _by_name(OWED),
            oldest_owed_at=from_ms_or_none(oldest["any_at"]),
            oldest_healthy_at=from_ms_or_none(oldest["healthy_at"]),
            lanes=await _by_name(LANES),
            worst=tuple(await owed_hosts.worst(limit=HOSTS_MOST)),
            gaps=await _number(GAPS),
            accounts=await _by_name(ACCOUNTS),
            conversations=await _number(CONVERSATIONS),
            own_media_bytes=(await media.total())[1],
            remote_media_bytes=(await remote_media.total())[1],
        )


async def _by_name(sql: str) -> Mapping[str, int]:
    return {row["name"]: int(row["number"]) for row in await fetch(sql)}


async def _number(sql: str) -> int:
    return int((await fetch(sql))[0]["number"])


async def wal_bytes() -> int:
    """How long the write-ahead log of SQLite is; 0 on PostgreSQL."""
    path = current().sqlite_path
    return await asyncio.to_thread(_size, Path(f"{path}-wal")) if path else 0


# Of one database alone, which the other could not prepare.
_POSTGRES_BYTES: Final = "SELECT pg_database_size(current_database()) AS size"


async def database_bytes() -> int:
    """How much room the database takes; of SQLite without its write-ahead log."""
    path = current().sqlite_path
    if path:
        return await asyncio.to_thread(_size, Path(path))
    return int((await fetch(_POSTGRES_BYTES))[0]["size"])


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
