"""Time stands still in a test until the test moves it."""

from datetime import UTC, datetime, timedelta

from node.clock import Clock

START = datetime(2026, 9, 3, 12, 0, tzinfo=UTC)


class VirtualClock(Clock):
    """One clock for all nodes of a test."""

    def __init__(self, start: datetime = START) -> None:
        self._start = start
        self._now = start

    def now(self) -> datetime:
        """The time of day."""
        return self._now

    def monotonic(self) -> float:
        """Seconds since the start of the test."""
        return (self._now - self._start).total_seconds()

    def put(self, **length: float) -> None:
        """Set it forward or back, as somebody does who puts it right; no time passes."""
        self._now += timedelta(**length)
        self._start += timedelta(**length)

    def advance(self, **length: float) -> None:
        """Move on by hours, minutes, seconds, as `timedelta` names them."""
        self._now += timedelta(**length)


class OwnClock(Clock):
    """The clock of one node, which may be set wrong."""

    def __init__(self, right: VirtualClock) -> None:
        self._right = right
        self.ahead = timedelta()

    def now(self) -> datetime:
        """The time of day, as this node has it."""
        return self._right.now() + self.ahead

    def monotonic(self) -> float:
        """Seconds since the start of the test."""
        return self._right.monotonic()
