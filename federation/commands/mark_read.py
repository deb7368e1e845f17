"""A person has read up to a message; the mark moves forward only, and their clients hear of it."""

import json
from datetime import datetime
from typing import Final

from federation.protocol.verdict import Allowed, Refused
from storage import events
from storage.database import transaction, wake
from storage.events import NewEvent
from storage.timelines import find_visible_t, move_read_mark

NO_SUCH_MESSAGE: Final = Refused("no such message", 404)


async def mark_read(
    person: str, *, acct: str, conversation_id: str, up_to: str, now: datetime
) -> Allowed | Refused:
    """Mark everything up to a message as read.

    Args:
        person: Who has read.
        acct: Their handle, for the event.
        conversation_id: Where.
        up_to: Our id of the last message read, which they may see.
        now: When.
    """
    t = await find_visible_t(up_to, person, conversation_id)
    if t is None:
        return NO_SUCH_MESSAGE
    data = json.dumps({"conversation": conversation_id, "acct": acct, "up_to": up_to})
    async with transaction():
        if await move_read_mark(conversation_id, person, t):
            await events.append(
                [
                    NewEvent(person, "conversation", now, conversation_id),
                    NewEvent(person, "read", now, conversation_id, data=data),
                ]
            )
            await wake("event")
    return Allowed()
