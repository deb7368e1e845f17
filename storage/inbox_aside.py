"""What the inbox queue has set aside is given up in time, or set going by an operator."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from storage.database import fetch, run
from storage.times import from_ms, to_ms


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
