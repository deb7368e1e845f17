"""Waits are kept as times of day; when the clock is put right, they stay as long as they were.

Where several machines share a database, the one that puts its clock moves the waits of all: they
are few minutes apart at most, or signatures would not hold.

Source: delivery.md 3 (Start and clock)
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from storage import peers
from storage.database import exclusive, fetch, insert_many, run, transaction, update_many, wake
from storage.settings import find_setting, put_setting
from storage.times import from_ms, to_ms

AT_ONCE: Final = 5000
# Under this name: the time of day, once a minute; and the last step, so that of several processes
# of one machine the first moves the waits and the others leave them.
SEEN: Final = "clock_seen"
STEPPED: Final = "clock_stepped"

LANES: Final = "UPDATE peer SET due_at = due_at + $1 WHERE due_at > $2"
LANES_HELD: Final = "UPDATE peer SET lease_until = lease_until + $1 WHERE lease_until IS NOT NULL"
DELIVERIES: Final = """
UPDATE delivery SET due_at = due_at + $1 WHERE state = 'pending' AND due_at > $2
"""
ENTRIES: Final = """
UPDATE inbox_entry SET due_at = due_at + $1 WHERE state = 'pending' AND due_at > $2
"""
ENTRIES_HELD: Final = """
UPDATE inbox_entry SET lease_until = lease_until + $1 WHERE state = 'leased'
"""
HELD_BY_RULES: Final = """
UPDATE policy_held SET due_at = due_at + $1 WHERE state = 'waiting' AND due_at > $2
"""
REPAIRS: Final = "UPDATE repair SET due_at = due_at + $1 WHERE state = 'pending' AND due_at > $2"
REPAIRS_HELD: Final = """
UPDATE repair SET lease_until = lease_until + $1 WHERE state IN ('leased', 'again')
"""

WAITS: Final = (LANES, DELIVERIES, ENTRIES, REPAIRS, HELD_BY_RULES)
HELD: Final = (LANES_HELD, ENTRIES_HELD, REPAIRS_HELD)

# What other servers have turned away for one of these reasons and waits for another try.
TURNED_AWAY: Final = """
SELECT owed.id, owed.host, owed.reason, activity.document FROM delivery AS owed
JOIN activity ON activity.id = owed.activity_id
WHERE owed.state = 'pending' AND owed.reason = ANY($1) ORDER BY owed.id LIMIT $2
"""


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """A delivery that another server would not take, and its activity."""

    id: str
    host: str
    reason: str
    document: str


async def move(step: timedelta, now: datetime, *, within: timedelta) -> bool:
    """Move everything that waits by as much as the clock was put; False if another has done so.

    Args:
        step: How far it was put forward; negative for back.
        now: By the clock as it is.
        within: Another process of the same machine has seen the same step within this time.
    """
    async with transaction():
        await exclusive(STEPPED)
        by_ms = round(step / timedelta(milliseconds=1))
        last_at, last_by_ms = map(int, (await find_setting(STEPPED) or "0 0").split())
        is_same = abs(by_ms - last_by_ms) < within / timedelta(milliseconds=1)
        if is_same and abs(now - from_ms(last_at)) < within:
            return False
        await put_setting(STEPPED, f"{to_ms(now)} {by_ms}")
        for waits in WAITS:
            await run(waits, by_ms, to_ms(now - step))
        for held in HELD:
            await run(held, by_ms)
    return True


async def turned_away(reasons: Collection[str]) -> list[TurnedAway]:
    """What waits after a refusal for one of these reasons; the oldest, at most 5,000."""
    rows = await fetch(TURNED_AWAY, list(reasons), AT_ONCE)
    return [TurnedAway(row["id"], row["host"], row["reason"], row["document"]) for row in rows]


async def try_again(rows: Sequence[tuple[TurnedAway, datetime]]) -> None:
    """Let each of these rows begin at its time, unless its whole host waits."""
    first: dict[str, datetime] = {}
    for row, due_at in rows:
        first[row.host] = min(due_at, first.get(row.host, due_at))
    async with transaction():
        due = [(row.id, "pending", to_ms(due_at)) for row, due_at in rows]
        await update_many("delivery", ("id", "state"), ("due_at",), due)
        lanes = [(host, to_ms(due_at)) for host, due_at in sorted(first.items())]
        await insert_many("peer", ("host", "due_at"), lanes, conflict=peers.MAKE_DUE)
        await wake("deliver")


async def find_seen() -> datetime | None:
    """When the clock was last looked at, by itself."""
    text = await find_setting(SEEN)
    return from_ms(int(text)) if text is not None else None


async def note_seen(now: datetime) -> None:
    """The clock says so."""
    await put_setting(SEEN, str(to_ms(now)))
