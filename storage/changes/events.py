"""What a person's clients are told, live or when they come back."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Tell:
    """One event for one local person.

    Attributes:
        type: An event name of the JSON API: "message", "conversation", "delivery" …
        data: JSON text where the event is more than the thing it names; else "".
    """

    person: str
    type: str
    conversation_id: str
    message_id: str
    at: datetime
    data: str = ""
