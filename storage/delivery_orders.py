"""Who runs this node sets deliveries going again, or ends them, and their authors are told.

Only rows that wait or are parked: one that is on its way is its lane's, and one that has ended
stays ended, a cancelled one above all.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final

from storage import cancelling
from storage.database import fetch, insert_many, transaction, wake
from storage.delivery_events import Ended, tell
from storage.dialect import Row
from storage.times import to_ms

DROPPED: Final = "the people who run this server took it out of the queue"

# What may be retried or dropped: rows by their ids, all of one host, or all in one state.
CHOSEN: Final = """
SELECT id, host, state FROM delivery WHERE state IN ('pending', 'parked')
  AND (id = ANY($1) OR host = $2 OR state = $3)
ORDER BY id FOR UPDATE
"""

# As if they had never been tried.
RETRY: Final = """
UPDATE delivery SET state = 'pending', tries = 0, reason = '', due_at = $2
WHERE id = ANY($1) AND state IN ('pending', 'parked')
RETURNING id, actor_uri, conversation_id, message_id, host, aware, state, reason
"""

# What carries a message ends where its author sees it.
DROP: Final = """
UPDATE delivery SET state = CASE WHEN message_id = '' THEN 'cancelled' ELSE 'refused' END,
  reason = $2, settled_at = $3
WHERE id = ANY($1) AND state IN ('pending', 'parked')
RETURNING id, actor_uri, conversation_id, message_id, host, aware, state, reason
"""

LANE_NOW: Final = "ON CONFLICT (host) DO UPDATE SET due_at = EXCLUDED.due_at"


async def retry(
    ids: Collection[str] = (), *, host: str = "", every_parked: bool = False, at: datetime
) -> int:
    """Make rows due now, and their hosts with them; answer how many.

    Args:
        ids: Rows by their ids.
        host: All that waits or is parked for this host, which is tried even if it has no row.
        every_parked: All that are parked.
        at: The time.
    """
    async with transaction():
        chosen = await fetch(CHOSEN, sorted(ids), host, "parked" if every_parked else "")
        parked = {row["id"] for row in chosen if row["state"] == "parked"}
        rows = await fetch(RETRY, [row["id"] for row in chosen], to_ms(at)) if chosen else []
        await cancelling.end_of_returned([(row["id"], row["actor_uri"]) for row in rows], at)
        hosts = sorted({row["host"] for row in rows})
        await insert_many(
            "peer", ("host", "due_at"), [(one, to_ms(at)) for one in hosts], conflict=LANE_NOW
        )
        await tell(_ended(row for row in rows if row["id"] in parked), at)
        await wake("deliver")
    return len(rows)


async def drop(ids: Collection[str] = (), *, host: str = "", at: datetime) -> int:
    """End rows without sending them; answer how many. Their authors see them as refused."""
    async with transaction():
        chosen = await fetch(CHOSEN, sorted(ids), host, "")
        wanted = [row["id"] for row in chosen]
        rows = await fetch(DROP, wanted, DROPPED, to_ms(at)) if wanted else []
        await tell(_ended(rows), at)
    return len(rows)


async def count(ids: Collection[str] = (), *, host: str = "") -> int:
    """How many rows `drop` would end."""
    return len(await fetch(CHOSEN, sorted(ids), host, ""))


def _ended(rows: Iterable[Row]) -> list[Ended]:
    return [
        Ended(
            author_uri=row["actor_uri"],
            conversation_id=row["conversation_id"],
            message_id=row["message_id"],
            host=row["host"],
            state=row["state"],
            aware=bool(row["aware"]),
            reason=row["reason"],
        )
        for row in rows
        if row["message_id"]
    ]
