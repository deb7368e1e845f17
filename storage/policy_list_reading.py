"""Which list is read next, by whom of several processes, and how that went."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from storage.database import fetch, run, wake
from storage.times import from_ms_or_none, to_ms

# Taken by one process of several, until it has settled or its time is over.
CLAIM: Final = """
UPDATE policy_list SET due_at = $2, tried_at = $3, phase = $4
WHERE id = $1 AND due_at <= $3
"""

NEXT_DUE: Final = "SELECT MIN(due_at) AS due_at FROM policy_list WHERE id = ANY($1)"

DUE: Final = """
SELECT id FROM policy_list WHERE id = ANY($1) AND due_at <= $2 ORDER BY due_at, id LIMIT 1
"""

HURRY: Final = "UPDATE policy_list SET due_at = $2 WHERE id = ANY($1)"

PHASE: Final = "UPDATE policy_list SET phase = $2 WHERE id = $1"

UNCHANGED: Final = """
UPDATE policy_list SET read_at = $2, due_at = $3, phase = '', failures = 0,
  trouble = CASE WHEN withheld IS NULL THEN '' ELSE trouble END
WHERE id = $1
"""

FAILED: Final = """
UPDATE policy_list SET failures = failures + 1, trouble = $2, due_at = $3, phase = ''
WHERE id = $1
"""


async def find_due(names: Sequence[str], now: datetime) -> str:
    """The list among these that is due for longest, "" for none."""
    rows = await fetch(DUE, list(names), to_ms(now))
    return str(rows[0]["id"]) if rows else ""


async def claim(name: str, now: datetime, *, until: datetime, phase: str) -> bool:
    """Take a list that is due, so that nobody else reads it until then; False if it is taken."""
    return await run(CLAIM, name, to_ms(until), to_ms(now), phase) == 1


async def find_next_due(names: Sequence[str]) -> datetime | None:
    """When the next of these lists is asked for."""
    (row,) = await fetch(NEXT_DUE, list(names))
    return from_ms_or_none(row["due_at"])


async def hurry(names: Sequence[str], now: datetime) -> int:
    """Let these lists be read at once; answer how many there are."""
    return await run(HURRY, list(names), to_ms(now)) if names else 0


async def hurry_and_wake(names: Sequence[str], now: datetime) -> int:
    """As `hurry`, and whoever reads lists hears of it. Inside a transaction."""
    count = await hurry(names, now)
    await wake("policy")
    return count


async def say_phase(name: str, phase: str) -> None:
    """Say what is being done with a list."""
    await run(PHASE, name, phase)


async def note_unchanged(name: str, now: datetime, *, due_at: datetime) -> None:
    """A list says what it said before."""
    await run(UNCHANGED, name, to_ms(now), to_ms(due_at))


async def note_failed(name: str, why: str, *, due_at: datetime) -> None:
    """A list could not be read; what it said last holds on."""
    await run(FAILED, name, why, to_ms(due_at))
