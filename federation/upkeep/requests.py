"""What home has not answered within a week is asked no more, and its author is told."""

from datetime import datetime

from federation.activities.requests import OPEN_FOR
from storage import events, requests
from storage.database import transaction, wake
from storage.events import NewEvent


async def expire(now: datetime) -> int:
    """End requests that have waited too long; answer how many.

    Source: groups-protocol.md 4.5; delivery.md 6 (Home down)
    """
    async with transaction():
        rows = await requests.expire(now - OPEN_FOR, now)
        told = [
            NewEvent(row["actor_uri"], "conversation", now, row["conversation_id"]) for row in rows
        ]
        await events.append(list(dict.fromkeys(told)))
        if told:
            await wake("event")
    return len(rows)
