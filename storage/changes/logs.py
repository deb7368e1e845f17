"""Author logs: the numbered entries of one person in one conversation (groups-protocol.md 9.1)."""

from dataclasses import dataclass
from datetime import datetime

import msgspec


@dataclass(frozen=True, slots=True)
class OpenLog:
    """A person starts a log in a conversation."""

    uri: str
    conversation_id: str
    author: str
    local: bool
    at: datetime


# PERF: a struct, since each message makes one (docs/decisions/0022).
class NoteEntry(msgspec.Struct, frozen=True):
    """An entry of a log is held here; the log's head moves up to it, never back."""

    log: str
    conversation_id: str
    author: str
    local: bool
    seq: int
    activity_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class KeepHeld:
    """Which numbers of a log this node has, and what is the matter with it.

    Attributes:
        complete_to: All up to this number is held, or known to be lost.
        beyond: Ranges above it, from number to number.
        heard: The highest number that somebody has named.
        missing_since: Since when something has been missing, None while nothing is.
        trouble: "" for none; "repeat" where two entries claim one place, "jump" after a number far
            away, "missing" where nobody had what is missing for a month, "lost" in a log of ours
            that is not to be written to any more.
        troubled_at: Since when, None for no trouble.
    """

    log: str
    conversation_id: str
    author: str
    complete_to: int
    beyond: tuple[tuple[int, int], ...]
    heard: int
    missing_since: datetime | None
    trouble: str
    troubled_at: datetime | None


@dataclass(frozen=True, slots=True)
class CloseLog:
    """A Leave or Remove has ended a log; it ends no other author's, and none elsewhere.

    Attributes:
        final: The last number that counts.
    """

    uri: str
    conversation_id: str
    author: str
    final: int
