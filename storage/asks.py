"""What is missing here is asked for once, within the share of whoever makes this node ask."""

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from storage.changes import HastenRepairs
from storage.database import fetch, insert_many, run
from storage.times import to_ms

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class NewRepair:
    """Something to ask for.

    Attributes:
        asked: The domain whose servers are asked.
        cause: The domain on whose account that is, "" for our own.
    """

    id: str
    kind: str
    subject: str
    at: datetime
    asked: str
    cause: str


# So many rows others may cause: each of them, all of them, and each whatever the rest have.
CAUSED_MAX: Final = 1_000
CAUSED_IN_ALL_MAX: Final = 20_000
CAUSED_ALWAYS: Final = 20
# What this node owes its groups, whoever's word led to it: no share holds it, and it counts in
# none. Each is about a conversation or a member here, so others cannot make more and more of them.
DUTIES: Final = (
    *("anchor", "expel", "follow", "history", "look", "part", "quit", "recover", "state"),
    "succession",
)

# What is asked for again while it is in hand is to be done once more (storage/repairs.py).
AGAIN: Final = """ON CONFLICT (kind, subject) DO UPDATE SET
  state = CASE repair.state WHEN 'pending' THEN 'pending' ELSE 'again' END,
  due_at = EXCLUDED.due_at
WHERE repair.state = 'leased'"""
# And what had to wait longer comes sooner.
SOONER: Final = f"{AGAIN} OR repair.due_at > EXCLUDED.due_at"

_IN_HAND: Final[ContextVar[tuple[str, str]]] = ContextVar("in_hand", default=("", ""))

# What is asked for in a conversation, whose id its subject begins with.
HASTEN: Final = """
UPDATE repair SET due_at = $2
WHERE state = 'pending' AND due_at > $2 AND substr(subject, 1, length($1)) = $1
"""

CAUSED: Final = """
SELECT cause, COUNT(*) AS number FROM repair
WHERE cause = ANY($1) AND NOT (kind = ANY($2)) GROUP BY cause
"""

CAUSED_IN_ALL: Final = """
SELECT COUNT(*) AS number FROM repair WHERE cause <> '' AND NOT (kind = ANY($1))
"""

HELD: Final = "SELECT kind, subject FROM repair WHERE kind = ANY($1) AND subject = ANY($2)"

COLUMNS: Final = (
    *("id", "kind", "subject", "state", "attempts", "due_at", "created_at", "asked", "cause"),
)


async def insert(rows: Sequence[NewRepair], *, hastens: bool = False) -> None:
    """Ask for things; asking again for the same changes nothing, or makes it come sooner.

    What is in hand is done once more, unless it asks for itself. What others cause beyond their
    share is not kept; what an entry waits for is asked for again by federation/upkeep/waits.py.
    """
    kept: dict[tuple[str, str], NewRepair] = {}
    for row in await _within_shares(rows):
        kept.setdefault((row.kind, row.subject), row)
    kept.pop(_IN_HAND.get(), None)
    await insert_many(
        "repair",
        COLUMNS,
        [
            (r.id, r.kind, r.subject, "pending", 0, to_ms(r.at), to_ms(r.at), r.asked, r.cause)
            for r in kept.values()
        ],
        conflict=SOONER if hastens else AGAIN,
    )


@contextmanager
def in_hand(kind: str, subject: str) -> Iterator[None]:
    """What asks for this inside the block is its own repair, which need not be done once more."""
    token = _IN_HAND.set((kind, subject))
    try:
        yield
    finally:
        _IN_HAND.reset(token)


async def _within_shares(rows: Sequence[NewRepair]) -> list[NewRepair]:
    """The rows but those beyond a share; what is held already takes nothing of one."""
    shared = [row for row in rows if row.cause and row.kind not in DUTIES]
    if not shared:
        return list(rows)
    known = await _held(shared)
    counted = [row for row in shared if (row.kind, row.subject) not in known]
    causes = sorted({row.cause for row in counted})
    numbers = await fetch(CAUSED, causes, list(DUTIES))
    held = Counter({row["cause"]: row["number"] for row in numbers})
    in_all = (await fetch(CAUSED_IN_ALL, list(DUTIES)))[0]["number"]
    dropped: set[str] = set()
    for row in counted:
        most = CAUSED_ALWAYS if in_all >= CAUSED_IN_ALL_MAX else CAUSED_MAX
        if held[row.cause] >= most:
            dropped.add(row.id)
        else:
            held[row.cause] += 1
            in_all += 1
    if dropped:
        log.warning(
            "others cause more repairs than are kept",
            extra={"action": "repair.dropped", "causes": " ".join(causes)},
        )
    return [row for row in rows if row.id not in dropped]


async def _held(rows: Sequence[NewRepair]) -> set[tuple[str, str]]:
    kinds, subjects = sorted({row.kind for row in rows}), sorted({row.subject for row in rows})
    return {(row["kind"], row["subject"]) for row in await fetch(HELD, kinds, subjects)}


async def hasten(changes: Sequence[HastenRepairs]) -> None:
    """Let what is asked for in these conversations wait no longer; inside a transaction."""
    for change in changes:
        await run(HASTEN, f"{change.conversation_id} ", to_ms(change.at))
