"""What one person sees of a conversation's messages: those with a recipient row of theirs.

The order is (t, uri), uri by its bytes; a page is found from the index, not by counting.
"""

from collections.abc import Collection
from typing import Final

from storage.database import Row, fetch, run

# The message answered is joined so that its id of ours can be shown.
_SHOWN: Final = """
SELECT m.id, m.uri, m.conversation_id, m.author_uri, m.published_at, m.t, m.media_type, m.html,
  m.text, m.provenance, m.addressed_to, m.attachments, m.edited_at, m.deleted_at,
  m.removed_at, m.late, m.notices, COALESCE(place.home_host, '') AS home_host,
  COALESCE(answered.id, '') AS reply_to, COALESCE(a.username, '') AS username,
  COALESCE(a.domain, '') AS domain, COALESCE(a.name, '') AS name,
  COALESCE(a.icon, '') AS icon, COALESCE(a.state, '') AS actor_state
FROM message AS m
LEFT JOIN conversation AS place ON place.id = m.conversation_id
LEFT JOIN message AS answered ON m.reply_to <> '' AND answered.uri = m.reply_to
LEFT JOIN actor AS a ON a.uri = m.author_uri
"""

_SEEN: Final = """EXISTS (SELECT 1 FROM recipient AS r
  WHERE r.message_id = m.id AND r.actor_uri = $1)"""

BY_ID: Final = f"{_SHOWN} WHERE m.id = ANY($1)"

NEWEST: Final = f"""{_SHOWN} WHERE m.conversation_id = $2 AND {_SEEN}
ORDER BY m.t DESC, m.uri COLLATE "C" DESC LIMIT $3"""

BEFORE: Final = f"""{_SHOWN} WHERE m.conversation_id = $2 AND {_SEEN}
  AND m.t <= $4 AND (m.t < $4 OR m.uri COLLATE "C" < $5)
ORDER BY m.t DESC, m.uri COLLATE "C" DESC LIMIT $3"""

AFTER: Final = f"""{_SHOWN} WHERE m.conversation_id = $2 AND {_SEEN}
  AND m.t >= $4 AND (m.t > $4 OR m.uri COLLATE "C" > $5)
ORDER BY m.t, m.uri COLLATE "C" LIMIT $3"""

# The place of one message in the order, if this person sees it.
PLACE: Final = """
SELECT m.uri, m.t, m.conversation_id, m.author_uri FROM message AS m
JOIN recipient AS r ON r.message_id = m.id AND r.actor_uri = $2
WHERE m.id = $1
"""

# What one message shows, if this person sees it.
ATTACHED: Final = """
SELECT m.id, m.author_uri, m.attachments, m.conversation_id FROM message AS m
JOIN recipient AS r ON r.message_id = m.id AND r.actor_uri = $2
WHERE m.id = $1 AND m.deleted_at IS NULL AND m.removed_at IS NULL
"""

MOVE_MARK: Final = """
UPDATE membership SET read_up_to = CASE WHEN read_up_to < $3 THEN $3 ELSE read_up_to END,
  marked_unread = FALSE
WHERE conversation_id = $1 AND actor_uri = $2 AND (read_up_to < $3 OR marked_unread)
"""


async def find_place(message_id: str, person: str) -> Row | None:
    """A message's `uri`, `t`, `conversation_id` and `author_uri`, if this person sees it."""
    rows = await fetch(PLACE, message_id, person)
    return rows[0] if rows else None


async def find_shown(message_id: str, person: str) -> Row | None:
    """A message's `author_uri`, `attachments` and `conversation_id`, if this person sees it."""
    rows = await fetch(ATTACHED, message_id, person)
    return rows[0] if rows else None


VISIBLE: Final = """
SELECT m.id FROM message AS m
JOIN recipient AS r ON r.message_id = m.id AND r.actor_uri = $2
WHERE m.id = ANY($1)
"""


async def visible(message_ids: Collection[str], person: str) -> list[Row]:
    """Those of these messages that this person sees: rows of `id`."""
    return await fetch(VISIBLE, list(message_ids), person) if message_ids else []


async def find_visible_uri(message_id: str, person: str, conversation_id: str) -> str | None:
    """The id on the wire of a message that this person sees in this conversation."""
    place = await find_place(message_id, person)
    return place["uri"] if place and place["conversation_id"] == conversation_id else None


async def find_visible_t(message_id: str, person: str, conversation_id: str) -> int | None:
    """The sort time, in milliseconds, of a message that this person sees in this conversation."""
    place = await find_place(message_id, person)
    return place["t"] if place and place["conversation_id"] == conversation_id else None


async def newest(person: str, conversation_id: str, *, limit: int) -> list[Row]:
    """The newest messages that this person sees, newest first."""
    return await fetch(NEWEST, person, conversation_id, limit)


async def before(person: str, place: Row, *, limit: int) -> list[Row]:
    """What this person sees before a message of the same conversation, newest first."""
    return await fetch(BEFORE, person, place["conversation_id"], limit, place["t"], place["uri"])


async def after(person: str, place: Row, *, limit: int) -> list[Row]:
    """What this person sees after a message of the same conversation, oldest first."""
    return await behind(
        person, place["conversation_id"], t=place["t"], uri=place["uri"], limit=limit
    )


async def behind(person: str, conversation_id: str, *, t: int, uri: str, limit: int) -> list[Row]:
    """What this person sees behind a place in the order of a conversation, oldest first."""
    return await fetch(AFTER, person, conversation_id, limit, t, uri)


async def since(person: str, conversation_id: str, t: int, *, limit: int) -> list[Row]:
    """What this person sees from a sort time in milliseconds on, oldest first."""
    # Every uri comes after the empty one.
    return await fetch(AFTER, person, conversation_id, limit, t, "")


async def by_id(message_ids: Collection[str]) -> list[Row]:
    """These messages, in no order, whoever may see them."""
    return await fetch(BY_ID, list(message_ids))


async def move_read_mark(conversation_id: str, person: str, t: int) -> bool:
    """Move a person's mark up to a sort time in milliseconds; True if it was before that."""
    return await run(MOVE_MARK, conversation_id, person, t) > 0
