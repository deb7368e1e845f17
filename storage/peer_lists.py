"""The hosts this node has to do with, as an operator sees them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from storage.database import fetch
from storage.dialect import Row
from storage.patterns import containing
from storage.times import from_ms_or_none

_LISTED: Final = """
SELECT host, state, step, failing_since, due_at, last_ok_at, heard_at, last_error, scheme, software
FROM peer WHERE
"""

# Hosts in their order, from one on.
LISTED: Final = f"{_LISTED} host > $1 ORDER BY host LIMIT $2"

# Those in whose names this is found; "" for any state.
SEARCHED: Final = f"""{_LISTED}
host > $1 AND host LIKE $2 ESCAPE '!' AND ($3 = '' OR state = $3) ORDER BY host LIMIT $4
"""

# These hosts.
NAMED: Final = f"{_LISTED} host = ANY($1)"


@dataclass(frozen=True, slots=True)
class ListedPeer:
    """A host and how it is with it.

    Attributes:
        state: "ok" or "failing".
        step: How often in a row it has failed, counted once per wait.
        due_at: When it is tried next, or None while nothing waits for it.
        heard_at: When it last sent us something, or None.
        last_error: Why it was last not reached, in words, or "".
        scheme: How it takes signatures, as far as known, or "".
        software: What it says that it runs, or "".
    """

    host: str
    state: str
    step: int
    failing_since: datetime | None
    due_at: datetime | None
    last_ok_at: datetime | None
    heard_at: datetime | None
    last_error: str
    scheme: str
    software: str


async def listed(*, after: str = "", limit: int = 100) -> list[ListedPeer]:
    """The hosts behind this one, by name."""
    return [_listed(row) for row in await fetch(LISTED, after, limit)]


async def search(text: str, *, state: str, after: str, limit: int) -> list[ListedPeer]:
    """The hosts in whose names a text is found, by name.

    Args:
        text: "" for all.
        state: "ok" or "failing", or "" for both.
        after: The host that a page begins behind, or "".
        limit: How many at most.
    """
    rows = await fetch(SEARCHED, after, containing(text), state, limit)
    return [_listed(row) for row in rows]


async def named(hosts: list[str]) -> dict[str, ListedPeer]:
    """Of these hosts, by name, those that this node has to do with."""
    return {row["host"]: _listed(row) for row in await fetch(NAMED, hosts)}


def _listed(row: Row) -> ListedPeer:
    return ListedPeer(
        host=row["host"],
        state=row["state"],
        step=row["step"],
        failing_since=from_ms_or_none(row["failing_since"]),
        due_at=from_ms_or_none(row["due_at"]),
        last_ok_at=from_ms_or_none(row["last_ok_at"]),
        heard_at=from_ms_or_none(row["heard_at"]),
        last_error=row["last_error"],
        scheme=row["scheme"],
        software=row["software"],
    )
