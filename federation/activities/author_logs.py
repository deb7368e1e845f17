"""The logs of a conversation's authors, as a value that many activities can share."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from federation.groups.sequence import Held, Range


@dataclass(frozen=True, slots=True)
class KnownLog:
    """An author log.

    Attributes:
        head: The highest number known, 0 before the first entry.
        final: The last number that counts, once a Leave or Remove has ended the log; else None.
        held: Which numbers are here.
        heard: The highest number that somebody has named.
        trouble: As in `KeepHeld`.
        asked_at: When its author's node was last asked for what is missing.
        missing_since: Since when something is.
    """

    uri: str
    author: str
    local: bool
    head: int
    last_entry_id: str
    final: int | None
    moved_at: datetime
    held: Held = field(default_factory=Held)
    heard: int = 0
    trouble: str = ""
    troubled_at: datetime | None = None
    asked_at: datetime | None = None
    missing_since: datetime | None = None

    def missing(self) -> tuple[Range, ...]:
        """The numbers that count and are not here."""
        up_to = max(self.heard, self.held.top)
        if self.final is None:
            return self.held.missing(up_to)
        below = self.held.missing(min(up_to, self.final))
        return tuple((first, min(last, self.final)) for first, last in below if first <= self.final)

    @property
    def is_open_here(self) -> bool:
        """Whether one of our authors writes to it."""
        return self.local and self.final is None and not self.trouble


@dataclass(frozen=True, slots=True)
class Logs:
    """The logs of a conversation, for as long as none of them changes.

    PERF: in a group of 1,000 authors each message moves one log, so what follows from the others
    is taken over and not found again; benchmarks/groups.py.

    Attributes:
        by_id: In the order in which they last moved.
        open_here: Those to which our authors write, by author.
    """

    by_id: dict[str, KnownLog] = field(default_factory=dict)
    open_here: Mapping[str, KnownLog] = field(default_factory=dict)

    def moved_since(self, since: datetime) -> Iterator[KnownLog]:
        """Those that have moved at this time or later."""
        for log in reversed(self.by_id.values()):
            if log.moved_at < since:
                return
            yield log

    def with_changed(self, changed: Iterable[KnownLog]) -> "Logs":
        """The same, with these in the places of those that have their ids."""
        moved = sorted(changed, key=_moved_at)
        logs = _in_order(self.by_id, moved)
        return Logs(logs, _open_here(self.open_here, moved, logs))


def _in_order(held: Mapping[str, KnownLog], moved: Sequence[KnownLog]) -> dict[str, KnownLog]:
    logs, is_in_order = dict(held), True
    newest = next((log.moved_at for log in reversed(logs.values())), None)
    for log in moved:
        before = logs.get(log.uri)
        if before is None or before.moved_at != log.moved_at:
            logs.pop(log.uri, None)
            is_in_order = is_in_order and (newest is None or newest <= log.moved_at)
            newest = log.moved_at
        logs[log.uri] = log
    if is_in_order:
        return logs
    return {log.uri: log for log in sorted(logs.values(), key=_moved_at)}


def _open_here(
    held: Mapping[str, KnownLog], moved: Sequence[KnownLog], logs: Mapping[str, KnownLog]
) -> dict[str, KnownLog]:
    found = dict(held)
    for log in moved:
        other = found.get(log.author)
        if log.is_open_here:
            if other is None or other.uri == log.uri or other.moved_at <= log.moved_at:
                found[log.author] = log
        elif other is not None and other.uri == log.uri:
            del found[log.author]
            theirs = (one for one in logs.values() if one.author == log.author)
            found.update({one.author: one for one in theirs if one.is_open_here})
    return found


def _moved_at(log: KnownLog) -> datetime:
    return log.moved_at
