"""Pages as clients of Mastodon's API ask for them: conversations by the last message in each."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from storage.database import Row, fetch

# Earlier and later than every time, in milliseconds.
EVER: Final = -(2**62)
NEVER: Final = 2**62

# A conversation's last message is the last one that the person was sent, as in
# `conversation_lists`. What they have put away is not listed until something comes.
_PLACES: Final = """
SELECT m.id, m.conversation_id, m.t, m.uri FROM (
  SELECT (SELECT s.id FROM message AS s WHERE s.conversation_id = me.conversation_id
     AND EXISTS (SELECT 1 FROM recipient AS r
       WHERE r.message_id = s.id AND r.actor_uri = me.actor_uri)
     ORDER BY s.t DESC, s.uri COLLATE "C" DESC LIMIT 1) AS last_id
  FROM membership AS me JOIN conversation AS c ON c.id = me.conversation_id
  WHERE me.actor_uri = $1 AND me.state = ANY($2) AND NOT (me.archived_t IS NOT NULL
    AND (me.muted_at IS NOT NULL OR c.newest_t <= me.archived_t))
) AS place JOIN message AS m ON m.id = place.last_id
WHERE m.t <= $3 AND (m.t < $3 OR m.uri COLLATE "C" < $4)
  AND m.t >= $5 AND (m.t > $5 OR m.uri COLLATE "C" > $6)
"""
NEWEST_PLACES: Final = f'{_PLACES} ORDER BY m.t DESC, m.uri COLLATE "C" DESC LIMIT $7'
NEXT_PLACES: Final = f'{_PLACES} ORDER BY m.t, m.uri COLLATE "C" LIMIT $7'

# What each of these answers, or the message before it, as far as the person sees that.
ANSWERED: Final = """
SELECT named.id AS message_id, p.id, p.author_uri FROM (
  SELECT n.id, COALESCE(
    (SELECT a.id FROM message AS a
     JOIN recipient AS ar ON ar.message_id = a.id AND ar.actor_uri = $1
     WHERE n.reply_to <> '' AND a.uri = n.reply_to),
    (SELECT m.id FROM message AS m WHERE m.conversation_id = n.conversation_id
       AND EXISTS (SELECT 1 FROM recipient AS r
         WHERE r.message_id = m.id AND r.actor_uri = $1)
       AND m.deleted_at IS NULL AND m.removed_at IS NULL
       AND m.t <= n.t AND (m.t < n.t OR m.uri COLLATE "C" < n.uri)
     ORDER BY m.t DESC, m.uri COLLATE "C" DESC LIMIT 1)) AS parent_id
  FROM message AS n WHERE n.id = ANY($2)
) AS named JOIN message AS p ON p.id = named.parent_id
"""

# The conversation of exactly these people in which somebody last wrote.
OF_EXACTLY: Final = """
SELECT me.conversation_id FROM membership AS me
JOIN conversation AS c ON c.id = me.conversation_id
WHERE me.actor_uri = $1 AND me.state = ANY($2) AND c.closed_at IS NULL
  AND (SELECT COUNT(*) FROM membership AS o WHERE o.conversation_id = c.id
    AND (c.kind = 'direct' OR o.state = ANY($2))) = $4
  AND (SELECT COUNT(*) FROM membership AS o WHERE o.conversation_id = c.id
    AND (c.kind = 'direct' OR o.state = ANY($2)) AND o.actor_uri = ANY($3)) = $4
ORDER BY c.newest_t DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Span:
    """Between which places in time a page lies; both are left out.

    Attributes:
        below: A sort time in milliseconds, and the id on the wire of what has it.
        above: Likewise.
    """

    below: tuple[int, str] = (NEVER, "")
    above: tuple[int, str] = (EVER, "")


async def places(
    person: str, states: Collection[str], span: Span, *, limit: int, upwards: bool
) -> list[Row]:
    """Last messages of a person's conversations: rows of `id`, `conversation_id`, `t`, `uri`.

    Args:
        person: Whose.
        states: How they stand in them.
        span: Where the page lies.
        limit: How many at most.
        upwards: Whether those just above its lower end are asked for, oldest first; otherwise the
            newest come first.
    """
    sql = NEXT_PLACES if upwards else NEWEST_PLACES
    return await fetch(sql, person, list(states), *span.below, *span.above, limit)


async def answered(person: str, message_ids: Collection[str]) -> list[Row]:
    """What stands before each of these: rows of `message_id`, `id` and `author_uri`."""
    return await fetch(ANSWERED, person, list(message_ids)) if message_ids else []


async def of_exactly(person: str, states: Collection[str], people: Collection[str]) -> str | None:
    """The conversation in which exactly these people are, the person among them."""
    everybody = sorted({person, *people})
    rows = await fetch(OF_EXACTLY, person, list(states), everybody, len(everybody))
    return str(rows[0]["conversation_id"]) if rows else None
