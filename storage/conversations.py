"""Conversations as rows: found by any of the names under which an activity may mean one."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from storage.changes import FollowHome, ReadAnew
from storage.database import Row, fetch, run
from storage.times import to_ms

COLUMNS: Final = """id, uri, kind, is_home, home_host, title, epoch, state_hash, state, context,
  thread, context_t, thread_t, people_hash, newest_t, last_message_id, disputed, closed_at,
  created_at, changed_at, gone_at, recovering, history_cursor, history_epoch, history_read_at,
  checked_at"""

# The columns are a constant; what callers give is a parameter.
_FOUND: Final = f"SELECT {COLUMNS} FROM conversation WHERE"  # noqa: S608

BY_ID: Final = f"{_FOUND} id = ANY($1)"
BY_URI: Final = f"{_FOUND} uri = ANY($1)"
BY_CONTEXT: Final = f"{_FOUND} context = ANY($1)"
BY_PEOPLE: Final = f"{_FOUND} people_hash = ANY($1)"

# What a decision rests on stays as it is until its transaction ends: no two decisions about one
# group rest on the same epoch, and nobody is addressed whose removal has committed. In one order,
# so that transactions wait for each other instead of deadlocking. (SQLite has one writer.)
HELD: Final = "ORDER BY id FOR UPDATE"


async def by_id(ids: Collection[str], *, held: bool = False) -> list[Row]:
    """The conversations with these ids of ours; `held` until the transaction ends."""
    return await fetch(f"{BY_ID} {HELD}" if held else BY_ID, list(ids))


async def by_uri(uris: Collection[str], *, held: bool = False) -> list[Row]:
    """The groups with these conversation actors; `held` until the transaction ends."""
    return await fetch(f"{BY_URI} {HELD}" if held else BY_URI, list(uris))


async def by_context(contexts: Collection[str], *, held: bool = False) -> list[Row]:
    """The conversations of these `context` URLs; `held` until the transaction ends."""
    return await fetch(f"{BY_CONTEXT} {HELD}" if held else BY_CONTEXT, list(contexts))


async def by_people(hashes: Collection[str], *, held: bool = False) -> list[Row]:
    """The direct conversations of these sets of people; `held` until the transaction ends."""
    return await fetch(f"{BY_PEOPLE} {HELD}" if held else BY_PEOPLE, list(hashes))


# The signed changes of a group after an epoch, oldest first, with the bytes that were signed.
STATE_LOG: Final = """
SELECT link.epoch, link.hash, activity.document FROM state_link AS link
JOIN activity ON activity.id = link.activity_id
WHERE link.conversation_id = $1 AND link.epoch > $2 ORDER BY link.epoch LIMIT $3
"""


# What was kept of one epoch.
HASH: Final = "SELECT hash FROM state_link WHERE conversation_id = $1 AND epoch = $2"


async def hash_of(conversation_id: str, epoch: int) -> str:
    """The hash of a group's state at an epoch, "" if that is not kept."""
    rows = await fetch(HASH, conversation_id, epoch)
    return str(rows[0]["hash"]) if rows else ""


FOLLOW: Final = (
    "UPDATE conversation SET disputed = FALSE WHERE id = $1",
    "DELETE FROM state_link WHERE conversation_id = $1 AND epoch >= $2",
)


async def follow_home(changes: Sequence[FollowHome]) -> None:
    """Hold nothing any more that may not be of home's chain; inside a transaction."""
    undispute, forget = FOLLOW
    for change in changes:
        await run(undispute, change.conversation_id)
        await run(forget, change.conversation_id, change.from_epoch)


# The newest state changes of a group.
LATEST: Final = """
SELECT link.epoch, activity.document FROM state_link AS link
JOIN activity ON activity.id = link.activity_id
WHERE link.conversation_id = $1 ORDER BY link.epoch DESC LIMIT $2
"""


async def latest_changes(conversation_id: str, *, limit: int) -> list[Row]:
    """The newest state changes, the oldest first: rows of `epoch`, `document`."""
    rows = await fetch(LATEST, conversation_id, limit)
    return sorted(rows, key=lambda row: int(row["epoch"]))


async def state_log(conversation_id: str, *, after: int, limit: int) -> list[Row]:
    """The state changes above an epoch: rows of `epoch`, `hash`, `document`, ascending."""
    return await fetch(STATE_LOG, conversation_id, after, limit)


SET_CURSOR: Final = """
UPDATE conversation SET history_cursor = $2, history_epoch = $3 WHERE id = $1
"""


async def set_cursor(conversation_id: str, cursor: str, epoch: int) -> None:
    """Where the next page of a group's history begins.

    Args:
        conversation_id: The group.
        cursor: The address of that page; "" for the beginning.
        epoch: What home was at there; 0 for the beginning.
    """
    await run(SET_CURSOR, conversation_id, cursor, epoch)


HISTORY_READ: Final = "UPDATE conversation SET history_read_at = $2 WHERE id = $1"


async def history_read(conversation_id: str, now: datetime) -> None:
    """A conversation has been read to its end elsewhere."""
    await run(HISTORY_READ, conversation_id, to_ms(now))


# Conversations with people elsewhere that were not read since a time, and that somebody is in.
UNREAD: Final = """
SELECT id, is_home, home_host FROM conversation
WHERE (history_read_at IS NULL OR history_read_at < $1) AND closed_at IS NULL AND EXISTS (
  SELECT 1 FROM membership WHERE membership.conversation_id = conversation.id
    AND membership.local = TRUE AND membership.state = 'joined'
) AND EXISTS (
  SELECT 1 FROM membership WHERE membership.conversation_id = conversation.id
    AND membership.local = FALSE
)
ORDER BY id
"""


async def unread_since(since: datetime) -> list[tuple[str, str]]:
    """The conversations that others may have more of than this node, and were not asked since.

    Each with the host of its home, "" for one that has none elsewhere.
    """
    rows = await fetch(UNREAD, to_ms(since))
    return [(row["id"], "" if row["is_home"] else row["home_host"] or "") for row in rows]


CHECKED: Final = "UPDATE conversation SET checked_at = $2 WHERE uri = $1"


async def checked(uri: str, now: datetime) -> None:
    """A group's home has been asked whether there is a newer state."""
    await run(CHECKED, uri, to_ms(now))


SET_RECOVERING: Final = "UPDATE conversation SET recovering = $2 WHERE id = $1"


async def set_recovering(conversation_id: str, *, is_recovering: bool) -> None:
    """Whether members may hold changes of this group that its home, here, has lost."""
    await run(SET_RECOVERING, conversation_id, is_recovering)


async def read_anew(changes: Sequence[ReadAnew]) -> None:
    """Forget how far the histories of these groups have been read."""
    for change in changes:
        await set_cursor(change.conversation_id, "", 0)


# After a restore every group whose home is here may have gone on without this copy.
RECOVER_ALL: Final = """
UPDATE conversation SET recovering = TRUE
WHERE is_home = TRUE AND kind = 'group' AND closed_at IS NULL
"""


async def recover_all() -> None:
    """Let no group be decided about whose home is here."""
    await run(RECOVER_ALL)


RECOVERING: Final = "SELECT uri FROM conversation WHERE recovering = TRUE ORDER BY id"


async def recovering() -> list[str]:
    """The groups about which home, here, decides nothing yet."""
    return [row["uri"] for row in await fetch(RECOVERING)]


IS_RECOVERING: Final = """
SELECT 1 AS found FROM conversation WHERE uri = ANY($1) AND recovering = TRUE LIMIT 1
"""


async def is_recovering(uris: Collection[str]) -> bool:
    """Whether one of these groups is not decided about now."""
    return bool(await fetch(IS_RECOVERING, sorted(uris))) if uris else False
