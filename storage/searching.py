"""What one person may search: the words of messages that are theirs to read, newest first."""

from collections.abc import Collection
from typing import Final

from storage.database import Row, fetch

# Sorts after every id.
NO_CURSOR: Final = "~"

# Each folder is read from its index and no further than asked. What this person is shown without
# its words has none here either, so that nobody learns from a search what stood there.
READABLE: Final = """
SELECT m.id, CASE WHEN m.deleted_at IS NULL AND m.removed_at IS NULL AND m.taken_back_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM block AS b
      WHERE b.account_uri = $1 AND b.blocked_uri = m.author_uri)
    AND NOT EXISTS (SELECT 1 FROM host_block AS h JOIN actor AS ha ON ha.host = h.host
      WHERE h.account_uri = $1 AND ha.uri = m.author_uri)
    AND EXISTS (SELECT 1 FROM membership AS me
      WHERE me.conversation_id = m.conversation_id AND me.actor_uri = $1 AND me.state = ANY($4))
  THEN COALESCE(m.text, '') ELSE '' END AS text
FROM (
  SELECT message_id FROM (
    SELECT message_id FROM recipient
    WHERE actor_uri = $1 AND folder = 'inbox' AND message_id < $2
    ORDER BY message_id DESC LIMIT $3) AS inbox
  UNION ALL
  SELECT message_id FROM (
    SELECT message_id FROM recipient
    WHERE actor_uri = $1 AND folder = 'requests' AND message_id < $2
    ORDER BY message_id DESC LIMIT $3) AS requests
) AS theirs
JOIN message AS m ON m.id = theirs.message_id
ORDER BY m.id DESC LIMIT $3
"""


async def readable(person: str, states: Collection[str], *, before: str, limit: int) -> list[Row]:
    """A person's messages with a smaller id, newest first: rows of `id` and `text`.

    Args:
        person: Who looks.
        states: How they may stand to a message's conversation; elsewhere it has no words.
        before: The id of a message, or "" for the newest.
        limit: How many rows at most, those without words among them.
    """
    return await fetch(READABLE, person, before or NO_CURSOR, limit, list(states))
