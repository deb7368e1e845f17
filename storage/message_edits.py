"""A message's later life as rows: its versions, and its end."""

from collections.abc import Sequence
from typing import Final

from storage import attachments
from storage.changes import AddVersion, EraseMessage, HideMessage, ReviseMessage
from storage.database import Row, fetch, run
from storage.times import to_ms

VERSIONS_MAX: Final = 100

KEEP_VERSION: Final = """
INSERT INTO message_version (message_id, activity_id, written_at, html, text, summary)
SELECT id, CASE WHEN latest_id <> '' THEN latest_id ELSE activity_id END,
  COALESCE(edited_at, published_at), html, text, summary FROM message WHERE id = $1
"""

# A message whose Create has not come is known by this: both ids name one Update.
REVISE: Final = """
UPDATE message SET activity_id = CASE WHEN latest_id = activity_id THEN $2 ELSE activity_id END,
  latest_id = $2, edited_at = $3, html = $4, text = $5, summary = $6,
  attachments = $7
WHERE id = $1
"""

# The oldest versions beyond the limit.
SURPLUS: Final = """
SELECT id, activity_id FROM message_version WHERE message_id = $1
ORDER BY written_at DESC, id DESC LIMIT 1000 OFFSET $2
"""


async def revise(changes: Sequence[ReviseMessage]) -> None:
    """Keep what these messages said, and let them say what they say from here on.

    Runs inside a transaction, as everything below that writes.
    """
    for r in changes:
        await run(KEEP_VERSION, r.message_id)
        await run(
            REVISE,
            *(r.message_id, r.activity_id, to_ms(r.edited_at), r.html, r.text, r.summary),
            attachments.encode(r.attachments),
        )
        await _trim(r.message_id)


async def _trim(message_id: str) -> None:
    surplus = await fetch(SURPLUS, message_id, VERSIONS_MAX)
    if surplus:
        ids = [row["activity_id"] for row in surplus]
        await run("DELETE FROM message_version WHERE id = ANY($1)", [row["id"] for row in surplus])
        await run("DELETE FROM activity WHERE id = ANY($1)", ids)


SET_CREATE: Final = "UPDATE message SET activity_id = $2, epoch = $3 WHERE id = $1"


ADD_VERSION: Final = """
INSERT INTO message_version (message_id, activity_id, written_at, html, text, summary)
SELECT id, $2::text, $3, $4, $5, $6 FROM message WHERE id = $1 AND NOT EXISTS (
  SELECT 1 FROM message_version AS held WHERE held.message_id = $1 AND held.activity_id = $2)
"""


async def add_versions(changes: Sequence[AddVersion]) -> None:
    """Keep versions that came after later ones."""
    for v in changes:
        written_at = to_ms(v.written_at)
        await run(ADD_VERSION, v.message_id, v.activity_id, written_at, v.html, v.text, v.summary)
        if v.is_first:
            await run(SET_CREATE, v.message_id, v.activity_id, v.epoch)
        await _trim(v.message_id)


# The bytes that say what a message said, or that somebody reacted to it, and all of that itself.
ERASE: Final = (
    """
DELETE FROM activity WHERE id IN (
  SELECT activity_id FROM message_version WHERE message_id = $1
  UNION SELECT activity_id FROM message WHERE id = $1
  UNION SELECT latest_id FROM message WHERE id = $1)
""",
    """
DELETE FROM activity WHERE id IN (
  SELECT relay.id FROM relay JOIN message ON message.uri = relay.message_uri WHERE message.id = $1)
""",
    "DELETE FROM relay WHERE message_uri = (SELECT uri FROM message WHERE id = $1)",
    "DELETE FROM message_version WHERE message_id = $1",
    "DELETE FROM reaction WHERE message_uri = (SELECT uri FROM message WHERE id = $1)",
    """
UPDATE message SET html = NULL, text = NULL, summary = NULL, attachments = '', edited_at = NULL
WHERE id = $1
""",
)

SET_DELETED: Final = "UPDATE message SET deleted_at = $2 WHERE id = $1 AND deleted_at IS NULL"


async def erase(changes: Sequence[EraseMessage]) -> None:
    """Take everything of a deleted message but its place."""
    for e in changes:
        for statement in ERASE:
            await run(statement, e.message_id)
        await run(SET_DELETED, e.message_id, to_ms(e.at))


SET_REMOVED: Final = "UPDATE message SET removed_at = $2 WHERE id = $1 AND removed_at IS NULL"


async def hide(changes: Sequence[HideMessage]) -> None:
    """Let a message be shown to nobody any more."""
    for h in changes:
        await run(SET_REMOVED, h.message_id, to_ms(h.at))


REVISED_BY: Final = """
SELECT id, activity_id FROM message WHERE latest_id = ANY($1) AND deleted_at IS NULL
"""

# The last version that none of these activities has brought.
BEFORE: Final = """
SELECT id, activity_id, written_at, html, text, summary FROM message_version
WHERE message_id = $1 AND NOT (activity_id = ANY($2)) ORDER BY written_at DESC, id DESC LIMIT 1
"""

RESTORE: Final = """
UPDATE message SET latest_id = $2, edited_at = $3, html = $4, text = $5, summary = $6
WHERE id = $1
"""

FORGET: Final = """
DELETE FROM message_version WHERE message_id = $1 AND (id = $2 OR activity_id = ANY($3))
"""


async def restore(activity_ids: Sequence[str]) -> None:
    """Let messages say what they said before these edits, and drop the reactions among these.

    Runs inside a transaction.

    Source: groups-protocol.md 4.6.2
    """
    ids = list(activity_ids)
    await run("DELETE FROM reaction WHERE activity_id = ANY($1)", ids)
    for message in await fetch(REVISED_BY, ids):
        for was in await fetch(BEFORE, message["id"], ids):
            is_first = was["activity_id"] == message["activity_id"]
            await run(
                RESTORE,
                *(message["id"], "" if is_first else was["activity_id"]),
                *(None if is_first else was["written_at"], was["html"], was["text"]),
                was["summary"],
            )
            await run(FORGET, message["id"], was["id"], ids)


VERSIONS: Final = """
SELECT v.written_at, v.html, v.text FROM message_version AS v
JOIN message AS m ON m.id = v.message_id
WHERE v.message_id = $1 AND m.removed_at IS NULL ORDER BY v.written_at, v.id
"""


async def versions_of(message_id: str) -> list[Row]:
    """What a message said before, oldest first: rows of `written_at`, `html`, `text`."""
    return await fetch(VERSIONS, message_id)
