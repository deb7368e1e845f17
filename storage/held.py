"""What a rule holds waits for a moderator, each for one person; what was decided is remembered."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from storage.database import Row, fetch, insert_many, run
from storage.times import from_ms, from_ms_or_none, to_ms, to_ms_or_none

# Capacity (policy.md 9).
ITEMS_MAX: Final = 10_000
BYTES_MAX: Final = 200_000_000

WAITING: Final = "waiting"
RELEASED: Final = "released"
DROPPED: Final = "dropped"

COLUMNS: Final = (
    *("id", "actor_uri", "activity_id", "person", "host", "rule_id", "type", "facts", "inbox"),
    *("body", "key_id", "subject", "reports_max", "due_at", "held_at"),
)
_SHOWN: Final = """SELECT id, actor_uri, activity_id, person, host, rule_id, type, facts, inbox,
  body, key_id, subject, state, due_at, held_at FROM policy_held"""


@dataclass(frozen=True, slots=True)
class HeldItem:
    """What is held of one activity for one person; "" for all of it.

    Attributes:
        due_at: When it gets free by itself, None for never.
        reports_max: It does so only if its author is reported no more often.
    """

    id: str
    actor_uri: str
    activity_id: str
    person: str
    host: str
    rule_id: str
    type: str
    facts: str
    inbox: str
    body: bytes
    key_id: str
    subject: str
    reports_max: int | None
    due_at: datetime | None
    held_at: datetime


@dataclass(frozen=True, slots=True)
class Shown:
    """A held item as a moderator sees it: no word of what it says."""

    id: str
    actor_uri: str
    activity_id: str
    person: str
    host: str
    rule_id: str
    type: str
    facts: str
    due_at: datetime | None
    held_at: datetime


STATES: Final = """
SELECT actor_uri, activity_id, person, state FROM policy_held
WHERE actor_uri = ANY($1) AND activity_id = ANY($2)
"""


async def states(activities: Collection[tuple[str, str]]) -> dict[tuple[str, str, str], str]:
    """What became of these activities, by actor, id and person, as far as they were held."""
    actors = sorted({actor for actor, _ in activities})
    rows = await fetch(STATES, actors, sorted({one for _, one in activities})) if actors else []
    return {(row["actor_uri"], row["activity_id"], row["person"]): row["state"] for row in rows}


async def add(items: Sequence[HeldItem]) -> int:
    """Hold these, and let go of the oldest where there are too many; answers how many of those.

    Transaction: expects to run inside the one that would have filed them.
    """
    rows = [
        (
            *(one.id, one.actor_uri, one.activity_id, one.person, one.host, one.rule_id, one.type),
            *(one.facts, one.inbox, one.body, one.key_id, one.subject, one.reports_max),
            *(to_ms_or_none(one.due_at), to_ms(one.held_at)),
        )
        for one in items
    ]
    if not rows:
        return 0
    unique = "ON CONFLICT (actor_uri, activity_id, person) DO NOTHING"
    await insert_many("policy_held", COLUMNS, rows, conflict=unique)
    return await _make_room(items[0].held_at)


IN_ALL: Final = """
SELECT COUNT(*) AS number, COALESCE(SUM(LENGTH(body)), 0) AS bytes FROM policy_held
WHERE state = 'waiting'
"""

# Newest first, so that what is beyond the capacity is the oldest.
SIZES: Final = """
SELECT id, LENGTH(body) AS size FROM policy_held WHERE state = 'waiting' ORDER BY id DESC
"""

DECIDE: Final = """
UPDATE policy_held SET state = $2, decided_at = $3, body = NULL, due_at = NULL, facts = ''
WHERE id = ANY($1) AND state = 'waiting'
"""


async def _make_room(now: datetime) -> int:
    (in_all,) = await fetch(IN_ALL)
    if in_all["number"] <= ITEMS_MAX and in_all["bytes"] <= BYTES_MAX:
        return 0
    total, too_many = 0, []
    for number, row in enumerate(await fetch(SIZES), 1):
        total += row["size"] or 0
        if number > ITEMS_MAX or total > BYTES_MAX:
            too_many.append(row["id"])
    return await decide(too_many, DROPPED, now)


async def decide(ids: Collection[str], state: str, now: datetime) -> int:
    """Release or drop items that wait; answers how many there were. Inside a transaction."""
    return await run(DECIDE, sorted(ids), state, to_ms(now)) if ids else 0


LISTED: Final = f"{_SHOWN} WHERE state = 'waiting' AND id > $1 ORDER BY id LIMIT $2"

NAMED: Final = f"{_SHOWN} WHERE state = 'waiting' AND id = ANY($1) ORDER BY id FOR UPDATE"

OF_HOST: Final = "SELECT id FROM policy_held WHERE state = 'waiting' AND host = $1 ORDER BY id"


async def listed(*, after: str = "", limit: int = 100) -> list[Shown]:
    """What waits, the oldest first."""
    return [_shown(row) for row in await fetch(LISTED, after, limit)]


async def waiting(ids: Collection[str]) -> list[HeldItem]:
    """Those of these items that wait, whole. Inside a transaction."""
    return [_item(row) for row in await fetch(NAMED, sorted(ids))] if ids else []


async def ids_of_host(host: str) -> list[str]:
    """What waits from a host."""
    return [row["id"] for row in await fetch(OF_HOST, host)]


# Who has been reported more often than the rule allows stays.
DUE: Final = """
SELECT id FROM policy_held WHERE state = 'waiting' AND due_at <= $1 AND (
  reports_max IS NULL OR reports_max >= (
    SELECT COUNT(*) FROM report WHERE report.accused_uri = policy_held.actor_uri))
ORDER BY due_at LIMIT $2
"""


async def due(now: datetime, *, limit: int) -> list[str]:
    """What gets free by itself now."""
    return [row["id"] for row in await fetch(DUE, to_ms(now), limit)]


# What was decided, and what waits for so long that nobody will look at it.
REAP: Final = """
DELETE FROM policy_held WHERE id IN (
  SELECT id FROM policy_held
  WHERE (state <> 'waiting' AND decided_at < $1) OR (state = 'waiting' AND held_at < $2)
  LIMIT $3
)
"""


async def reap(decided_before: datetime, held_before: datetime, *, limit: int = 1000) -> int:
    """Forget what was decided long ago; answers how many rows went."""
    return await run(REAP, to_ms(decided_before), to_ms(held_before), limit)


COUNT: Final = """
SELECT COUNT(*) AS n, MIN(held_at) AS oldest FROM policy_held WHERE state = 'waiting'
"""


async def count() -> tuple[int, datetime | None]:
    """How many items wait, and since when the oldest."""
    (row,) = await fetch(COUNT)
    return int(row["n"]), from_ms_or_none(row["oldest"])


def _shown(row: Row) -> Shown:
    return Shown(
        row["id"],
        row["actor_uri"],
        row["activity_id"],
        row["person"],
        row["host"],
        row["rule_id"],
        row["type"],
        row["facts"],
        from_ms_or_none(row["due_at"]),
        from_ms(row["held_at"]),
    )


def _item(row: Row) -> HeldItem:
    return HeldItem(
        row["id"],
        row["actor_uri"],
        row["activity_id"],
        row["person"],
        row["host"],
        row["rule_id"],
        row["type"],
        row["facts"],
        row["inbox"],
        bytes(row["body"] or b""),
        row["key_id"],
        row["subject"],
        None,
        from_ms_or_none(row["due_at"]),
        from_ms(row["held_at"]),
    )
