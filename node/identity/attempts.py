"""Nobody tries without end: passwords above all, against one account or from one address."""

from collections import Counter, OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

WINDOW: Final = timedelta(minutes=15)
FAILURES_MAX: Final = 10
KEYS_MAX: Final = 10_000
# Whoever finds others trying comes again when they have been answered.
CROWD_WAIT_S: Final = 1


class Attempts:
    """Failures in the last quarter of an hour by key, in memory and bounded.

    Args:
        most: After how many nothing more is heard.
    """

    def __init__(self, most: int = FAILURES_MAX) -> None:
        self._most = most
        self._failures: OrderedDict[str, tuple[datetime, ...]] = OrderedDict()
        self._under_way: Counter[str] = Counter()

    def wait_s(self, keys: tuple[str, ...], now: datetime) -> int:
        """Seconds until one more attempt is heard; 0 if it is heard at once.

        Args:
            keys: What the attempt counts against, such as "account:al" and "address:192.0.2.1".
            now: The time of the attempt.
        """
        waits = [0]
        for key in keys:
            recent = self._recent(key, now)
            if len(recent) >= self._most:
                waits.append(int((recent[-self._most] + WINDOW - now).total_seconds()) + 1)
            elif len(recent) + self._under_way[key] >= self._most:
                waits.append(CROWD_WAIT_S)
        return max(waits)

    @contextmanager
    def under_way(self, keys: tuple[str, ...]) -> Iterator[None]:
        """Count an attempt as one that may fail, for as long as nobody knows."""
        self._under_way.update(keys)
        try:
            yield
        finally:
            self._under_way.subtract(keys)
            self._under_way = +self._under_way

    def failed(self, keys: tuple[str, ...], now: datetime) -> None:
        """Count a failure against each key; the key that failed longest ago is forgotten first."""
        for key in keys:
            self._failures[key] = (*self._recent(key, now), now)[-self._most :]
            self._failures.move_to_end(key)
        while len(self._failures) > KEYS_MAX:
            self._failures.popitem(last=False)

    def _recent(self, key: str, now: datetime) -> tuple[datetime, ...]:
        return tuple(at for at in self._failures.get(key, ()) if at > now - WINDOW)
