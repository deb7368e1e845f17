"""What this node lacks and must ask another for."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class HastenRepairs:
    """What is asked for in a conversation, and waits for its time, is due."""

    conversation_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Ask:
    """Fetch something; asking twice for the same is asking once.

    Attributes:
        kind: A kind of federation/inbound/repair.py, such as "conversation" or "state".
        subject: The URI it is about.
        hastens: Whether what is asked for already, and is to wait longer, comes sooner.
        asked: The domain whose servers answer, "" if the subject says it.
        cause: The domain of whoever's word led to this, "" for our own.
    """

    id: str
    kind: str
    subject: str
    at: datetime
    hastens: bool = False
    asked: str = ""
    cause: str = ""
