"""What this node lacks and asks others for: one row for each thing, with its own back-off.

    pending --lease--> leased --asked for again--> again
       ^                 |---done--> (gone)          |---done--> pending, from the start
       |- failed, given back, or the lease ran out --|

Who has a repair in hand may have read already what has changed since. So what is asked for again
meanwhile (storage/asks.py) is done once more.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from storage.database import exclusive, fetch, run, transaction
from storage.times import from_ms, from_ms_or_none, to_ms

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


# So many are in hand at once of one owner's servers, and on one other's account.
ASKED_AT_ONCE: Final = 2
CAUSED_AT_ONCE: Final = 4
# Whoever has as many in hand as may be waits; <held> says of which leases that is true.
FREE: Final = """
AND asked NOT IN (
  SELECT asked FROM repair WHERE state IN ('leased', 'again') <held>
  GROUP BY asked HAVING COUNT(*) >= <asked>
) AND cause NOT IN (
  SELECT cause FROM repair WHERE state IN ('leased', 'again') AND cause <> '' <held>
  GROUP BY cause HAVING COUNT(*) >= <caused>
)""".replace("<asked>", str(ASKED_AT_ONCE)).replace("<caused>", str(CAUSED_AT_ONCE))
READY: Final = """
(
  (state = 'pending' AND due_at <= $1)
  OR (state IN ('leased', 'again') AND lease_until <= $1)
)
""" + FREE.replace("<held>", "AND lease_until > $1")

# What is due of whoever is free, the oldest first; a lease that ran out counts as an attempt.
LEASE: Final = """
UPDATE repair SET state = 'leased', lease_until = $2,
  attempts = attempts + CASE WHEN state = 'pending' THEN 0 ELSE 1 END
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
WHERE state IN ('leased', 'again')
"""

DONE: Final = "DELETE FROM repair WHERE id = $1 AND state <> 'again'"

# It was asked for again while it was in hand, to be done at `due_at`.
ANEW: Final = """
UPDATE repair SET state = 'pending', lease_until = NULL, attempts = 0, created_at = due_at,
  reason = ''
WHERE id = $1 AND state = 'again'
"""

LATER: Final = """
UPDATE repair SET state = 'pending', lease_until = NULL, attempts = attempts + 1, due_at = $2,
  reason = $3
WHERE id = $1
"""

# A row whose turn comes with the end of a lease is due with that.
NEXT_DUE: Final = """
SELECT MIN(due_at) AS due_at FROM (
  SELECT lease_until AS due_at FROM repair WHERE state IN ('leased', 'again')
  UNION ALL
  SELECT due_at FROM repair WHERE state = 'pending' <free>
) AS coming
""".replace("<free>", FREE.replace("<held>", ""))


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
    """It has been done, or given up; what was asked for again meanwhile begins anew."""
    if not await run(DONE, repair_id):
        await run(ANEW, repair_id)


async def postpone(repair_id: str, due_at: datetime, reason: str) -> None:
    """It could not be done now."""
    await run(LATER, repair_id, to_ms(due_at), reason)


GIVE_BACK: Final = """
UPDATE repair SET state = 'pending', lease_until = NULL
WHERE id = $1 AND state IN ('leased', 'again')
"""


async def give_back(repair_id: str) -> None:
    """It could not even be begun: that is no attempt."""
    await run(GIVE_BACK, repair_id)


async def find_next_due() -> datetime | None:
    """When a repair is due next, or None."""
    (row,) = await fetch(NEXT_DUE)
    return from_ms_or_none(row["due_at"])
