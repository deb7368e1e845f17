"""What one person has been sent and has sent, over all of their conversations, newest first."""

from typing import Final

from storage.database import Row, fetch

# Sorts after every id.
NO_CURSOR: Final = "~"

# Each folder is read from its index, and no further than asked.
RECEIVED: Final = """
SELECT m.id, m.author_uri, m.activity_id, m.conversation_id, m.reply_to, theirs.folder FROM (
  SELECT message_id, folder FROM (
    SELECT message_id, folder FROM recipient
    WHERE actor_uri = $1 AND folder = 'inbox' AND message_id < $2
    ORDER BY message_id DESC LIMIT $3) AS inbox
  UNION ALL
  SELECT message_id, folder FROM (
    SELECT message_id, folder FROM recipient
    WHERE actor_uri = $1 AND folder = 'requests' AND message_id < $2
    ORDER BY message_id DESC LIMIT $3) AS requests
) AS theirs JOIN message AS m ON m.id = theirs.message_id
ORDER BY m.id DESC LIMIT $3
"""

# A message is placed by when it arrived, which is how the index of authors has it.
SENT: Final = """
SELECT m.id, m.author_uri, m.activity_id, m.conversation_id, m.reply_to FROM message AS m
WHERE m.author_uri = $1 AND m.arrived_at <= $2 AND (m.arrived_at < $2 OR m.id < $3)
ORDER BY m.arrived_at DESC, m.id DESC LIMIT $4
"""

ARRIVED: Final = "SELECT arrived_at FROM message WHERE id = $1 AND author_uri = $2"

# One message by its id on the wire, if this person sees it.
BY_URI: Final = """
SELECT m.id, m.author_uri, m.activity_id, m.conversation_id, m.reply_to FROM message AS m
JOIN recipient AS r ON r.message_id = m.id AND r.actor_uri = $2
WHERE m.uri = $1
"""

# Later than every time, in milliseconds.
NEVER: Final = 2**62


async def received(person: str, *, before: str, limit: int) -> list[Row]:
    """What was sent to a person, their own among it, and nothing that is held.

    Rows have `id`, `author_uri`, `activity_id`, `conversation_id`, `reply_to` and `folder`:
    "requests" for what came before its conversation was accepted, which it may have been since.

    Args:
        person: Whose.
        before: Our id of a message, or "" for the newest.
        limit: How many at most.
    """
    return await fetch(RECEIVED, person, before or NO_CURSOR, limit)


async def sent(person: str, *, before: str, limit: int) -> list[Row]:
    """What a person has written; nothing behind a message that is not theirs."""
    arrived_at = NEVER
    if before:
        rows = await fetch(ARRIVED, before, person)
        if not rows:
            return []
        arrived_at = rows[0]["arrived_at"]
    return await fetch(SENT, person, arrived_at, before or NO_CURSOR, limit)


async def by_uri(uri: str, person: str) -> Row | None:
    """One entry by the id of its message on the wire, if this person sees it."""
    rows = await fetch(BY_URI, uri, person)
    return rows[0] if rows else None
