"""What a home passes on of unaware members' messages, and what comes of it elsewhere."""

from dataclasses import dataclass
from datetime import datetime

from storage.changes.messages import Attachment


@dataclass(frozen=True, slots=True)
class PutRelay:
    """A home has wrapped what came of a message; an earlier wrapper of that message goes.

    Attributes:
        id: Of the wrapper.
        uri: Of the message.
        readers: Who alone may read it at home; empty for everybody whom the history policy lets.
        passed_to: The people to whom what follows is sent too.
        is_end: Whether it says that the message is deleted.
    """

    id: str
    conversation_id: str
    uri: str
    readers: tuple[str, ...]
    passed_to: tuple[str, ...]
    is_end: bool


@dataclass(frozen=True, slots=True)
class TakeOriginal:
    """A message that a home had passed on has come from its author's own server.

    Attributes:
        document: The JSON text of its Create.
    """

    message_id: str
    uri: str
    activity_id: str
    document: str
    published_at: datetime
    html: str | None
    text: str | None
    summary: str | None
    attachments: tuple[Attachment, ...]
    notices: str
