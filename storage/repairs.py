"""What this node lacks and asks others for: one row for each thing, with its own back-off."""

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from storage.changes import HastenRepairs
from storage.database import exclusive, fetch, insert_many, run, transaction
from storage.times import from_ms, from_ms_or_none, to_ms

log = logging.getLogger(__name__)

LEASE_FOR: Final = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Repair:
    """Something to fetch; `attempts` counts those that failed before."""

    id: str
    kind: str
    subject: str
    attempts: int
    created_at: datetime
    cause: str


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


# So many are in hand at once of one owner's servers, and on one other's account.
ASKED_AT_ONCE: Final = 2
CAUSED_AT_ONCE: Final = 4
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

# Whoever has as many in hand as may be waits; <held> says of which leases that is true.
FREE: Final = """
AND asked NOT IN (
  SELECT asked FROM repair WHERE state = 'leased' <held>
  GROUP BY asked HAVING COUNT(*) >= <asked>
) AND cause NOT IN (
  SELECT cause FROM repair WHERE state = 'leased' AND cause <> '' <held>
  GROUP BY cause HAVING COUNT(*) >= <caused>
)""".replace("<asked>", str(ASKED_AT_ONCE)).replace("<caused>", str(CAUSED_AT_ONCE))
READY: Final = """
((state = 'pending' AND due_at <= $1) OR (state = 'leased' AND lease_until <= $1))
""" + FREE.replace("<held>", "AND lease_until > $1")

# What is due of whoever is free, the oldest first; a lease that ran out counts as an attempt.
LEASE: Final = """
UPDATE repair SET state = 'leased', lease_until = $2,
  attempts = attempts + CASE WHEN state = 'leased' THEN 1 ELSE 0 END
WHERE id IN (
  SELECT id FROM repair WHERE <ready> ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
)
RETURNING id, kind, subject, attempts, created_at, cause
""".replace("<ready>", READY)

COUNT_READY: Final = """
SELECT COUNT(*) AS number FROM (SELECT 1 FROM repair WHERE <ready> LIMIT $2) AS ready
""".replace("<ready>", READY)

# A repair in hand when the process ended counts as tried.
FREE_ALL: Final = """
UPDATE repair SET state = 'pending', lease_until = NULL, attempts = attempts + 1
WHERE state = 'leased'
"""

DONE: Final = "DELETE FROM repair WHERE id = $1"

LATER: Final = """
UPDATE repair SET state = 'pending', lease_until = NULL, attempts = attempts + 1, due_at = $2,
  reason = $3
WHERE id = $1
"""

# What is asked for again, and had to wait longer, comes sooner.
SOONER: Final = """ON CONFLICT (kind, subject) DO UPDATE SET due_at = EXCLUDED.due_at
WHERE repair.state = 'pending' AND repair.due_at > EXCLUDED.due_at"""

# What is asked for in a conversation, whose id its subject begins with.
HASTEN: Final = """
UPDATE repair SET due_at = $2
WHERE state = 'pending' AND due_at > $2 AND substr(subject, 1, length($1)) = $1
"""

# A row whose turn comes with the end of a lease is due with that.
NEXT_DUE: Final = """
SELECT MIN(due_at) AS due_at FROM (
  SELECT lease_until AS due_at FROM repair WHERE state = 'leased'
  UNION ALL
  SELECT due_at FROM repair WHERE state = 'pending' <free>
) AS coming
""".replace("<free>", FREE.replace("<held>", ""))

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

    What others cause beyond their share is not kept. What an entry waits for is asked for again by
    federation/upkeep/waits.py.
    """
    kept = await _within_shares(rows)
    await insert_many(
        "repair",
        COLUMNS,
        [
            (r.id, r.kind, r.subject, "pending", 0, to_ms(r.at), to_ms(r.at), r.asked, r.cause)
            for r in kept
        ],
        conflict=SOONER if hastens else "ON CONFLICT (kind, subject) DO NOTHING",
    )


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


async def lease(now: datetime) -> list[Repair]:
    """Take one that is due, if there is one."""
    async with transaction():
        await exclusive("repair lease")
        rows = await fetch(LEASE, to_ms(now), to_ms(now + LEASE_FOR))
    return [
        Repair(
            row["id"],
            row["kind"],
            row["subject"],
            row["attempts"],
            from_ms(row["created_at"]),
            row["cause"],
        )
        for row in rows
    ]


async def count_ready(now: datetime, most: int) -> int:
    """How many can be taken, counted up to `most`."""
    return int((await fetch(COUNT_READY, to_ms(now), most))[0]["number"])


async def recover() -> None:
    """At the start of the one process of a database: what was in hand is due again."""
    await run(FREE_ALL)


async def settle(repair_id: str) -> None:
    """It has been done, or given up."""
    await run(DONE, repair_id)


async def postpone(repair_id: str, due_at: datetime, reason: str) -> None:
    """It could not be done now."""
    await run(LATER, repair_id, to_ms(due_at), reason)


async def find_next_due() -> datetime | None:
    """When a repair is due next, or None."""
    (row,) = await fetch(NEXT_DUE)
    return from_ms_or_none(row["due_at"])
