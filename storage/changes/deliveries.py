"""What this node promises to deliver, and what it takes back."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Send:
    """One activity is owed to one inbox of one host.

    Attributes:
        actor: Whose key signs the request.
        target: "shared" for the host's shared inbox, else the actor whose inbox it is.
        recipients: The actors it is for.
        aware: Whether the host speaks the group protocol, so that a 2xx means "delivered".
        message_id: Our id of the message it carries, or "".
        object_uri: What it is about; a row set aside takes later rows about the same with it.
        survives: Whether it goes out to who is no member any more, and for who has no account any
            more, as a Delete does.
        refusal: Why it will not go out at all, as its author reads it, or "".
    """

    id: str
    activity_id: str
    actor: str
    host: str
    target: str
    recipients: tuple[str, ...]
    conversation_id: str
    object_uri: str
    aware: bool
    message_id: str
    at: datetime
    survives: bool = False
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class CancelSends:
    """Nothing of this conversation may begin to travel to this person any more."""

    conversation_id: str
    person: str
    host: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CancelAbout:
    """What somebody said of a message, and what has not begun to travel, is said no more.

    Attributes:
        actor: Whose deliveries.
        object_uri: The message.
        begins: What the ids of these activities begin with; "" for all that wait, otherwise only
            those that were never tried.
    """

    actor: str
    object_uri: str
    begins: str
    at: datetime
