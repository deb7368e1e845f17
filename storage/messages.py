"""Messages as rows: what order and replies need of them. Pages for people are in timelines.py."""

from collections.abc import Collection
from typing import Final

from storage.database import Row, fetch

COLUMNS: Final = """id, uri, conversation_id, author_uri, published_at, t, in_reply_to,
  addressed_to, provenance, epoch, edited_at, deleted_at, removed_at, activity_id, latest_id"""

# The columns are a constant; here and below, what callers give is a parameter.
_FOUND: Final = f"SELECT {COLUMNS} FROM message WHERE"  # noqa: S608

BY_URI: Final = f"{_FOUND} uri = ANY($1)"

# Replies held already to messages that arrive now, and the replies to those: a tree, at most 1,000.
_TREE: Final = """WITH RECURSIVE tree AS (
  SELECT id AS found FROM message WHERE in_reply_to = ANY($1)
  UNION
  SELECT message.id FROM message
  JOIN message AS parent ON parent.uri = message.in_reply_to
  JOIN tree ON tree.found = parent.id
)"""
# As above: constants alone.
REPLIES: Final = f"{_TREE} {_FOUND} id IN (SELECT found FROM tree LIMIT 1000)"  # noqa: S608

# A conversation's newest messages in the order that people see, newest first.
NEWEST: Final = f"""{_FOUND} conversation_id = $1 AND deleted_at IS NULL
ORDER BY t DESC, uri COLLATE "C" DESC LIMIT $2
"""


READERS: Final = """
SELECT message.uri, recipient.actor_uri FROM recipient
JOIN message ON message.id = recipient.message_id
WHERE message.uri = ANY($1) ORDER BY recipient.id
"""


async def readers(uris: Collection[str]) -> list[Row]:
    """The local people who see these messages: rows of `uri` and `actor_uri`."""
    return await fetch(READERS, list(uris))


async def newest(conversation_id: str, *, limit: int) -> list[Row]:
    """The newest messages of a conversation, newest first."""
    return await fetch(NEWEST, conversation_id, limit)


async def by_uri(uris: Collection[str]) -> list[Row]:
    """The messages with these ids on the wire, in no order."""
    return await fetch(BY_URI, list(uris))


async def replies_to(uris: Collection[str]) -> list[Row]:
    """The messages that answer these, directly or through others, in no order."""
    return await fetch(REPLIES, list(uris))
