"""What a person has set for a conversation: whether it is pinned, put away, unread, or muted."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from storage.database import Row, fetch, run
from storage.times import to_ms, to_ms_or_none

MUTE: Final = """
UPDATE membership SET muted_at = $3, muted_until = $4, mutes_mentions = $5
WHERE conversation_id = $1 AND actor_uri = $2 AND state <> 'unheard'
"""

PIN: Final = """
UPDATE membership SET pinned_at = $3
WHERE conversation_id = $1 AND actor_uri = $2 AND state <> 'unheard'
"""

# What comes later brings it back.
ARCHIVE: Final = """
UPDATE membership SET archived_t = CASE WHEN $3 THEN (
  SELECT newest_t FROM conversation WHERE conversation.id = $1) END
WHERE conversation_id = $1 AND actor_uri = $2 AND state <> 'unheard'
"""

MARK_UNREAD: Final = """
UPDATE membership SET marked_unread = $3
WHERE conversation_id = $1 AND actor_uri = $2 AND state <> 'unheard'
"""

# Read from the index; most conversations are not muted for a time.
LAPSED: Final = """
SELECT id, conversation_id, actor_uri FROM membership WHERE muted_until <= $1
ORDER BY muted_until LIMIT $2
"""

UNMUTE: Final = """
UPDATE membership SET muted_at = NULL, muted_until = NULL, mutes_mentions = FALSE
WHERE id = ANY($1)
"""

SWITCHES: Final[Mapping[str, str]] = {"archived": ARCHIVE, "marked_unread": MARK_UNREAD}


async def mute(
    conversation_id: str,
    person: str,
    at: datetime | None,
    *,
    until: datetime | None = None,
    mentions_too: bool = False,
) -> bool:
    """Mute a conversation for somebody, or no longer; False if they have no place in it.

    Args:
        conversation_id: Which.
        person: For whom.
        at: Since when, or None to hear it again.
        until: Until when, or None for good.
        mentions_too: Whether they do not even want to hear of what names or answers them.
    """
    values = (to_ms_or_none(at), to_ms_or_none(until), mentions_too)
    return await run(MUTE, conversation_id, person, *values) > 0


async def pin(conversation_id: str, person: str, at: datetime | None) -> bool:
    """Keep a conversation above others since a moment, or no longer; False as in `mute`."""
    return await run(PIN, conversation_id, person, to_ms_or_none(at)) > 0


async def switch(conversation_id: str, person: str, name: str, *, is_on: bool) -> bool:
    """Turn "archived" or "marked_unread" on or off; False as in `mute`."""
    return await run(SWITCHES[name], conversation_id, person, is_on) > 0


async def end_mutes(now: datetime, *, limit: int = 1000) -> list[Row]:
    """Let what was muted until now be heard again: rows of `actor_uri`, `conversation_id`.

    Inside a transaction.
    """
    rows = await fetch(LAPSED, to_ms(now), limit)
    if rows:
        await run(UNMUTE, [row["id"] for row in rows])
    return rows
