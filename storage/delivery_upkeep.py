"""Every delivery row ends: what nobody took in time expires, and what has ended is forgotten."""

from datetime import datetime
from typing import Final

from storage.database import fetch, run, transaction
from storage.delivery_events import Ended, tell
from storage.dialect import Row
from storage.times import to_ms

REAPED_AT_ONCE: Final = 5000

EXPIRED: Final = "the other server did not take it in time"

# A row that met an answer keeps that reason: it says more than the time.
EXPIRE: Final = """
UPDATE delivery SET state = 'expired', settled_at = $2,
  reason = CASE WHEN reason = '' THEN $3::text ELSE reason END
WHERE state IN ('pending', 'parked') AND created_at < $1
RETURNING actor_uri, conversation_id, message_id, host, aware, reason
"""


async def expire(made_before: datetime, at: datetime) -> int:
    """End the rows that were promised before this time; answer how many.

    The caller counts back `queue_retention` from `at`.
    """
    async with transaction():
        rows = await fetch(EXPIRE, to_ms(made_before), to_ms(at), EXPIRED)
        await tell([_ended(row) for row in rows if row["message_id"]], at)
    return len(rows)


def _ended(row: Row) -> Ended:
    return Ended(
        author_uri=row["actor_uri"],
        conversation_id=row["conversation_id"],
        message_id=row["message_id"],
        host=row["host"],
        state="expired",
        aware=bool(row["aware"]),
        reason=row["reason"],
    )


# Delivered rows stay as long as the others: they are what a message knows of each member's
# outcome.
REAP: Final = """
DELETE FROM delivery WHERE id IN (
  SELECT id FROM delivery
  WHERE state IN ('delivered', 'refused', 'expired', 'cancelled') AND settled_at < $1
  LIMIT $2)
"""


# What has not ended goes out as it is.
FORGET: Final = """
DELETE FROM delivery WHERE activity_id = $1
  AND state IN ('delivered', 'refused', 'expired', 'cancelled', 'parked')
"""


async def forget_settled(activity_id: str) -> None:
    """Forget how an activity's deliveries ended, so that it can be sent again."""
    await run(FORGET, activity_id)


async def reap(settled_before: datetime) -> int:
    """Forget rows that ended before this time, at most 5,000; answer how many.

    The caller counts back 30 days, and calls again while the answer is 5,000.
    """
    return await run(REAP, to_ms(settled_before), REAPED_AT_ONCE)
