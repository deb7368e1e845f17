"""A request under a key that was seen before is known again, for a day."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from storage.database import fetch, run
from storage.times import to_ms

KEPT_FOR: Final = timedelta(days=1)

# What an account's request under a key has made.
FIND: Final = """
SELECT request_hash, resource FROM idempotency WHERE account = $1 AND key = $2
"""

# The oldest first, a part at a time.
REAP: Final = """
DELETE FROM idempotency
WHERE id IN (SELECT id FROM idempotency WHERE created_at < $1 ORDER BY created_at LIMIT $2)
"""


@dataclass(frozen=True, slots=True)
class Remembered:
    """A request that was carried out.

    Attributes:
        resource: Our id of what it made, or "".
    """

    request_hash: str
    resource: str


async def find_remembered(account: str, key: str) -> Remembered | None:
    """What this account's request under this key has made."""
    rows = await fetch(FIND, account, key)
    return Remembered(rows[0]["request_hash"], rows[0]["resource"]) if rows else None


async def reap(now: datetime, *, limit: int = 1000) -> int:
    """Forget keys older than a day; answer how many."""
    return await run(REAP, to_ms(now - KEPT_FOR), limit)
