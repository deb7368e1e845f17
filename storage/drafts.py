"""What somebody has begun to write in a conversation, one draft in each.

An empty row says when it was sent or given up, so that no device that was away brings it back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec

from storage.database import fetch, insert_many, run
from storage.times import to_ms

PUT: Final = """ON CONFLICT (conversation_id, actor_uri) DO UPDATE SET
  text = EXCLUDED.text, reply_to = EXCLUDED.reply_to, media_ids = EXCLUDED.media_ids,
  updated_at = EXCLUDED.updated_at"""

FIND: Final = """
SELECT text, reply_to, media_ids FROM draft WHERE conversation_id = $1 AND actor_uri = $2
"""

EMPTY: Final = """
UPDATE draft SET text = '', reply_to = '', media_ids = '[]', updated_at = $3
WHERE conversation_id = $1 AND actor_uri = $2
  AND (text <> '' OR reply_to <> '' OR media_ids <> '[]')
"""

END_OF: Final = "DELETE FROM draft WHERE actor_uri = $1"

REAP: Final = """
DELETE FROM draft WHERE id IN (SELECT id FROM draft WHERE updated_at < $1 LIMIT $2)
"""


async def put(
    conversation_id: str,
    person: str,
    text: str,
    *,
    reply_to: str,
    media_ids: Sequence[str],
    at: datetime,
) -> None:
    """Keep a draft instead of the one before."""
    columns = ("conversation_id", "actor_uri", "text", "reply_to", "media_ids", "updated_at")
    media = msgspec.json.encode(media_ids).decode()
    rows = [(conversation_id, person, text, reply_to, media, to_ms(at))]
    await insert_many("draft", columns, rows, conflict=PUT)


@dataclass(frozen=True, slots=True)
class KeptDraft:
    """A draft as it was put; `media_ids` name uploads that may be gone."""

    text: str
    reply_to: str
    media_ids: tuple[str, ...]


async def find(conversation_id: str, person: str) -> KeptDraft | None:
    """What somebody has begun to write there."""
    rows = await fetch(FIND, conversation_id, person)
    if not rows:
        return None
    media_ids = msgspec.json.decode(rows[0]["media_ids"], type=tuple[str, ...])
    return KeptDraft(rows[0]["text"], rows[0]["reply_to"], media_ids)


async def files_of(conversation_id: str, person: str) -> tuple[str, ...]:
    """The ids of the uploads that a draft takes along, whether they are still there or not."""
    kept = await find(conversation_id, person)
    return kept.media_ids if kept is not None else ()


async def empty(conversation_id: str, person: str, at: datetime) -> bool:
    """Forget what a draft says; False if there was none."""
    return await run(EMPTY, conversation_id, person, to_ms(at)) > 0


async def end_of(person: str) -> None:
    """Forget all drafts of somebody."""
    await run(END_OF, person)


async def reap(before: datetime, *, limit: int = 1000) -> int:
    """Forget drafts that nobody has touched since; answer how many."""
    return await run(REAP, to_ms(before), limit)
