"""The hosts this node has to do with, as an operator sees them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from storage.database import fetch
from storage.times import from_ms_or_none

# Hosts in their order, from one on.
LISTED: Final = """
SELECT host, state, failing_since, due_at, last_ok_at, heard_at, last_error FROM peer
WHERE host > $1 ORDER BY host LIMIT $2
"""


@dataclass(frozen=True, slots=True)
class ListedPeer:
    """A host and how it is with it.

    Attributes:
        state: "ok" or "failing".
        due_at: When it is tried next, or None while nothing waits for it.
        heard_at: When it last sent us something, or None.
        last_error: Why it was last not reached, in words, or "".
    """

    host: str
    state: str
    failing_since: datetime | None
    due_at: datetime | None
    last_ok_at: datetime | None
    heard_at: datetime | None
    last_error: str


async def listed(*, after: str = "", limit: int = 100) -> list[ListedPeer]:
    """The hosts behind this one, by name."""
    return [
        ListedPeer(
            host=row["host"],
            state=row["state"],
            failing_since=from_ms_or_none(row["failing_since"]),
            due_at=from_ms_or_none(row["due_at"]),
            last_ok_at=from_ms_or_none(row["last_ok_at"]),
            heard_at=from_ms_or_none(row["heard_at"]),
            last_error=row["last_error"],
        )
        for row in await fetch(LISTED, after, limit)
    ]
