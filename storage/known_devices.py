"""Browsers that somebody has signed in with before, each known by a hash."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from storage.database import fetch, insert_many, run, transaction
from storage.times import to_ms

TABLE: Final = "known_device"
COLUMNS: Final = ("id", "account", "used_at")
AGAIN: Final = "ON CONFLICT (id) DO UPDATE SET used_at = excluded.used_at"

FIND: Final = "SELECT 1 AS found FROM known_device WHERE id = $1 AND used_at > $2"

# Of one account those that are not among the latest.
END_OLDEST: Final = """
DELETE FROM known_device WHERE account = $1 AND id NOT IN (
  SELECT id FROM known_device WHERE account = $1 ORDER BY used_at DESC, id LIMIT $2)
"""

END_OTHERS: Final = "DELETE FROM known_device WHERE account = $1 AND NOT id = ANY($2)"

REAP: Final = "DELETE FROM known_device WHERE used_at <= $1"


async def note(device: str, account: str, *, at: datetime, at_most: int) -> None:
    """Remember that an account was opened in a browser, and forget the oldest of too many."""
    async with transaction():
        await insert_many(TABLE, COLUMNS, [(device, account, to_ms(at))], conflict=AGAIN)
        await run(END_OLDEST, account, at_most)


async def is_known(device: str, since: datetime) -> bool:
    """Whether somebody has signed in with this browser since then."""
    return bool(await fetch(FIND, device, to_ms(since)))


async def forget_of(account: str, *, but: Collection[str] = ()) -> None:
    """Forget the browsers of an account, but for these."""
    await run(END_OTHERS, account, list(but))


async def reap(before: datetime) -> int:
    """Forget the browsers that nobody has used since then; answers how many there were."""
    return await run(REAP, to_ms(before))
