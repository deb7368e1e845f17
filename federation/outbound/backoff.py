"""How long a failing host or row waits is a pure function of what happened, with chance given.

Source: delivery.md, section 3.
"""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

LADDER: Final = tuple(timedelta(seconds=s) for s in (10, 30, 60, 120, 240, 480, 900))
"""The first waits, one per step."""

LATER: Final = (
    (timedelta(days=1), timedelta(minutes=15)),
    (timedelta(days=3), timedelta(hours=1)),
)
"""Above the ladder: until this long after the first failure, the wait."""

LONGEST: Final = timedelta(hours=6)
RETRY_AFTER_RANGE: Final = (timedelta(seconds=1), timedelta(hours=24))
_SHORTEST_PART: Final = 0.7
_LONGEST_DIGITS: Final = 5


def wait_for(step: int, failing_for: timedelta, chance: float) -> timedelta:
    """How long to wait after failure number `step`, counted from 0.

    Args:
        step: Failures before this one without a success between them.
        failing_for: Time since the first of them.
        chance: 0 to 1; the wait is 0.7 to 1.0 of the step, so that hosts do not return together.
    """
    return _full_wait(step, failing_for) * (_SHORTEST_PART + (1 - _SHORTEST_PART) * chance)


def _full_wait(step: int, failing_for: timedelta) -> timedelta:
    if step < len(LADDER):
        return LADDER[step]
    for until, wait in LATER:
        if failing_for < until:
            return wait
    return LONGEST


def read_retry_after(text: str, now: datetime) -> timedelta | None:
    """The wait a peer asks for in `Retry-After`, 1 s to 24 h; None for nonsense and for nothing."""
    wait = (_seconds(text.strip()) or _until_date(text, now)) if text else None
    if wait is None:
        return None
    shortest, longest = RETRY_AFTER_RANGE
    return wait if shortest <= wait <= longest else None


def _seconds(text: str) -> timedelta | None:
    if text.isascii() and text.isdigit() and len(text) <= _LONGEST_DIGITS:
        return timedelta(seconds=int(text))
    return None


def _until_date(text: str, now: datetime) -> timedelta | None:
    try:
        date = parsedate_to_datetime(text)
    except ValueError:
        return None
    # A date without an offset says "-0000": universal time.
    return (date if date.tzinfo else date.replace(tzinfo=UTC)) - now
