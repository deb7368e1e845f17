"""What each host is owed is counted, so that who runs this node can be told why it has not come."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from storage.database import fetch
from storage.dialect import Row
from storage.times import from_ms, from_ms_or_none


@dataclass(frozen=True, slots=True)
class OwedHost:
    """A host for which deliveries wait or are parked.

    Attributes:
        waiting: Rows that wait or are on their way.
        parked: Rows that cannot be sent from here.
        oldest_at: When the oldest of all of them was made.
        due_at: When the first row that waits has its own time, or None if none waits.
        reason: Why the oldest row has stepped aside, in words, or "".
    """

    host: str
    waiting: int
    parked: int
    oldest_at: datetime
    due_at: datetime | None
    reason: str


_OWED: Final = """
SELECT summed.host, summed.waiting, summed.parked, summed.oldest_at, summed.due_at, oldest.reason
FROM (
  SELECT host, MIN(id) AS oldest_id, MIN(created_at) AS oldest_at,
    SUM(CASE WHEN state = 'parked' THEN 0 ELSE 1 END) AS waiting,
    SUM(CASE WHEN state = 'parked' THEN 1 ELSE 0 END) AS parked,
    MIN(CASE WHEN state = 'pending' THEN due_at END) AS due_at
  FROM delivery WHERE state IN ('pending', 'sending', 'parked') <and such>
  GROUP BY host ORDER BY <order> LIMIT $1
) AS summed JOIN delivery AS oldest ON oldest.id = summed.oldest_id
"""

# The hosts that are owed the most.
WORST: Final = _OWED.replace("<and such>", "").replace("<order>", "COUNT(*) DESC, host")

# Of these hosts, those that are owed something.
OF_HOSTS: Final = _OWED.replace("<and such>", "AND host = ANY($2)").replace("<order>", "host")


async def worst(*, limit: int = 50) -> list[OwedHost]:
    """The hosts that are owed the most, the most first."""
    rows = await fetch(WORST, limit)
    return sorted(map(_owed, rows), key=lambda one: (-one.waiting - one.parked, one.host))


async def of_hosts(hosts: list[str]) -> dict[str, OwedHost]:
    """Of these hosts, by name, those that are owed something."""
    return {row["host"]: _owed(row) for row in await fetch(OF_HOSTS, len(hosts), hosts)}


def _owed(row: Row) -> OwedHost:
    return OwedHost(
        host=row["host"],
        waiting=int(row["waiting"]),
        parked=int(row["parked"]),
        oldest_at=from_ms(row["oldest_at"]),
        due_at=from_ms_or_none(row["due_at"]),
        reason=row["reason"],
    )
