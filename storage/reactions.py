"""Reactions as rows: the later of liking and undoing holds, whichever came first."""

from collections.abc import Collection, Sequence
from typing import Final

from storage.changes import PutReaction, UndoReaction
from storage.database import Row, fetch, insert_many
from storage.times import to_ms

PUT: Final = """ON CONFLICT (message_uri, actor_uri, emoji) DO UPDATE SET
  activity_id = EXCLUDED.activity_id, liked_at = EXCLUDED.liked_at, icon = EXCLUDED.icon
WHERE reaction.liked_at < EXCLUDED.liked_at"""

# Of two Likes that are undone, the later one is remembered by its id; the earlier ones by time.
UNDO: Final = """ON CONFLICT (message_uri, actor_uri, emoji) DO UPDATE SET
  undone_id = EXCLUDED.undone_id, undone_at = EXCLUDED.undone_at
WHERE reaction.undone_at <= EXCLUDED.undone_at"""

_KEY: Final = ("message_uri", "actor_uri", "emoji")


async def put(changes: Sequence[PutReaction]) -> None:
    """Let people react. Runs inside a transaction."""
    newest = {(p.uri, p.person, p.emoji): p for p in sorted(changes, key=lambda p: p.liked_at)}
    columns = (*_KEY, "icon", "activity_id", "liked_at")
    rows = [
        (p.uri, p.person, p.emoji, p.icon, p.activity_id, to_ms(p.liked_at))
        for p in newest.values()
    ]
    await insert_many("reaction", columns, rows, conflict=PUT)


async def undo(changes: Sequence[UndoReaction]) -> None:
    """Let people take reactions back, also what has not come. Runs inside a transaction."""
    newest = {(u.uri, u.person, u.emoji): u for u in sorted(changes, key=lambda u: u.undone_at)}
    columns = (*_KEY, "undone_id", "undone_at")
    rows = [(u.uri, u.person, u.emoji, u.activity_id, to_ms(u.undone_at)) for u in newest.values()]
    await insert_many("reaction", columns, rows, conflict=UNDO)


_COLUMNS: Final = """message_uri, actor_uri, emoji, icon, activity_id, liked_at, undone_id,
  undone_at"""

# The columns are a constant; here and below, what callers give is a parameter.
TO_MESSAGES: Final = f"SELECT {_COLUMNS} FROM reaction WHERE message_uri = ANY($1)"  # noqa: S608

# As above: constants alone.
BY_ACTIVITY: Final = f"SELECT {_COLUMNS} FROM reaction WHERE activity_id = ANY($1)"  # noqa: S608

# A row is shown while the later of liking and undoing is the liking.
SHOWN: Final = """
SELECT m.id AS message_id, r.emoji, r.actor_uri FROM reaction AS r
JOIN message AS m ON m.uri = r.message_uri
WHERE m.id = ANY($1) AND m.deleted_at IS NULL AND m.removed_at IS NULL AND r.liked_at > r.undone_at
  AND r.activity_id <> r.undone_id
ORDER BY r.liked_at, r.id
"""


async def to_messages(uris: Collection[str]) -> list[Row]:
    """Every reaction to these messages, undone ones included, in no order."""
    return await fetch(TO_MESSAGES, list(uris))


async def by_activity(ids: Collection[str]) -> list[Row]:
    """The reactions that these Likes have made."""
    return await fetch(BY_ACTIVITY, list(ids))


async def shown(message_ids: Collection[str]) -> list[Row]:
    """What stands below these messages, by when it came: `message_id`, `emoji`, `actor_uri`."""
    return await fetch(SHOWN, list(message_ids))
