"""What a removed person wrote above the heads of their removal is shown to nobody else any more."""

from collections.abc import Collection, Sequence
from typing import Final

from storage import message_edits
from storage.changes import TakeBack
from storage.database import fetch, run
from storage.times import to_ms

# Messages of somebody above the last number that counts in their log, or in a log that was not
# named; logs that an earlier end has closed are left alone.
ABOVE: Final = """
SELECT message.id FROM message
JOIN log_entry AS entry ON entry.activity_id = message.activity_id
JOIN author_log AS log ON log.uri = entry.log_uri
WHERE message.conversation_id = $1 AND message.author_uri = $2 AND message.taken_back_at IS NULL
  AND log.conversation_id = $1 AND log.author_uri = $2
  AND entry.seq > COALESCE(log.final, 0)
"""

# What else they said there.
ENTRIES_ABOVE: Final = """
SELECT entry.activity_id FROM log_entry AS entry
JOIN author_log AS log ON log.uri = entry.log_uri
WHERE log.conversation_id = $1 AND log.author_uri = $2 AND entry.seq > COALESCE(log.final, 0)
"""

MARK: Final = "UPDATE message SET taken_back_at = $2 WHERE id = ANY($1)"

HIDE: Final = "DELETE FROM recipient WHERE message_id = ANY($1) AND actor_uri <> $2"

# Nothing of it may begin to travel any more.
CANCEL: Final = """
UPDATE delivery SET state = 'cancelled', settled_at = $2
WHERE message_id = ANY($1) AND state = 'pending'
"""


async def take_back(changes: Sequence[TakeBack]) -> None:
    """Hide messages from all but their author, undo edits and drop reactions.

    Inside a transaction, after the logs are ended.

    Source: groups-protocol.md 4.6.2
    """
    for change in changes:
        rows = await fetch(ABOVE, change.conversation_id, change.author)
        ids = [row["id"] for row in rows]
        if ids:
            await run(MARK, ids, to_ms(change.at))
            await run(HIDE, ids, change.author)
            await run(CANCEL, ids, to_ms(change.at))
        said = await fetch(ENTRIES_ABOVE, change.conversation_id, change.author)
        if said:
            await message_edits.restore([row["activity_id"] for row in said])


AMONG: Final = "SELECT id FROM message WHERE id = ANY($1) AND taken_back_at IS NOT NULL"


async def among(message_ids: Collection[str]) -> frozenset[str]:
    """Those of these messages that were taken back."""
    rows = await fetch(AMONG, list(message_ids))
    return frozenset(row["id"] for row in rows)
