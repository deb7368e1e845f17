"""What waits, for whom and why, is read from the rows that are sent."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec

from storage.database import fetch, reader
from storage.delivery_events import shown_state
from storage.dialect import Row
from storage.times import from_ms, from_ms_or_none

# While a whole host waits, its reason is that of each of its rows.
REASON: Final = """CASE WHEN owed.state = 'pending' AND peer.state = 'failing'
    THEN peer.last_error ELSE owed.reason END"""


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """The queue in numbers.

    Attributes:
        rows: Rows by state.
        oldest_at: When the oldest row that still waits was made, or None.
        lanes: Lanes by state.
    """

    rows: Mapping[str, int]
    oldest_at: datetime | None
    lanes: Mapping[str, int]


ROWS_BY_STATE: Final = "SELECT state, COUNT(*) AS number FROM delivery GROUP BY state"

LANES_BY_STATE: Final = "SELECT state, COUNT(*) AS number FROM peer GROUP BY state"

OLDEST: Final = """
SELECT MIN(created_at) AS created_at FROM delivery WHERE state IN ('pending', 'sending')
"""


async def counts() -> QueueCounts:
    """The queue in numbers, as of one moment or nearly."""
    async with reader():
        rows = {row["state"]: row["number"] for row in await fetch(ROWS_BY_STATE)}
        lanes = {row["state"]: row["number"] for row in await fetch(LANES_BY_STATE)}
        (oldest,) = await fetch(OLDEST)
    return QueueCounts(rows, from_ms_or_none(oldest["created_at"]), lanes)


@dataclass(frozen=True, slots=True)
class QueuedRow:
    """A row as an operator sees it.

    Attributes:
        reason: In words; "" for a row that only waits for its turn.
        lane_due_at: When its host is tried again, or None.
    """

    id: str
    activity_id: str
    host: str
    target: str
    state: str
    attempts: int
    last_status: int
    reason: str
    created_at: datetime
    due_at: datetime
    lane_due_at: datetime | None

    @property
    def next_try(self) -> datetime | None:
        """When it is sent: its own time and that of its host have come. None if that is past."""
        if self.state != "pending":
            return None
        return max(self.due_at, self.lane_due_at or self.due_at)


# What has not been delivered, oldest first.
LISTED: Final = """
SELECT owed.id, owed.activity_id, owed.host, owed.target, owed.state, owed.attempts,
  owed.last_status, <reason> AS reason, owed.created_at, owed.due_at, peer.due_at AS lane_due_at
FROM delivery AS owed LEFT JOIN peer ON peer.host = owed.host
WHERE owed.state = ANY($1) AND owed.id > $2 AND ($3 = '' OR owed.host = $3)
ORDER BY owed.id LIMIT $4
""".replace("<reason>", REASON)

UNFINISHED: Final = ("pending", "sending", "parked", "refused", "expired")


async def listed(
    states: Collection[str] = UNFINISHED, *, after: str = "", host: str = "", limit: int = 100
) -> list[QueuedRow]:
    """The rows in these states after a row's id, oldest first; of one host if it is named."""
    rows = await fetch(LISTED, list(states), after, host, limit)
    return sorted(map(_queued, rows), key=lambda row: row.id)


def _queued(row: Row) -> QueuedRow:
    return QueuedRow(
        id=row["id"],
        activity_id=row["activity_id"],
        host=row["host"],
        target=row["target"],
        state=row["state"],
        attempts=row["attempts"],
        last_status=row["last_status"],
        reason=row["reason"],
        created_at=from_ms(row["created_at"]),
        due_at=from_ms(row["due_at"]),
        lane_due_at=from_ms_or_none(row["lane_due_at"]),
    )


@dataclass(frozen=True, slots=True)
class HostOutcome:
    """What became of a message at one host, for some of its members there.

    Attributes:
        state: waiting, delivered, sent, refused or failed; cancelled rows are left out.
        since: When the row ended, or was made.
        next_try_at: When a host that does not answer is asked again; None for all else.
        made_at: From when on it was tried.
    """

    message_id: str
    host: str
    state: str
    recipients: tuple[str, ...]
    reason: str
    since: datetime
    next_try_at: datetime | None = None
    made_at: datetime | None = None


# The rows that carry these messages.
OF_MESSAGES: Final = """
SELECT owed.message_id, owed.host, owed.state, owed.aware, owed.recipients, <reason> AS reason,
  COALESCE(owed.settled_at, owed.created_at) AS since, owed.created_at AS made_at,
  CASE WHEN owed.state = 'pending' AND peer.state = 'failing' THEN peer.due_at END AS next_try_at
FROM delivery AS owed LEFT JOIN peer ON peer.host = owed.host
WHERE owed.message_id = ANY($1) AND owed.state <> 'cancelled'
ORDER BY owed.message_id, owed.host, owed.id
""".replace("<reason>", REASON)


# What an activity came to at the hosts that did not take it.
UNTAKEN: Final = """
SELECT activity_id, host, recipients, reason FROM delivery
WHERE activity_id = ANY($1) AND state IN ('refused', 'expired', 'parked') ORDER BY id
"""


@dataclass(frozen=True, slots=True)
class Untaken:
    """An activity that a host did not take for some people; `reason` is in words."""

    activity_id: str
    host: str
    recipients: tuple[str, ...]
    reason: str


async def untaken(activity_ids: Collection[str]) -> list[Untaken]:
    """Which of these activities came to nothing where; no query where there are none."""
    if not activity_ids:
        return []
    return [
        Untaken(
            activity_id=row["activity_id"],
            host=row["host"],
            recipients=msgspec.json.decode(row["recipients"], type=tuple[str, ...]),
            reason=row["reason"],
        )
        for row in await fetch(UNTAKEN, list(activity_ids))
    ]


async def of_messages(message_ids: Collection[str]) -> list[HostOutcome]:
    """What became of these messages at each host, by message and host."""
    return [
        HostOutcome(
            message_id=row["message_id"],
            host=row["host"],
            state=shown_state(row["state"], aware=bool(row["aware"])),
            recipients=msgspec.json.decode(row["recipients"], type=tuple[str, ...]),
            reason=row["reason"],
            since=from_ms(row["since"]),
            next_try_at=from_ms_or_none(row["next_try_at"]),
            made_at=from_ms(row["made_at"]),
        )
        for row in await fetch(OF_MESSAGES, list(message_ids))
    ]
