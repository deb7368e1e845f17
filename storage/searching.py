"""What one person may search: the words of messages that are theirs to read, newest first."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from storage.database import Row, fetch
from storage.times import to_ms

# Sorts after every id.
NO_CURSOR: Final = "~"
# Earlier and later than every time, in milliseconds.
EVER: Final = -(2**62)
NEVER: Final = 2**62

# Each folder is read from its index and no further than asked; a row that is not shown with its
# words, or that was not asked for, has none here, so that nobody learns from a search what stood
# there.
# SECURITY: what is asked for is weighed row by row, behind a LIMIT. As a condition of the join it
# would let a database begin with all that somebody has said, or with all of a conversation, and
# take a time that tells how much that is; test_a_search_reads_nothing_but_what_is_its_readers.
READABLE: Final = """
SELECT id, fits, CASE WHEN fits = 1 THEN text ELSE '' END AS text,
  CASE WHEN fits = 1 THEN shows_more ELSE 0 END AS shows_more
FROM (
  SELECT m.id, COALESCE(m.text, '') AS text,
    CASE WHEN COALESCE(m.attachments, '') <> '' THEN 1 ELSE 0 END AS shows_more,
    CASE WHEN ($5 = '' OR m.conversation_id = $5) AND ($6 = '' OR m.author_uri = $6)
      AND m.t >= $7 AND m.t < $8
      AND m.deleted_at IS NULL AND m.removed_at IS NULL AND m.taken_back_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM block AS b
        WHERE b.account_uri = $1 AND b.blocked_uri = m.author_uri)
      AND NOT EXISTS (SELECT 1 FROM host_block AS h JOIN actor AS ha ON ha.host = h.host
        WHERE h.account_uri = $1 AND ha.uri = m.author_uri)
      AND EXISTS (SELECT 1 FROM membership AS me WHERE me.conversation_id = m.conversation_id
        AND me.actor_uri = $1 AND me.state = ANY($4))
    THEN 1 ELSE 0 END AS fits
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
) AS read
ORDER BY id DESC
"""


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Which messages are asked for: nothing that is left empty narrows.

    Attributes:
        conversation_id: Where they were said.
        author: The id of who said them.
        since: They are shown as said then or later.
        before: They are shown as said earlier.
    """

    conversation_id: str = ""
    author: str = ""
    since: datetime | None = None
    before: datetime | None = None


EVERYTHING: Final = Narrowed()


async def readable(
    person: str,
    states: Collection[str],
    *,
    before: str,
    limit: int,
    narrowed: Narrowed = EVERYTHING,
) -> list[Row]:
    """A person's messages with a smaller id, newest first.

    Rows have `id`, `text`, and as 0 or 1 `fits` and `shows_more`: whether there are files or a
    card. What does not fit is there without its words.

    Args:
        person: Who looks.
        states: How they may stand to a message's conversation; elsewhere nothing fits.
        before: The id of a message, or "" for the newest.
        limit: How many rows at most, those that do not fit among them.
        narrowed: What fits.
    """
    return await fetch(
        READABLE,
        *(person, before or NO_CURSOR, limit, list(states)),
        *(narrowed.conversation_id, narrowed.author),
        to_ms(narrowed.since) if narrowed.since else EVER,
        to_ms(narrowed.before) if narrowed.before else NEVER,
    )
