"""What decides which documents the people of another host may read, as rows."""

from datetime import datetime
from typing import Final

from storage.database import Row, fetch
from storage.logs import SUPERSEDED
from storage.times import from_ms, to_ms

# The people of one host in a group, a row for each stretch of epochs as a member, or one without.
PEOPLE: Final = """
SELECT membership.actor_uri, membership.state, membership.updated_at,
  invitation.state AS invitation_state, invitation.ends_at, invite.created_at AS invited_at,
  span.from_epoch, span.to_epoch
FROM membership
JOIN actor ON actor.uri = membership.actor_uri
LEFT JOIN invitation ON invitation.id = membership.invitation_id
LEFT JOIN activity AS invite ON invite.id = membership.invitation_id
LEFT JOIN member_span AS span ON span.conversation_id = membership.conversation_id
  AND span.actor_uri = membership.actor_uri
WHERE membership.conversation_id = $1 AND actor.host = $2
ORDER BY membership.id, span.id
"""

# How far back a group let people read what came in an epoch, as far as that is known here.
HISTORY_IN: Final = "SELECT history FROM state_link WHERE conversation_id = $1 AND epoch = $2"

# When the invitation that somebody has was kept here.
INVITED_AT: Final = """
SELECT invite.created_at FROM membership
JOIN activity AS invite ON invite.id = membership.invitation_id
WHERE membership.conversation_id = $1 AND membership.actor_uri = $2
"""

# A message with the people of one host in its conversation: a row for each stretch of epochs, and
# one row without a person if that host has nobody there.
MESSAGE: Final = """
SELECT message.activity_id, message.latest_id, message.deleted_at, message.removed_at,
  message.epoch, conversation.kind, conversation.home_host,
  membership.state, span.from_epoch, span.to_epoch
FROM message
JOIN conversation ON conversation.id = message.conversation_id
LEFT JOIN membership ON membership.conversation_id = message.conversation_id
  AND EXISTS (SELECT 1 FROM actor WHERE actor.uri = membership.actor_uri AND actor.host = $2)
LEFT JOIN member_span AS span ON span.conversation_id = membership.conversation_id
  AND span.actor_uri = membership.actor_uri
WHERE message.uri = $1 AND message.taken_back_at IS NULL
"""

# Whether a host has somebody in a direct conversation: the one with this context, or with this
# message, whose context another has overtaken.
IN_DIRECT: Final = """
SELECT 1 AS found FROM conversation
JOIN membership ON membership.conversation_id = conversation.id
JOIN actor ON actor.uri = membership.actor_uri
WHERE conversation.kind = 'direct' AND actor.host = $2 AND conversation.id IN (
  SELECT id FROM conversation WHERE context = $1
  UNION SELECT conversation_id FROM message WHERE uri = $3)
LIMIT 1
"""

# Who made a group: its only member at the first epoch.
FOUNDER: Final = """
SELECT actor_uri FROM member_span WHERE conversation_id = $1 AND from_epoch = 1
ORDER BY id LIMIT 1
"""

# The state changes of a group and when each was kept.
CHANGES: Final = """
SELECT link.epoch, link.activity_id, link.history, activity.created_at FROM state_link AS link
JOIN activity ON activity.id = link.activity_id
WHERE link.conversation_id = $1 ORDER BY link.epoch
"""

# The entries of all logs of a conversation in the order in which they were written here. An edit
# has come when its message came: it shows that message to nobody who could not read it before.
_ENTRIES: Final = """
SELECT entry.id, entry.activity_id, message.epoch,
  COALESCE(message.arrived_at, activity.created_at) AS created_at,
  CASE WHEN message.deleted_at IS NULL THEN message.uri END AS message_uri
FROM log_entry AS entry
JOIN author_log ON author_log.uri = entry.log_uri
JOIN activity ON activity.id = entry.activity_id
LEFT JOIN message
  ON message.activity_id = entry.activity_id OR message.latest_id = entry.activity_id
WHERE author_log.conversation_id = $1 AND entry.id > $2 AND activity.created_at >= $3
  AND NOT
"""
ENTRIES: Final = f"{_ENTRIES} {SUPERSEDED} ORDER BY entry.id LIMIT $4"


# What home itself says besides its state changes, in the order in which it said it: the ids of its
# wrappers and removal notices begin with the group's, as nobody else's do, and end in a ULID. An
# edit has come when its message came.
# PERF: both are searched for by their ids, from where the last page ended, so that a page of a long
# history costs no more than one of a short; tests/storage/test_history_words.py.
WORDS: Final = """
SELECT * FROM (
  SELECT substr(relay.id, length(relay.id) - 25) AS word, relay.id AS activity_id, relay.readers,
    COALESCE(message.arrived_at, activity.created_at) AS created_at,
    CASE WHEN message.deleted_at IS NULL THEN message.uri END AS message_uri
  FROM relay
  JOIN activity ON activity.id = relay.id
  LEFT JOIN message ON message.uri = relay.message_uri
  WHERE relay.id > $1 AND relay.id < $2 AND activity.created_at >= $5
    AND (relay.is_end OR message.removed_at IS NULL AND message.taken_back_at IS NULL)
  ORDER BY relay.id LIMIT $6) AS wrapped
UNION ALL
SELECT * FROM (
  SELECT substr(tombstone.activity_id, length(tombstone.activity_id) - 25) AS word,
    tombstone.activity_id, '' AS readers, activity.created_at, NULL AS message_uri
  FROM tombstone
  JOIN activity ON activity.id = tombstone.activity_id
  WHERE tombstone.activity_id > $3 AND tombstone.activity_id < $4
    AND activity.created_at >= $5
  ORDER BY tombstone.activity_id LIMIT $6) AS removed
ORDER BY word LIMIT $6
"""


async def words_of(uri: str, *, after: str, since: datetime, limit: int) -> list[Row]:
    """What home says itself: `word`, `activity_id`, `readers`, `created_at`, `message_uri`.

    Args:
        uri: The conversation actor, whose home is here.
        after: Only what has a greater `word`.
        since: Only what was kept at this moment or later.
        limit: How many at most.
    """
    # Next to a slash comes a zero.
    bounds = [(f"{uri}/{kind}/{after}", f"{uri}/{kind}0") for kind in ("relay", "removal")]
    return await fetch(WORDS, *bounds[0], *bounds[1], to_ms(since), limit)


async def people_of_host(conversation_id: str, host: str) -> list[Row]:
    """The people of a host in a conversation, a row for each stretch of epochs."""
    return await fetch(PEOPLE, conversation_id, host)


async def find_invited_at(conversation_id: str, person: str) -> datetime | None:
    """When the invitation arrived here by which somebody may come in, None for none."""
    rows = await fetch(INVITED_AT, conversation_id, person)
    return from_ms(rows[0]["created_at"]) if rows else None


async def find_history(conversation_id: str, epoch: int) -> str:
    """How far back a group let people read what came in an epoch; "" if that is not known here."""
    rows = await fetch(HISTORY_IN, conversation_id, epoch)
    return str(rows[0]["history"]) if rows else ""


async def message_for_host(uri: str, host: str) -> list[Row]:
    """A message and the people of a host in its conversation; no row if there is no message."""
    return await fetch(MESSAGE, uri, host)


async def is_in_direct(context: str, host: str, *, message: str) -> bool:
    """Whether a host has somebody in the direct conversation with this `context` URL.

    Args:
        context: The URL.
        host: The asker's.
        message: The id of the message for which it was minted.
    """
    return bool(await fetch(IN_DIRECT, context, host, message))


async def find_founder(conversation_id: str) -> str:
    """The person who made a group, "" if its first epoch is not held here."""
    rows = await fetch(FOUNDER, conversation_id)
    return str(rows[0]["actor_uri"]) if rows else ""


async def changes_of(conversation_id: str) -> list[Row]:
    """The state changes by epoch: rows of `epoch`, `activity_id`, `created_at`, `history`."""
    return await fetch(CHANGES, conversation_id)


async def entries_of(conversation_id: str, *, after: int, since: datetime, limit: int) -> list[Row]:
    """Entries in their order: `id`, `activity_id`, `created_at`, `message_uri`, `epoch`.

    Args:
        conversation_id: The conversation.
        after: Only entries with a greater `id`.
        since: Only entries that were kept at this moment or later.
        limit: How many at most.
    """
    return await fetch(ENTRIES, conversation_id, after, to_ms(since), limit)
