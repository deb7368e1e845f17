"""What each account is told of, readable from any id on; ids become visible in their order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.database import Row, exclusive, fetch, insert_many, run
from storage.times import from_ms, to_ms


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event to be told; `data` is JSON text or empty."""

    account_uri: str
    type: str
    created_at: datetime
    conversation_id: str = ""
    message_id: str = ""
    data: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """An event of an account's stream."""

    id: int
    account_uri: str
    type: str
    conversation_id: str
    message_id: str
    data: str
    created_at: datetime


_COLUMNS = ("account_uri", "type", "conversation_id", "message_id", "data", "created_at")

# Everybody's events from an id on.
READ_AFTER = """
SELECT id, account_uri, type, conversation_id, message_id, data, created_at FROM event
WHERE id > $1 ORDER BY id LIMIT $2
"""

# One account's events from an id on.
READ_FOR = """
SELECT id, account_uri, type, conversation_id, message_id, data, created_at FROM event
WHERE account_uri = $1 AND id > $2 ORDER BY id LIMIT $3
"""

# The last event told.
NEWEST = "SELECT coalesce(max(id), 0) AS id FROM event"

# The first event that is still held, and the last.
BOUNDS = """
SELECT coalesce((SELECT min(id) FROM event), 0) AS oldest,
  coalesce((SELECT max(id) FROM event), 0) AS newest
"""

# The oldest first, a part at a time.
REAP = """
DELETE FROM event WHERE id IN (
  SELECT id FROM event WHERE created_at < $1 ORDER BY created_at LIMIT $2)
"""


async def append(events: Sequence[NewEvent]) -> None:
    """Add events inside the caller's transaction, as late in it as may be.

    On PostgreSQL only one transaction at a time holds uncommitted events: a reader who has seen
    an id will never find a smaller one afterwards.
    """
    if not events:
        return
    await exclusive("event")
    await insert_many(
        "event",
        _COLUMNS,
        [
            (e.account_uri, e.type, e.conversation_id, e.message_id, e.data, to_ms(e.created_at))
            for e in events
        ],
    )


async def read_after(after: int, *, limit: int) -> list[Event]:
    """Everybody's events with a greater id, oldest first."""
    return [_event(row) for row in await fetch(READ_AFTER, after, limit)]


async def read_for(account_uri: str, after: int, *, limit: int) -> list[Event]:
    """One account's events with a greater id, oldest first."""
    return [_event(row) for row in await fetch(READ_FOR, account_uri, after, limit)]


async def get_newest_id() -> int:
    """The id of the newest event, 0 if there is none."""
    (row,) = await fetch(NEWEST)
    return int(row["id"])


async def get_bounds() -> tuple[int, int]:
    """The ids of the oldest and the newest event held, 0 and 0 if there is none."""
    (row,) = await fetch(BOUNDS)
    return int(row["oldest"]), int(row["newest"])


async def reap(before: datetime, *, limit: int = 1000) -> int:
    """Remove events older than this; answer how many."""
    return await run(REAP, to_ms(before), limit)


def _event(row: Row) -> Event:
    return Event(
        id=row["id"],
        account_uri=row["account_uri"],
        type=row["type"],
        conversation_id=row["conversation_id"],
        message_id=row["message_id"],
        data=row["data"],
        created_at=from_ms(row["created_at"]),
    )
