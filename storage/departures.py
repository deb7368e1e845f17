"""Accounts elsewhere that end or move: what is kept of them, and where they were."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final

from storage import cancelling
from storage.changes import DeleteActor, DeleteOwnActor, MoveActor
from storage.database import Row, fetch, run
from storage.stamps import new_stamp, stamp_person
from storage.times import to_ms

# An id that answers 410 counts once a day.
COUNTED_EVERY: Final = timedelta(hours=20)

# Of a deleted person's messages the places stay; what they said, and what they thought of what
# others said, goes with the bytes that say it.
ERASE: Final = (
    """
DELETE FROM activity WHERE id IN (
  SELECT version.activity_id FROM message_version AS version
  JOIN message ON message.id = version.message_id WHERE message.author_uri = $1
  UNION SELECT activity_id FROM message WHERE author_uri = $1
  UNION SELECT latest_id FROM message WHERE author_uri = $1
  UNION SELECT relay.id FROM relay JOIN message ON message.uri = relay.message_uri
    WHERE message.author_uri = $1
  UNION SELECT activity_id FROM reaction WHERE actor_uri = $1)
""",
    """
DELETE FROM relay WHERE message_uri IN (SELECT uri FROM message WHERE author_uri = $1)
""",
    """
DELETE FROM message_version WHERE message_id IN (SELECT id FROM message WHERE author_uri = $1)
""",
    """
DELETE FROM reaction WHERE actor_uri = $1
  OR message_uri IN (SELECT uri FROM message WHERE author_uri = $1)
""",
    "DELETE FROM receipt WHERE actor_uri = $1",
    "DELETE FROM follow WHERE follower = $1 OR followed = $1",
    """
UPDATE invitation SET state = 'void' WHERE state = 'open' AND (invitee = $1 OR inviter = $1)
""",
)

EMPTY: Final = """
UPDATE message SET html = NULL, text = NULL, summary = NULL, attachments = '', edited_at = NULL,
  deleted_at = COALESCE(deleted_at, $2)
WHERE author_uri = $1
"""

# As if by a Leave: they are out at once, and home's Remove follows (groups-protocol.md 4.6.3).
LEAVE: Final = """
UPDATE membership SET state = 'left', role = '', updated_at = $2, stamp = $3, left_epoch = (
  SELECT epoch FROM conversation WHERE conversation.id = membership.conversation_id)
WHERE actor_uri = $1 AND state IN ('joined', 'joining', 'invited', 'requested')
  AND EXISTS (SELECT 1 FROM conversation
    WHERE conversation.id = membership.conversation_id AND conversation.kind = 'group')
"""

MARK: Final = """
UPDATE actor SET state = 'deleted', name = '', icon = '', document = '', deleted_at = $2,
  moved_to = ''
WHERE uri = $1 AND NOT local
"""


async def delete(changes: Sequence[DeleteActor]) -> None:
    """End accounts: their text goes, nothing that waits begins to travel to them.

    Runs inside a transaction.

    Source: groups-protocol.md 11.7
    """
    for change in changes:
        await _erase(change.uri, change.at)
        await run(MARK, change.uri, to_ms(change.at))
        await cancelling.cancel_person(change.uri, change.host, change.at)


async def _erase(uri: str, at: datetime) -> None:
    for statement in ERASE:
        await run(statement, uri)
    await run(EMPTY, uri, to_ms(at))
    await run(LEAVE, uri, to_ms(at), new_stamp())
    await stamp_person(uri)


MARK_OWN: Final = """
UPDATE actor SET state = 'deleted', name = '', icon = '', document = '', deleted_at = $2
WHERE uri = $1 AND local
"""

# Of an account here only its name stays, so that nobody else gets it.
ERASE_ACCOUNT: Final = (
    """UPDATE account SET display_name = '', bio = '', details = '[]', password_hash = ''
    WHERE actor_uri = $1""",
    "DELETE FROM media WHERE account = (SELECT name FROM account WHERE actor_uri = $1)",
    "DELETE FROM block WHERE account_uri = $1 OR blocked_uri = $1",
    "DELETE FROM host_block WHERE account_uri = $1",
    "DELETE FROM mute WHERE account_uri = $1 OR muted_uri = $1",
    "DELETE FROM event WHERE account_uri = $1",
    "DELETE FROM second_factor WHERE account = (SELECT name FROM account WHERE actor_uri = $1)",
    "DELETE FROM recovery_code WHERE account = (SELECT name FROM account WHERE actor_uri = $1)",
    "DELETE FROM passkey WHERE account = (SELECT name FROM account WHERE actor_uri = $1)",
)

CANCEL_OWN: Final = """
UPDATE delivery SET state = 'cancelled', settled_at = $3
WHERE actor_uri = $1 AND activity_id <> $2 AND state = 'pending'
"""


async def delete_own(changes: Sequence[DeleteOwnActor]) -> None:
    """End accounts of this node: what has not begun to travel stays here, and goes.

    Runs inside a transaction.
    """
    for change in changes:
        at = to_ms(change.at)
        await _erase(change.uri, change.at)
        for statement in ERASE_ACCOUNT:
            await run(statement, change.uri)
        await run(MARK_OWN, change.uri, at)
        await run(CANCEL_OWN, change.uri, change.by, at)


# Everybody elsewhere who may hold something of a person here, or has been promised something.
KNOWN_TO: Final = """
SELECT uri FROM actor WHERE NOT local AND state <> 'deleted' AND uri IN (
  SELECT theirs.actor_uri FROM membership AS theirs
  JOIN membership AS mine ON mine.conversation_id = theirs.conversation_id
  WHERE mine.actor_uri = $1
  UNION SELECT conversation.uri FROM conversation
  JOIN membership AS mine ON mine.conversation_id = conversation.id WHERE mine.actor_uri = $1
  UNION SELECT follower FROM follow WHERE followed = $1
  UNION SELECT followed FROM follow WHERE follower = $1
  UNION SELECT invitee FROM invitation WHERE inviter = $1
  UNION SELECT inviter FROM invitation WHERE invitee = $1)
ORDER BY uri
"""


async def known_to(uri: str) -> list[str]:
    """The actors elsewhere to whom a person here is known."""
    return [row["uri"] for row in await fetch(KNOWN_TO, uri)]


MOVE: Final = "UPDATE actor SET moved_to = $2, moved_at = $3 WHERE uri = $1 AND NOT local"


async def move(changes: Sequence[MoveActor]) -> None:
    """Note where people have gone; inside a transaction."""
    for change in changes:
        await run(MOVE, change.uri, change.target, to_ms(change.at))


# The conversations somebody has to do with, and our people who see them there.
SHARED: Final = """
SELECT theirs.conversation_id, conversation.is_home, conversation.kind, mine.actor_uri AS person
FROM membership AS theirs
JOIN conversation ON conversation.id = theirs.conversation_id
LEFT JOIN membership AS mine ON mine.conversation_id = theirs.conversation_id
  AND mine.local = TRUE AND mine.state IN ('joined', 'joining', 'requested')
WHERE theirs.actor_uri = $1 AND theirs.state IN ('joined', 'joining')
ORDER BY theirs.conversation_id, mine.id
"""


async def shared_with(uri: str) -> list[Row]:
    """By conversation: `conversation_id`, `is_home`, `kind` and a `person` of ours or None."""
    return await fetch(SHARED, uri)


# Somebody's newest messages with those of our people who see them.
READ_OF: Final = """
SELECT message.id, message.conversation_id, recipient.actor_uri AS person FROM message
JOIN recipient ON recipient.message_id = message.id
WHERE message.author_uri = $1 AND message.deleted_at IS NULL
ORDER BY message.t DESC, message.id DESC, recipient.id LIMIT $2
"""


async def read_of(uri: str, *, limit: int) -> list[Row]:
    """Who of ours sees the newest of somebody's messages: `id`, `conversation_id`, `person`."""
    return await fetch(READ_OF, uri, limit)


NOTE_GONE: Final = """
UPDATE actor SET gone_days = gone_days + 1, gone_at = $2
WHERE uri = $1 AND NOT local AND state <> 'deleted' AND (gone_at IS NULL OR gone_at <= $3)
"""


async def note_gone(uri: str, now: datetime) -> None:
    """An actor's own id answers that it is gone; once a day that counts."""
    await run(NOTE_GONE, uri, to_ms(now), to_ms(now - COUNTED_EVERY))


# Who may be gone, and is looked at again; the longest unseen first.
WATCHED: Final = """
SELECT uri, gone_days FROM actor
WHERE gone_days > 0 AND NOT local AND state <> 'deleted' AND gone_at <= $1
ORDER BY gone_at, uri LIMIT $2
"""


async def watched(now: datetime, *, limit: int) -> list[str]:
    """Actors whose id has answered 410 and was not asked since for a day."""
    return [row["uri"] for row in await fetch(WATCHED, to_ms(now - COUNTED_EVERY), limit)]


GONE: Final = """
SELECT uri FROM actor WHERE gone_days >= $1 AND NOT local AND state <> 'deleted' ORDER BY uri
"""


async def gone_for(days: int) -> list[str]:
    """Actors whose id has answered 410 on so many days."""
    return [row["uri"] for row in await fetch(GONE, days)]


MOVED_AT: Final = "SELECT moved_at, moved_to FROM actor WHERE uri = ANY($1)"


async def moves_of(uris: Collection[str]) -> list[Row]:
    """When and where to these actors have moved, if they have."""
    return await fetch(MOVED_AT, list(uris))
