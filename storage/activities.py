"""The bytes of activities, ours and others', kept once each."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from storage.database import Row, fetch, run
from storage.times import to_ms

BY_ID: Final = "SELECT id, actor_uri, document FROM activity WHERE id = ANY($1)"


async def by_id(ids: Collection[str]) -> list[Row]:
    """The activities with these ids, in no order."""
    return await fetch(BY_ID, list(ids))


# Bytes that nothing refers to any more: no message, state, invitation, log, relay or delivery.
REAP: Final = """
DELETE FROM activity WHERE id IN (
  SELECT id FROM activity WHERE created_at < $1
    AND NOT EXISTS (SELECT 1 FROM message WHERE message.activity_id = activity.id)
    AND NOT EXISTS (SELECT 1 FROM state_link WHERE state_link.activity_id = activity.id)
    AND NOT EXISTS (SELECT 1 FROM invitation WHERE invitation.id = activity.id)
    AND NOT EXISTS (SELECT 1 FROM log_entry WHERE log_entry.activity_id = activity.id)
    AND NOT EXISTS (SELECT 1 FROM tombstone WHERE tombstone.activity_id = activity.id)
    AND NOT EXISTS (SELECT 1 FROM relay WHERE relay.id = activity.id)
    AND NOT EXISTS (SELECT 1 FROM follow WHERE follow.activity_id = activity.id)
    AND NOT EXISTS (SELECT 1 FROM delivery WHERE delivery.activity_id = activity.id)
  ORDER BY created_at LIMIT $2
)
"""


async def reap(before: datetime, *, limit: int = 1000) -> int:
    """Forget bytes kept before this time that nothing refers to; answer how many."""
    return await run(REAP, to_ms(before), limit)
