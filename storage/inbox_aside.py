"""What the inbox queue has set aside is given up in time, or set going by an operator."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from storage.database import fetch, run
from storage.times import from_ms, to_ms


@dataclass(frozen=True, slots=True)
class Missing:
    """What entries of one actor wait for, and when the newest of them came."""

    waits_for: str
    actor_uri: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Parked:
    """An entry that only an operator can set going again."""

    id: str
    actor_uri: str
    activity_id: str
    attempts: int
    reason: str
    received_at: datetime


# What has waited long enough.
GIVE_UP = "DELETE FROM inbox_entry WHERE state = 'waiting' AND due_at <= $1"

# What is waited for, and by whom, in the order of both; from one place on, but for one kind.
MISSING = """
SELECT waits_for, actor_uri, MAX(received_at) AS received_at FROM inbox_entry
WHERE waits_for >= $1 AND (waits_for > $1 OR actor_uri > $2) AND waits_for <> ''
  AND substr(waits_for, 1, length($3)) <> $3
GROUP BY waits_for, actor_uri ORDER BY waits_for, actor_uri LIMIT $4
"""

# For the operator, oldest first.
PARKED = """
SELECT id, actor_uri, activity_id, attempts, reason, received_at FROM inbox_entry
WHERE state = 'parked' ORDER BY id LIMIT $1
"""

# The operator lets them try again from the start.
REPLAY = """
UPDATE inbox_entry SET state = 'pending', attempts = 0, due_at = $2, reason = ''
WHERE state = 'parked' AND id = ANY($1)
"""


async def give_up(now: datetime) -> int:
    """Remove what has waited until its time was over; answer how many."""
    return await run(GIVE_UP, to_ms(now))


async def missing(after: tuple[str, str], *, but: str, limit: int) -> list[Missing]:
    """What entries wait for, from behind a place on.

    Args:
        after: The `waits_for` and `actor_uri` of that place, ("", "") for the beginning.
        but: How what is left out begins, such as "message:".
        limit: So many at most; fewer means that these are the last.
    """
    return [
        Missing(row["waits_for"], row["actor_uri"], from_ms(row["received_at"]))
        for row in await fetch(MISSING, *after, but, limit)
    ]


async def parked(*, limit: int = 100) -> list[Parked]:
    """Entries that failed five times, oldest first."""
    return [
        Parked(
            id=row["id"],
            actor_uri=row["actor_uri"],
            activity_id=row["activity_id"],
            attempts=row["attempts"],
            reason=row["reason"],
            received_at=from_ms(row["received_at"]),
        )
        for row in await fetch(PARKED, limit)
    ]


async def replay(ids: Collection[str], now: datetime) -> int:
    """Set parked entries going again; answer how many."""
    return await run(REPLAY, sorted(ids), to_ms(now)) if ids else 0
