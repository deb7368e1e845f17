"""The only clock: everything else is told what time it is."""

import time
from datetime import UTC, datetime


class Clock:
    """The time of day and the time that passes; a test passes its own."""

    def now(self) -> datetime:
        """The time of day, aware and in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds since some moment in the past; it never goes back."""
        return time.monotonic()
