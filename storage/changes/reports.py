"""What somebody tells the people who run a node about somebody else."""

from dataclasses import dataclass
from datetime import datetime

import msgspec


class ReportedMessage(msgspec.Struct, frozen=True):
    """A message that a report is about.

    Attributes:
        uri: Its id on the wire.
        text: What it said to the reporter; None for one that another server names, or that had no
            text to see.
        published_at: In milliseconds; None likewise.
    """

    uri: str
    text: str | None = None
    published_at: int | None = None


@dataclass(frozen=True, slots=True)
class AddReport:
    """A report, by somebody here or by another server.

    Attributes:
        reporter: Who says it; for another server perhaps an actor of the server itself.
        is_local: Whether that is somebody here.
        is_forwarded: Whether the server of the accused was told as well.
    """

    id: str
    reporter: str
    accused: str
    messages: tuple[ReportedMessage, ...]
    comment: str
    is_local: bool
    is_forwarded: bool
    at: datetime
