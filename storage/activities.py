"""The bytes of activities, ours and others', kept once each."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from storage.database import Row, fetch, run, transaction
from storage.rounds import next_part

BY_ID: Final = "SELECT id, actor_uri, document FROM activity WHERE id = ANY($1)"


async def by_id(ids: Collection[str]) -> list[Row]:
    """The activities with these ids, in no order."""
    return await fetch(BY_ID, list(ids))


# What is old, a part of it.
OLD: Final = """
SELECT id, created_at AS at FROM activity
WHERE created_at < $1 AND (created_at > $2 OR (created_at = $2 AND id > $3))
ORDER BY created_at, id LIMIT $4
"""

# Of these, what nothing refers to any more: no message, state, invitation, log, relay or delivery.
REAP: Final = """
DELETE FROM activity WHERE id = ANY($1)
  AND NOT EXISTS (SELECT 1 FROM message WHERE message.activity_id = activity.id)
  AND NOT EXISTS (SELECT 1 FROM state_link WHERE state_link.activity_id = activity.id)
  AND NOT EXISTS (SELECT 1 FROM invitation WHERE invitation.id = activity.id)
  AND NOT EXISTS (SELECT 1 FROM log_entry WHERE log_entry.activity_id = activity.id)
  AND NOT EXISTS (SELECT 1 FROM tombstone WHERE tombstone.activity_id = activity.id)
  AND NOT EXISTS (SELECT 1 FROM relay WHERE relay.id = activity.id)
  AND NOT EXISTS (SELECT 1 FROM follow WHERE follow.activity_id = activity.id)
  AND NOT EXISTS (SELECT 1 FROM delivery WHERE delivery.activity_id = activity.id)
"""


async def reap(before: datetime, *, limit: int = 1000) -> int:
    """Forget bytes kept before this time that nothing refers to, a part at a time.

    Answers how many it has looked at, 0 when those were the last.
    """
    async with transaction():
        rows = await next_part("activity", OLD, before, first="", limit=limit)
        await run(REAP, [row["id"] for row in rows])
    return len(rows) if len(rows) == limit else 0
