"""Who reacts to what, and who has read how far."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class PutReaction:
    """A person reacts to a message; one who does already with this emoji only does so later.

    Attributes:
        icon: The picture of an emoji that is no character, or "".
        activity_id: The Like.
    """

    uri: str
    person: str
    emoji: str
    icon: str
    activity_id: str
    liked_at: datetime


@dataclass(frozen=True, slots=True)
class UndoReaction:
    """A person takes a reaction back, perhaps before it came.

    Attributes:
        activity_id: The Like that is undone; it has no effect any more, whenever it comes.
    """

    uri: str
    person: str
    emoji: str
    activity_id: str
    undone_at: datetime


@dataclass(frozen=True, slots=True)
class PutReceipt:
    """How far somebody has read; of several the one published last holds."""

    conversation_id: str
    person: str
    message_id: str
    published_at: datetime
