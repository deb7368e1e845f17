"""What the inbox queue has set aside is given up in time, or set going by an operator."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from storage.database import fetch, run, transaction, wake
from storage.times import from_ms, to_ms


@dataclass(frozen=True, slots=True)
class Missing:
    """What entries of one actor wait for, and when the newest of them came."""

    waits_for: str
    actor_uri: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class SetAside:
    """An entry that only an operator can set going again, or that waits for what is missing.

    Attributes:
        waits_for: A word for the kind of what is missing, a colon and which; "" if it is parked.
    """

    id: str
    actor_uri: str
    activity_id: str
    attempts: int
    waits_for: str
    reason: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Held:
    """So many entries in one state, the oldest of which came then."""

    number: int
    oldest_at: datetime


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
SET_ASIDE = """
SELECT id, actor_uri, activity_id, attempts, waits_for, reason, received_at FROM inbox_entry
WHERE state = ANY($1) ORDER BY id LIMIT $2
"""

# What is in the queue, by state.
BY_STATE = """
SELECT state, COUNT(*) AS number, MIN(received_at) AS oldest_at FROM inbox_entry GROUP BY state
"""

# The operator lets them try again from the start.
REPLAY = """
UPDATE inbox_entry SET state = 'pending', attempts = 0, due_at = $2, reason = ''
WHERE state = 'parked' AND (id = ANY($1) OR $3)
"""

# The operator gives them up.
DROP = "DELETE FROM inbox_entry WHERE state = 'parked' AND id = ANY($1)"


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


async def parked(*, limit: int = 100) -> list[SetAside]:
    """Entries that failed five times, oldest first."""
    return await _set_aside(("parked",), limit)


async def set_aside(*, limit: int = 100) -> list[SetAside]:
    """Entries that failed five times and those that wait for what is missing, oldest first."""
    return await _set_aside(("parked", "waiting"), limit)


async def _set_aside(states: Collection[str], limit: int) -> list[SetAside]:
    rows = await fetch(SET_ASIDE, list(states), limit)
    found = [
        SetAside(
            id=row["id"],
            actor_uri=row["actor_uri"],
            activity_id=row["activity_id"],
            attempts=row["attempts"],
            waits_for=row["waits_for"],
            reason=row["reason"],
            received_at=from_ms(row["received_at"]),
        )
        for row in rows
    ]
    return sorted(found, key=lambda entry: entry.id)


async def by_state() -> Mapping[str, Held]:
    """What is in the queue: pending, leased, waiting and parked, as far as there is any."""
    rows = await fetch(BY_STATE)
    return {row["state"]: Held(int(row["number"]), from_ms(row["oldest_at"])) for row in rows}


async def replay(ids: Collection[str], now: datetime, *, every: bool = False) -> int:
    """Set parked entries going again, these or every one; answer how many."""
    async with transaction():
        released = await run(REPLAY, sorted(ids), to_ms(now), every) if ids or every else 0
        if released:
            await wake("inbox")
    return released


async def drop(ids: Collection[str]) -> int:
    """Give parked entries up; answer how many. Who sends one again has it taken anew."""
    return await run(DROP, sorted(ids)) if ids else 0
