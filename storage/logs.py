"""Author logs as rows: what is known of each, and what stands under its numbers."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from storage.changes import KeepHeld
from storage.database import Row, fetch, run, update_many
from storage.stamps import new_stamp
from storage.times import to_ms, to_ms_or_none

COLUMNS: Final = """uri, conversation_id, author_uri, local, head, last_entry_id, final, moved_at,
  complete_to, beyond, heard, trouble, troubled_at, asked_at, missing_since, stamp"""

# The columns are a constant; here and below, what callers give is a parameter.
_FOUND: Final = f"SELECT {COLUMNS} FROM author_log WHERE"  # noqa: S608

OF_CONVERSATIONS: Final = f"{_FOUND} conversation_id = ANY($1)"
BY_URI: Final = f"{_FOUND} uri = $1"

# Whether an entry brought what an edit stands in the place of, or what is shown to nobody.
SUPERSEDED: Final = """(EXISTS (
    SELECT 1 FROM message_version WHERE message_version.activity_id = entry.activity_id
  ) OR EXISTS (
    SELECT 1 FROM message WHERE message.activity_id = entry.activity_id
      AND message.latest_id <> '' AND message.latest_id <> entry.activity_id
  ) OR EXISTS (
    SELECT 1 FROM message
    WHERE (message.activity_id = entry.activity_id OR message.latest_id = entry.activity_id)
      AND (message.removed_at IS NOT NULL OR message.taken_back_at IS NOT NULL)
  ))"""

# Those of some conversations that have been written after a stamp. What is given is the stamp in 19
# digits and the conversation after it.
STAMPED_AFTER: Final = """
SELECT <columns> FROM unnest($1::text[]) AS place(value) CROSS JOIN author_log
WHERE author_log.conversation_id = substr(place.value, 20)
  AND author_log.stamp > CAST(substr(place.value, 1, 19) AS BIGINT)
""".replace("<columns>", COLUMNS)

# What is held under some numbers of some logs.
ENTRIES_AT: Final = """
SELECT log_uri, seq, activity_id FROM log_entry WHERE log_uri = ANY($1) AND seq = ANY($2)
"""

# The entries of a log above a number, ascending: their bytes unless these are gone, the epoch of
# the message that an edit is about, and whether an edit stands in their place.
_AN_ENTRY: Final = """
SELECT entry.seq, entry.activity_id, activity.document, edited.epoch AS edited_epoch, CASE WHEN"""
_IS_SUPERSEDED: Final = """
  THEN 1 ELSE 0 END AS superseded
FROM log_entry AS entry
LEFT JOIN activity ON activity.id = entry.activity_id
LEFT JOIN message AS edited
  ON edited.latest_id = entry.activity_id AND edited.activity_id <> entry.activity_id
WHERE entry.log_uri = $1 AND entry.seq > $2 ORDER BY entry.seq, entry.id LIMIT $3
"""
ENTRIES: Final = f"{_AN_ENTRY} {SUPERSEDED} {_IS_SUPERSEDED}"

ASKED: Final = "UPDATE author_log SET asked_at = $2, stamp = $3 WHERE uri = $1"

# Logs of people elsewhere in which a contradiction was found, by their hosts.
TROUBLED: Final = """
SELECT author_log.uri, author_log.trouble, actor.host FROM author_log
JOIN actor ON actor.uri = author_log.author_uri
WHERE author_log.trouble <> '' AND author_log.local = FALSE AND actor.host = ANY($1)
ORDER BY author_log.uri LIMIT 1000
"""

# Logs of some conversations of which it is said that something is missing in them: since nobody
# had it for a month, or since the operator lets nothing in from its author's server.
MISSING: Final = """
SELECT * FROM (
  SELECT <columns>, EXISTS (
    SELECT 1 FROM actor JOIN policy_rule ON actor.host = policy_rule.domain
      OR actor.host LIKE '%.' || policy_rule.domain
    WHERE actor.uri = author_log.author_uri) AS is_hidden
  FROM author_log WHERE conversation_id = ANY($1)
    AND (missing_since IS NOT NULL OR trouble = 'missing')
) AS lacking WHERE trouble = 'missing' OR is_hidden ORDER BY uri
""".replace("<columns>", COLUMNS)

# Nobody had it for a month: it is said, and filled whenever a source returns.
SAY_MISSING: Final = """
UPDATE author_log SET trouble = 'missing', troubled_at = $2, stamp = $3
WHERE uri = $1 AND trouble IN ('', 'jump') AND missing_since IS NOT NULL
"""

# Logs of ours that are written to; after a restore nobody knows how far they had come.
GIVE_UP_OWN: Final = """
UPDATE author_log SET trouble = 'lost', troubled_at = $1, stamp = $2
WHERE local = TRUE AND final IS NULL AND trouble = ''
"""


async def of_conversations(ids: Collection[str]) -> list[Row]:
    """The logs of these conversations, in no order."""
    return await fetch(OF_CONVERSATIONS, list(ids))


async def stamped_after(stamps: Mapping[str, int]) -> list[Row]:
    """The logs that have been written after these stamps, by conversation id; in no order."""
    places = [f"{stamp:019}{place}" for place, stamp in sorted(stamps.items())]
    return await fetch(STAMPED_AFTER, places) if places else []


async def find_log(uri: str) -> Row | None:
    """The log with this id, or None."""
    rows = await fetch(BY_URI, uri)
    return rows[0] if rows else None


async def entries_at(places: Iterable[tuple[str, int]]) -> list[Row]:
    """At least what is held under these numbers of these logs."""
    wanted = sorted(set(places))
    if not wanted:
        return []
    logs, numbers = sorted({log for log, _ in wanted}), sorted({seq for _, seq in wanted})
    return await fetch(ENTRIES_AT, logs, numbers)


async def entries(uri: str, *, after: int, limit: int) -> list[Row]:
    """A log's entries above a number.

    Rows of `seq`, `activity_id`, `document` or None, `edited_epoch` or None, `superseded`.
    """
    return await fetch(ENTRIES, uri, after, limit)


async def asked(uri: str, now: datetime) -> None:
    """Its author's node is asked for what is missing in it."""
    await run(ASKED, uri, to_ms(now), new_stamp())


async def troubled(hosts: Collection[str]) -> list[Row]:
    """The logs of people at these hosts that contradict themselves: `uri`, `trouble`, `host`."""
    return await fetch(TROUBLED, sorted(hosts)) if hosts else []


async def missing(ids: Collection[str]) -> list[Row]:
    """The logs of these conversations in which something has been missing for long."""
    return await fetch(MISSING, sorted(ids)) if ids else []


async def say_missing(uri: str, now: datetime) -> None:
    """What is missing in a log was not to be had for so long that people are told."""
    await run(SAY_MISSING, uri, to_ms(now), new_stamp())


async def give_up_own(now: datetime) -> int:
    """Let nobody here write to the logs that are there; answer how many there were."""
    return await run(GIVE_UP_OWN, to_ms(now), new_stamp())


async def keep_held(changes: Sequence[KeepHeld]) -> None:
    """Write what is known of logs; a log of somebody else's, or elsewhere, stays as it is."""
    newest = {h.log: h for h in changes}
    rows = [
        (
            *(h.log, h.conversation_id, h.author, h.complete_to),
            *(json.dumps(h.beyond) if h.beyond else "", h.heard, to_ms_or_none(h.missing_since)),
            *(h.trouble, to_ms_or_none(h.troubled_at), new_stamp()),
        )
        for h in newest.values()
    ]
    keys = ("uri", "conversation_id", "author_uri")
    columns = ("complete_to", "beyond", "heard", "missing_since", "trouble", "troubled_at", "stamp")
    await update_many("author_log", keys, columns, rows)
