"""So much a person may have done for them in a stretch of time, and no more."""

from collections import OrderedDict, deque
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

PEOPLE_REMEMBERED: Final = 10_000


class Pace:
    """Counts for each person of this process what was done for them lately."""

    def __init__(self, clock: Callable[[], datetime], most: int, within: timedelta) -> None:
        self._clock, self._most, self._within = clock, most, within
        self._done: OrderedDict[str, deque[datetime]] = OrderedDict()

    def may(self, person: str) -> bool:
        """Whether once more is within the pace; it counts if so."""
        now, done = self._clock(), self._done.setdefault(person, deque())
        self._done.move_to_end(person)
        if len(self._done) > PEOPLE_REMEMBERED:
            self._done.popitem(last=False)
        while done and done[0] <= now - self._within:
            done.popleft()
        if len(done) >= self._most:
            return False
        done.append(now)
        return True
