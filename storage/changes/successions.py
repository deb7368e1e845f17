"""Groups that go on elsewhere."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class HearSuccessor:
    """A listed successor or home says where a group goes on; whether that counts is asked later.

    Attributes:
        mover: The successor, or the conversation actor itself.
        before: JSON text of the group's last state.
    """

    id: str
    conversation_id: str
    mover: str
    target: str
    before: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AbandonGroup:
    """A group of ours that was to continue another is not wanted.

    Attributes:
        uri: Its conversation actor.
    """

    uri: str
    at: datetime


@dataclass(frozen=True, slots=True)
class MoveAway:
    """A conversation ends here and goes on as another one.

    Attributes:
        target: The conversation actor it goes on as.
    """

    conversation_id: str
    target: str
    at: datetime
