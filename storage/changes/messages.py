"""Messages, whom they are for, and where they stand in the order."""

from dataclasses import dataclass
from datetime import datetime

import msgspec


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that a message shows.

    Attributes:
        url: Where it is.
        description: By its author, on one line.
        digest: What the file must hash to, as on the wire, or "".
        size: In bytes, where it is known.
        is_ours: Whether this node serves it.
        thumbnail_url: Of ours, or "".
        title: What a page says of itself; "" for a file. Then it is a card, and no file at all.
    """

    url: str
    media_type: str
    description: str = ""
    width: int | None = None
    height: int | None = None
    blurhash: str = ""
    digest: str = ""
    size: int | None = None
    is_ours: bool = False
    thumbnail_url: str = ""
    title: str = ""


# PERF: a struct, since each message makes one (docs/decisions/0022).
class AddMessage(msgspec.Struct, frozen=True):
    """A message is shown in a conversation.

    Attributes:
        id: Our id, which sorts by arrival.
        uri: The Note's id on the wire.
        t: Its place in the order (groups-protocol.md 6.6).
        epoch: The epoch its author named, or None outside groups.
        html: Sanitised HTML, or None where the body cannot be read.
        text: Plain text, or None where the body cannot be read.
        provenance: "verified", "fetched" or "relayed".
        late: Whether it arrived more than ten minutes after its place in the order.
        addressed_to: The people it names, in the order of the Note.
        edited_at: Of a message whose Update came first.
        notices: What is said of how it travelled, as federation/activities/notices.py writes it.
    """

    id: str
    uri: str
    conversation_id: str
    author: str
    activity_id: str
    type: str
    published_at: datetime
    t: datetime
    arrived_at: datetime
    epoch: int | None
    in_reply_to: str
    reply_to: str
    media_type: str
    html: str | None
    text: str | None
    summary: str | None
    provenance: str
    late: bool
    addressed_to: tuple[str, ...]
    attachments: tuple[Attachment, ...] = ()
    edited_at: datetime | None = None
    notices: str = ""


@dataclass(frozen=True, slots=True)
class AddRecipient:
    """A local person may see a message.

    Attributes:
        folder: "inbox", or "requests" while its author is a stranger to them.
    """

    message_id: str
    person: str
    conversation_id: str
    folder: str


@dataclass(frozen=True, slots=True)
class ShowEarlier:
    """A local person may see what arrived in a conversation between two moments.

    Attributes:
        since: Exclusive.
        until: Inclusive; None for no end.
    """

    conversation_id: str
    person: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class MoveMessage:
    """A parent arrived after its reply, so the reply's place in the order changes."""

    message_id: str
    t: datetime


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Home has ended somebody's logs: what is above their ends is hidden from all but its author.

    `CloseLog` says where they end; a log without an end counts for nothing.
    """

    conversation_id: str
    author: str
    at: datetime
