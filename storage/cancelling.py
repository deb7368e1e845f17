"""Deliveries that must not begin any more are cancelled in the transaction that decides it."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime

import msgspec

from storage import accounts
from storage.changes import CancelAbout, CancelSends
from storage.database import Row, fetch, run
from storage.times import to_ms

# What of a conversation has not ended for a host; nobody begins it until the transaction ends.
UNENDED_ROWS = """
SELECT id, recipients, state FROM delivery
WHERE conversation_id = $1 AND host = $2 AND state IN ('pending', 'sending', 'parked')
  AND NOT survives
ORDER BY id FOR UPDATE
"""

CANCEL = """
UPDATE delivery SET state = 'cancelled', settled_at = $2
WHERE id = $1 AND state IN ('pending', 'parked')
"""

NARROW = "UPDATE delivery SET recipients = $2 WHERE id = $1"


async def cancel(changes: Sequence[CancelSends]) -> None:
    """Take people out of the rows that have not ended, and cancel those without readers.

    A row whose only recipients besides the person are gone too ends; one that still serves another
    member of that host goes on for the others. One that is on its way may arrive; if it comes back,
    it ends by `end_of_returned`. A Delete goes to who had the message, whatever they are by then.
    Runs inside a transaction.

    Source: delivery.md 3 (Cancelling), promise P-6.
    """
    for change in changes:
        waiting = await fetch(UNENDED_ROWS, change.conversation_id, change.host)
        await _taken_out(waiting, change.person, change.at)


async def _taken_out(waiting: Sequence[Row], person: str, at: datetime) -> None:
    for row in waiting:
        recipients = msgspec.json.decode(row["recipients"])
        if person not in recipients:
            continue
        recipients.remove(person)
        if recipients or row["state"] == "sending":
            await run(NARROW, row["id"], json.dumps(recipients))
        else:
            await run(CANCEL, row["id"], to_ms(at))


# What has not ended for a host, of any conversation and beside them, Deletes included.
UNENDED_FOR_HOST = """
SELECT id, recipients, state FROM delivery
WHERE host = $1 AND state IN ('pending', 'sending', 'parked') ORDER BY id FOR UPDATE
"""


async def cancel_person(person: str, host: str, at: datetime) -> None:
    """As `cancel`, for all that waits for somebody who is no more; inside a transaction."""
    await _taken_out(await fetch(UNENDED_FOR_HOST, host), person, at)


# A message of ours that was never tried anywhere is replaced by its Delete; an Update that was
# never tried is replaced by the next one.
ABOUT = """
UPDATE delivery SET state = 'cancelled', settled_at = $4
WHERE object_uri = $1 AND actor_uri = $2 AND state IN ('pending', 'parked')
  AND ($3 = '' OR (attempts = 0 AND substr(activity_id, 1, length($3)) = $3))
"""


async def cancel_about(changes: Sequence[CancelAbout]) -> None:
    """Take back what waits of somebody's words about a message. Runs inside a transaction.

    Source: delivery.md 3 (Cancelling)
    """
    for change in changes:
        await run(ABOUT, change.object_uri, change.actor, change.begins, to_ms(change.at))


# What of a suspended person's messages has not begun to travel; their last words do.
END_OF_SUSPENDED = """
UPDATE delivery SET state = 'refused', reason = 'the account was suspended', settled_at = $2
WHERE actor_uri = $1 AND message_id <> '' AND state = 'pending' AND NOT survives
"""

# Of a deleted person nothing goes out any more but that they, or their messages, are deleted.
END_OF_DELETED = """
UPDATE delivery SET state = 'cancelled', settled_at = $2
WHERE actor_uri = $1 AND state = 'pending' AND NOT survives
"""

ENDS = {accounts.SUSPENDED: END_OF_SUSPENDED, accounts.DELETED: END_OF_DELETED}

# How these accounts stand; nobody suspends or deletes one until the transaction ends.
STANDING = """
SELECT actor_uri, state FROM account WHERE actor_uri = ANY($1) ORDER BY actor_uri FOR SHARE
"""


async def end_of_authors(authors: Collection[str], at: datetime) -> None:
    """Try nothing more of those of these people whose account is suspended or deleted.

    Asked when an account ends, and whenever what was on its way is pending again, in the same
    transaction and before it claims any row.
    """
    for row in await fetch(STANDING, list(authors)) if authors else ():
        if row["state"] in ENDS:
            await run(ENDS[row["state"]], row["actor_uri"], to_ms(at))


# Whose recipients were all put out while it was on its way.
END_OF_NOBODY = """
UPDATE delivery SET state = 'cancelled', settled_at = $2
WHERE id = ANY($1) AND state = 'pending' AND recipients = '[]'
"""


async def end_of_returned(rows: Collection[tuple[str, str]], at: datetime) -> None:
    """Of what was on its way and is pending again, end what may not begin once more.

    In the same transaction, and before it claims any row.

    Args:
        rows: Each by its id and its author.
        at: The time.
    """
    if rows:
        await run(END_OF_NOBODY, [row_id for row_id, _ in rows], to_ms(at))
        await end_of_authors({author for _, author in rows}, at)
