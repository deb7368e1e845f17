"""What becomes of a message after it was shown: edited, deleted, or removed by moderators."""

from dataclasses import dataclass
from datetime import datetime

from storage.changes.messages import Attachment


@dataclass(frozen=True, slots=True)
class ReviseMessage:
    """A message says something else; what it said before is kept as a version.

    Attributes:
        activity_id: The Update, which carries the whole Note.
        html: Sanitised HTML, or None where the body cannot be read; likewise `text`.
    """

    message_id: str
    uri: str
    activity_id: str
    edited_at: datetime
    html: str | None
    text: str | None
    summary: str | None
    attachments: tuple[Attachment, ...]


@dataclass(frozen=True, slots=True)
class AddVersion:
    """What a message said before it was edited, when that comes after the edit.

    Attributes:
        activity_id: What brought it.
        is_first: Whether that is the Create.
        epoch: The epoch its author named in it, or None outside groups.
    """

    message_id: str
    uri: str
    activity_id: str
    is_first: bool
    epoch: int | None
    written_at: datetime
    html: str | None
    text: str | None
    summary: str | None


@dataclass(frozen=True, slots=True)
class EraseMessage:
    """Its author has deleted a message: everything that it said, or says of it, goes."""

    message_id: str
    uri: str
    at: datetime


@dataclass(frozen=True, slots=True)
class HideMessage:
    """A group's moderators have removed a message."""

    message_id: str
    uri: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PutTombstone:
    """Somebody's word that a message is not to be shown, which may come before the message.

    Attributes:
        actor: The author, who has deleted it, or the conversation, whose moderators removed it.
        deleted_at: When, by their own clock.
    """

    uri: str
    actor: str
    conversation_id: str
    activity_id: str
    deleted_at: datetime
    at: datetime
