"""What this node, as a home, has wrapped of unaware members' messages."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from storage import attachments
from storage.changes import PutRelay, TakeOriginal
from storage.database import Row, fetch, insert_many, run
from storage.times import to_ms

OF_MESSAGE: Final = """
SELECT message_uri, readers, passed_to FROM relay WHERE message_uri = $1 AND conversation_id = $2
"""

FORGET_BYTES: Final = """
DELETE FROM activity WHERE id IN (
  SELECT id FROM relay WHERE message_uri = $1 AND conversation_id = $2)
"""
FORGET: Final = "DELETE FROM relay WHERE message_uri = $1 AND conversation_id = $2"


async def of_message(uri: str, conversation_id: str) -> list[Row]:
    """The wrapper of a message: `message_uri` and the JSON lists `readers` and `passed_to`."""
    return await fetch(OF_MESSAGE, uri, conversation_id)


async def put(changes: Sequence[PutRelay]) -> None:
    """Keep wrappers in the place of earlier ones; inside a transaction."""
    columns = ("id", "conversation_id", "message_uri", "is_end", "readers", "passed_to")
    for r in changes:
        await run(FORGET_BYTES, r.uri, r.conversation_id)
        await run(FORGET, r.uri, r.conversation_id)
        readers = json.dumps(r.readers) if r.readers else ""
        row = (r.id, r.conversation_id, r.uri, r.is_end, readers, json.dumps(r.passed_to))
        await insert_many("relay", columns, [row])


# There are fewer closed groups than wrappers, which SQLite keeps in mind by a CROSS JOIN.
REAP: Final = """
DELETE FROM relay WHERE id IN (
  SELECT relay.id FROM relay JOIN activity ON activity.id = relay.id
  WHERE relay.is_end = TRUE AND activity.created_at < $1
  UNION
  SELECT relay.id FROM conversation CROSS JOIN relay
  WHERE conversation.closed_at < $1 AND relay.conversation_id = conversation.id
    AND relay.passed_to = '[]'
  LIMIT $2)
"""


async def reap(before: datetime, *, limit: int = 1000) -> int:
    """Forget wrappers that are of no use any more; answer how many.

    Those are ends of messages that were told for long, and, of groups that nobody has read for as
    long, what was passed on to nobody. A deletion of anything else is still passed on.
    """
    return await run(REAP, to_ms(before), limit)


SET_ORIGINAL: Final = """
UPDATE message SET provenance = 'verified', activity_id = $2, published_at = $3, html = $4,
  text = $5, summary = $6, attachments = $7, notices = $8
WHERE id = $1 AND provenance = 'relayed'
"""

SET_BYTES: Final = "UPDATE activity SET document = $2 WHERE id = $1"


async def take_original(changes: Sequence[TakeOriginal]) -> None:
    """Let messages say what their authors' own servers brought; inside a transaction."""
    for o in changes:
        await run(
            SET_ORIGINAL,
            *(o.message_id, o.activity_id, to_ms(o.published_at), o.html, o.text, o.summary),
            *(attachments.encode(o.attachments), o.notices),
        )
        await run(SET_BYTES, o.activity_id, o.document)
