"""What members asked of home, and what came of it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class PutRequest:
    """A request is recorded, at the asking person's node and at home.

    Attributes:
        id: Of the activity.
        person: Who asks.
        wish: A word of federation/groups/wishes.py, or "invite".
        subject: Whom it is about, or "".
        state: "waiting", "applied", "refused" or "expired".
        notice: Why it was refused, or "".
    """

    id: str
    conversation_id: str
    person: str
    wish: str
    subject: str
    state: str
    notice: str
    published_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class SettleRequest:
    """Home has answered a request that waits in this conversation."""

    id: str
    conversation_id: str
    state: str
    notice: str
    at: datetime


@dataclass(frozen=True, slots=True)
class HushRequest:
    """Nobody is told of what a request comes to."""

    id: str
