"""PURE: how much of something may come from one place in a time, whoever counts the seconds."""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

PLACES_MAX: Final = 10_000
FAILURES_MAX: Final = 100
UNKNOWN_MAX: Final = 1000
FAILURES_WITHIN_S: Final = 10.0
SUSPECT_FOR_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class Rate:
    """So many a second in the long run, and so many at once after a pause."""

    per_s: float
    burst: int


class Meter:
    """Counts what comes from each place; the place that was quiet longest is forgotten first.

    Each thing moves the time at which its place is even again, and a place may be so far ahead of
    now as its burst takes (the generic cell rate algorithm).
    """

    def __init__(self, rate: Rate) -> None:
        self._step_s = 1 / rate.per_s
        self._ahead_max_s = (rate.burst - 1) / rate.per_s
        self._even_at: OrderedDict[str, float] = OrderedDict()

    def wait_s(self, place: str, now_s: float) -> float:
        """Count one more from this place: 0. Or do not, and say in how many seconds it may come."""
        even_at = max(self._even_at.get(place, now_s), now_s)
        wait_s = even_at - now_s - self._ahead_max_s
        if wait_s > 0:
            return wait_s
        self._even_at[place] = even_at + self._step_s
        self._even_at.move_to_end(place)
        if len(self._even_at) > PLACES_MAX:
            self._even_at.popitem(last=False)
        return 0.0


@dataclass(slots=True)
class _Record:
    """Failures since a moment, and until when their place is suspect."""

    since_s: float
    failures: int = 0
    suspect_until_s: float = 0.0


@dataclass(slots=True)
class Suspects:
    """Knows the places from which many failures came lately.

    Attributes:
        most: So many within ten seconds make a place suspect.
    """

    most: int = FAILURES_MAX
    _records: OrderedDict[str, _Record] = field(default_factory=OrderedDict)

    def failed(self, place: str, now_s: float) -> None:
        """One more failure from this place, which may make it suspect."""
        record = self._records.setdefault(place, _Record(now_s))
        self._records.move_to_end(place)
        if now_s - record.since_s > FAILURES_WITHIN_S:
            record.since_s, record.failures = now_s, 0
        record.failures += 1
        if record.failures >= self.most:
            record.suspect_until_s = now_s + SUSPECT_FOR_S
        if len(self._records) > PLACES_MAX:
            self._records.popitem(last=False)

    def is_suspect(self, place: str, now_s: float) -> bool:
        """Whether it is, for a minute after its last failure that was one too many."""
        record = self._records.get(place)
        return record is not None and now_s < record.suspect_until_s
