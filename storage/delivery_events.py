"""Authors are told what became of their messages, in the words of the JSON API."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec

from storage import events
from storage.database import fetch, wake
from storage.events import NewEvent

SHOWN: Final = {
    "pending": "waiting",
    "sending": "waiting",
    "delivered": "delivered",
    "refused": "refused",
    "expired": "failed",
    "parked": "failed",
}
"""What a row's state is called towards people; a cancelled row is left out."""


def shown_state(state: str, *, aware: bool) -> str:
    """The word for a row's state: of an unaware host we know only that we have sent."""
    return "sent" if state == "delivered" and not aware else SHOWN[state]


@dataclass(frozen=True, slots=True)
class Ended:
    """A row that carries a message has come to its end, for now or for good."""

    author_uri: str
    conversation_id: str
    message_id: str
    host: str
    state: str
    aware: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Unheard:
    """An activity without a message that a host did not take."""

    author_uri: str
    conversation_id: str
    activity_id: str


# Which activities are invitations that somebody may still answer.
INVITATIONS: Final = "SELECT id FROM invitation WHERE id = ANY($1) AND state = 'open'"


async def tell(ended: Sequence[Ended], at: datetime, *, untaken: Collection[Unheard] = ()) -> None:
    """Put it into the authors' streams. Last inside a transaction, as `events.append`.

    Args:
        ended: What became of messages.
        at: Now.
        untaken: What a host did not take and is no message; of invitations their inviters are told.
    """
    told = [_event(row, at) for row in ended]
    rows = await fetch(INVITATIONS, [one.activity_id for one in untaken]) if untaken else []
    invitations = {row["id"] for row in rows}
    told += [
        NewEvent(one.author_uri, "conversation", at, one.conversation_id)
        for one in untaken
        if one.activity_id in invitations
    ]
    if not told:
        return
    await events.append(told)
    await wake("event")


def _event(row: Ended, at: datetime) -> NewEvent:
    data = {
        "message": row.message_id,
        "host": row.host,
        "state": shown_state(row.state, aware=row.aware),
        "reason": row.reason,
        "since": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }
    return NewEvent(
        account_uri=row.author_uri,
        type="delivery",
        created_at=at,
        conversation_id=row.conversation_id,
        message_id=row.message_id,
        data=msgspec.json.encode(data).decode(),
    )
