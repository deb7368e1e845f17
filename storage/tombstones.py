"""What is not to be shown although it may still come: the words of authors and moderators."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from storage.changes import PutTombstone
from storage.database import Row, fetch, insert_many, run
from storage.times import to_ms


async def put(changes: Sequence[PutTombstone]) -> None:
    """Keep these words; the first of each actor about each message stays. In a transaction."""
    columns = ("uri", "actor_uri", "conversation_id", "activity_id", "deleted_at", "created_at")
    rows = [
        (t.uri, t.actor, t.conversation_id, t.activity_id, to_ms(t.deleted_at), to_ms(t.at))
        for t in changes
    ]
    await insert_many("tombstone", columns, rows, conflict="ON CONFLICT DO NOTHING")


BY_URI: Final = "SELECT uri, actor_uri, deleted_at FROM tombstone WHERE uri = ANY($1)"


async def by_uri(uris: Collection[str]) -> list[Row]:
    """Whose word there is about these messages: rows of `uri`, `actor_uri`, `deleted_at`."""
    return await fetch(BY_URI, list(uris))


REAP: Final = """
DELETE FROM tombstone WHERE id IN (
  SELECT id FROM tombstone WHERE created_at < $1 AND NOT EXISTS (
    SELECT 1 FROM conversation WHERE conversation.uri = tombstone.actor_uri
      AND conversation.is_home)
  ORDER BY created_at LIMIT $2)
"""


async def reap(before: datetime, *, limit: int = 1000) -> int:
    """Forget words about what never came; a home keeps its own, which are part of its history."""
    return await run(REAP, to_ms(before), limit)
