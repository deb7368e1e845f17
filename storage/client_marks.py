"""How far somebody has come in the lists of their clients, and what they have put away there."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from storage.database import Row, fetch, insert_many, run, transaction
from storage.times import to_ms

# All notifications up to here are put away.
CLEARED: Final = "cleared"

PUT: Final = """ON CONFLICT (account, timeline) DO UPDATE SET
  place = EXCLUDED.place, version = client_mark.version + 1, updated_at = EXCLUDED.updated_at"""

FIND: Final = """
SELECT timeline, place, version, updated_at FROM client_mark
WHERE account = $1 AND timeline = ANY($2)
"""

NOTHING: Final = "ON CONFLICT (account, number) DO NOTHING"

DISMISSED: Final = """
SELECT number FROM dismissal WHERE account = $1 AND number >= $2 AND number <= $3
ORDER BY number DESC LIMIT 1000
"""

FORGET_BELOW: Final = "DELETE FROM dismissal WHERE account = $1 AND number <= $2"

END_MARKS: Final = "DELETE FROM client_mark WHERE account = $1"

END_DISMISSED: Final = "DELETE FROM dismissal WHERE account = $1"

REAP: Final = """
DELETE FROM dismissal WHERE id IN (SELECT id FROM dismissal WHERE number < $1 LIMIT $2)
"""


async def put(account: str, timeline: str, place: int, at: datetime) -> None:
    """Say how far somebody has come in a list."""
    columns = ("account", "timeline", "place", "updated_at")
    await insert_many("client_mark", columns, [(account, timeline, place, to_ms(at))], conflict=PUT)


async def find(account: str, timelines: Collection[str]) -> list[Row]:
    """How far: rows of `timeline`, `place`, `version` and `updated_at`."""
    return await fetch(FIND, account, sorted(timelines))


async def clear(account: str, up_to: int, at: datetime) -> None:
    """Put away everything up to a number."""
    async with transaction():
        await put(account, CLEARED, up_to, at)
        await run(FORGET_BELOW, account, up_to)


async def dismiss(account: str, number: int) -> None:
    """Put one away."""
    await insert_many("dismissal", ("account", "number"), [(account, number)], conflict=NOTHING)


async def dismissed(account: str, low: int, high: int) -> frozenset[int]:
    """What is put away between two numbers, both of them included; the newest 1,000."""
    return frozenset(row["number"] for row in await fetch(DISMISSED, account, low, high))


async def end_of(account: str) -> None:
    """Forget all of an account."""
    await run(END_MARKS, account)
    await run(END_DISMISSED, account)


async def reap(before: int, *, limit: int = 1000) -> int:
    """Forget what is put away below a number; answer how many."""
    return await run(REAP, before, limit)
