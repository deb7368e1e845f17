"""An author's log is counted, and what is missing in it is noticed.

Source: groups-protocol.md 9; delivery.md 6
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

# Beyond this a number is a fault or an attack: no search starts, and the operator is told.
JUMP_MAX: Final = 100_000
HEADS_SENT_MAX: Final = 100
# What lies in further pieces above a gap is read again when the gap is filled.
RANGES_MAX: Final = 200

# The first and the last of some numbers in a row.
Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Held:
    """Which numbers of a log this node has, or knows to be lost.

    Attributes:
        complete_to: All up to this number; 0 for a log not seen before.
        beyond: Ranges above it, ascending, none touching another.
    """

    complete_to: int = 0
    beyond: tuple[Range, ...] = ()

    def has(self, number: int) -> bool:
        """Whether nothing needs to be asked about this number."""
        if number <= self.complete_to:
            return True
        return any(first <= number <= last for first, last in self.beyond)

    @property
    def top(self) -> int:
        """The highest number held."""
        return self.beyond[-1][1] if self.beyond else self.complete_to

    def missing(self, up_to: int) -> tuple[Range, ...]:
        """The ranges below or at a number that are not held."""
        return tuple(self._missing(max(up_to, self.top)))

    def _missing(self, up_to: int) -> Iterator[Range]:
        after = self.complete_to
        for first, last in self.beyond:
            yield after + 1, first - 1
            after = last
        if after < up_to:
            yield after + 1, up_to

    def with_range(self, first: int, last: int) -> "Held":
        """What is held when these numbers come to it."""
        complete_to, beyond = self.complete_to, list[Range]()
        for start, end in sorted((*self.beyond, (first, last))):
            if start <= complete_to + 1:
                complete_to = max(complete_to, end)
            elif beyond and start <= beyond[-1][1] + 1:
                beyond[-1] = (beyond[-1][0], max(beyond[-1][1], end))
            else:
                beyond.append((start, end))
        return Held(complete_to, tuple(beyond[:RANGES_MAX]))


def is_jump(held: Held, number: int) -> bool:
    """Whether an entry of this number is too far from all that is held to be searched up to."""
    return number - 1 - held.complete_to > JUMP_MAX


@dataclass(frozen=True, slots=True)
class MovedLog:
    """The highest number known of a log, and when that last grew."""

    log: str
    head: int
    moved_at: datetime


def heads_to_send(
    logs: Iterable[MovedLog], *, own_log: str, since: datetime | None
) -> Mapping[str, int]:
    """Answer the `chatHeads` of an entry: other logs that moved, the 100 most recent at most.

    Args:
        logs: All of the conversation.
        own_log: The log the entry is written to.
        since: When the author's previous entry was made, None for the first. What moved in the
            same millisecond is named, since it may have come just after.
    """
    moved = [
        log
        for log in logs
        if log.log != own_log and log.head and (since is None or log.moved_at >= since)
    ]
    moved.sort(key=lambda log: (log.moved_at, log.log), reverse=True)
    return {log.log: log.head for log in moved[:HEADS_SENT_MAX]}
