"""What a lane may do follows from what happened on it, and one outage counts once per wait.

A lane is ok or failing. Failing means that `due_at` is a back-off: nothing is sent before it, and
what was already in flight when it was set changes nothing but lengthens it when the host asks for
more. The first row after it is the probe. Success clears the ladder and reopens the lane with one
row in flight, doubled by each further success.

Source: delivery.md, section 3.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from federation.outbound.backoff import wait_for
from storage.changes.lanes import WIDEST, LaneHealth

USUAL: Final = 2
"""Connections per host, unless a long backlog drains well."""

PACE_ANSWERS: Final = 20
PACE_MEDIAN_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class Failure:
    """One failure of a host: why, the wait it asked for, and chance from 0 to 1."""

    error: str
    retry_after: timedelta | None
    chance: float


def is_waiting(health: LaneHealth, now: datetime) -> bool:
    """Whether the lane backs off at `now`."""
    return health.is_failing and health.due_at is not None and now < health.due_at


def after_success(health: LaneHealth, now: datetime) -> LaneHealth:
    """A 2xx came."""
    if is_waiting(health, now):
        return replace(health, last_ok_at=now, faulty_row="")
    width = 1 if health.failing_since else min(WIDEST, health.width * 2)
    return LaneHealth(width=width, last_ok_at=now)


def after_answer(health: LaneHealth) -> LaneHealth:
    """An answer came that speaks of its row alone: the host is there."""
    return replace(health, faulty_row="")


def after_fault(health: LaneHealth, row: str, *, now: datetime, failure: Failure) -> LaneHealth:
    """A row got a 5xx; the second row in a row that does fails the lane."""
    if health.faulty_row not in {"", row}:
        return after_failure(health, now=now, failure=failure)
    return replace(health, faulty_row=row)


def after_failure(health: LaneHealth, *, now: datetime, failure: Failure) -> LaneHealth:
    """The host failed: wait for what it asks or for the ladder's step, once per period."""
    if is_waiting(health, now):
        return _lengthened(health, now, failure)
    since = health.failing_since or now
    wait = failure.retry_after or wait_for(health.step, now - since, failure.chance)
    return LaneHealth(
        is_failing=True,
        step=health.step + 1,
        failing_since=since,
        due_at=now + wait,
        width=1,
        last_ok_at=health.last_ok_at,
        last_error=failure.error,
    )


def _lengthened(health: LaneHealth, now: datetime, failure: Failure) -> LaneHealth:
    asked = now + (failure.retry_after or timedelta(0))
    return replace(health, due_at=max(health.due_at or asked, asked))


def rows_allowed(health: LaneHealth, *, has_backlog: bool, is_brisk: bool) -> int:
    """How many rows may be in flight.

    Args:
        health: The lane's state.
        has_backlog: More than 100 rows wait.
        is_brisk: `is_brisk` of the last answers.
    """
    return min(health.width, WIDEST if has_backlog and is_brisk else USUAL)


def is_brisk(answers_s: tuple[float | None, ...]) -> bool:
    """Whether the last 20 answers were 2xx with a median below 1 s.

    Args:
        answers_s: Seconds each answer took, oldest first; None for any answer but a 2xx.
    """
    seconds = sorted(s for s in answers_s[-PACE_ANSWERS:] if s is not None)
    return len(seconds) == PACE_ANSWERS and seconds[PACE_ANSWERS // 2] < PACE_MEDIAN_S
