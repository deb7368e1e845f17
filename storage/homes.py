"""Whether the homes of our people's groups are there: what was tried, and which one is gone."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from storage.database import fetch, insert_many, run
from storage.times import from_ms, from_ms_or_none, to_ms

QUIET_AFTER: Final = timedelta(days=1)
TRIED_EVERY: Final = timedelta(hours=20)


@dataclass(frozen=True, slots=True)
class WatchedHome:
    """A group of our people whose home has been silent.

    Attributes:
        last_exchange: When anything last passed between its host and us.
        days_tried: On how many days it was asked in vain since then.
        gone_at: Since when it counts as gone, or None.
    """

    conversation_id: str
    uri: str
    host: str
    state: str
    last_exchange: datetime
    days_tried: int
    missed_at: datetime | None
    gone_at: datetime | None


# Groups of our people that live elsewhere, are not over, and whose home has been silent for a
# while or is taken for gone.
SILENT: Final = """
SELECT c.id, c.uri, c.home_host, c.state, c.created_at, c.gone_at, peer.last_ok_at, peer.heard_at,
  peer.reached_at, peer.missed_at, COALESCE(peer.missed_days, 0) AS missed_days
FROM conversation AS c LEFT JOIN peer ON peer.host = c.home_host
WHERE c.kind = 'group' AND NOT c.is_home AND c.state <> '' AND c.closed_at IS NULL
  AND c.created_at < $1
  AND (c.gone_at IS NOT NULL OR (COALESCE(peer.last_ok_at, 0) < $1
    AND COALESCE(peer.heard_at, 0) < $1 AND COALESCE(peer.reached_at, 0) < $1))
  AND EXISTS (SELECT 1 FROM membership AS m
    WHERE m.conversation_id = c.id AND m.local AND m.state = 'joined')
ORDER BY c.id
"""


async def silent(now: datetime) -> list[WatchedHome]:
    """The groups whose home has not been heard of for a day, or is gone."""
    return [
        WatchedHome(
            conversation_id=row["id"],
            uri=row["uri"],
            host=row["home_host"],
            state=row["state"],
            last_exchange=from_ms(
                max(
                    row["created_at"],
                    row["last_ok_at"] or 0,
                    row["heard_at"] or 0,
                    row["reached_at"] or 0,
                )
            ),
            days_tried=row["missed_days"],
            missed_at=from_ms_or_none(row["missed_at"]),
            gone_at=from_ms_or_none(row["gone_at"]),
        )
        for row in await fetch(SILENT, to_ms(now - QUIET_AFTER))
    ]


REACHED: Final = """ON CONFLICT (host) DO UPDATE SET
  reached_at = EXCLUDED.reached_at, missed_at = NULL, missed_days = 0"""


async def note_reached(host: str, now: datetime) -> None:
    """The host has answered."""
    await insert_many("peer", ("host", "reached_at"), [(host, to_ms(now))], conflict=REACHED)


# What was tried before the last sign of life counts no more.
MISSED: Final = """ON CONFLICT (host) DO UPDATE SET
  missed_at = EXCLUDED.missed_at,
  missed_days = CASE WHEN peer.missed_at IS NULL OR peer.missed_at < COALESCE(peer.last_ok_at, 0)
      OR peer.missed_at < COALESCE(peer.heard_at, 0) THEN 1 ELSE peer.missed_days + 1 END"""


async def note_missed(host: str, now: datetime) -> None:
    """The host was asked in vain; called at most once a day."""
    row = (host, to_ms(now), 1)
    await insert_many("peer", ("host", "missed_at", "missed_days"), [row], conflict=MISSED)


SET_GONE: Final = "UPDATE conversation SET gone_at = $2 WHERE id = $1 AND gone_at IS NULL"

CLEAR_GONE: Final = "UPDATE conversation SET gone_at = NULL WHERE id = $1"


async def set_gone(conversation_id: str, at: datetime) -> bool:
    """The group's home counts as gone from here on; whether it did not before."""
    return await run(SET_GONE, conversation_id, to_ms(at)) > 0


async def clear_gone(conversation_id: str) -> None:
    """The group's home is back."""
    await run(CLEAR_GONE, conversation_id)


# When anything last passed between this node and any other.
LAST_EXCHANGE: Final = """
SELECT MAX(COALESCE(last_ok_at, 0)) AS sent, MAX(COALESCE(heard_at, 0)) AS heard,
  MAX(COALESCE(reached_at, 0)) AS reached FROM peer
"""


async def find_last_exchange() -> datetime | None:
    """When this node last had to do with any other, or None."""
    (row,) = await fetch(LAST_EXCHANGE)
    last = max(row["sent"] or 0, row["heard"] or 0, row["reached"] or 0)
    return from_ms(last) if last else None
