"""When the clock is put right, nothing waits longer or shorter for it, and refusals are tried anew.

Source: delivery.md 3 (Start and clock)
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from federation.outbound.deliver import published_at
from federation.outbound.outcome import Reason
from storage import rebasing
from storage.rebasing import TurnedAway

log = logging.getLogger(__name__)

STEP_MIN: Final = timedelta(seconds=60)
LOOK_EVERY_S: Final = 5.0
NOTED_EVERY: Final = timedelta(minutes=1)
# A wrong clock is the usual cause of these: 400 and its like, and 401.
CLOCK: Final = (Reason.NOT_ACCEPTED.value, Reason.SIGNATURE.value)


class ClockWatch:
    """Compares the time of day with the time that passes.

    Args:
        ticks: Seconds that never go back.
    """

    def __init__(self, ticks: Callable[[], float]) -> None:
        self._ticks = ticks
        self._last: tuple[datetime, float] | None = None
        self._noted_at: datetime | None = None

    def step(self, now: datetime) -> timedelta | None:
        """By how much the clock was put since the last look; None for less than a minute."""
        ticked, before = self._ticks(), self._last
        self._last = now, ticked
        if before is None:
            return None
        step = (now - before[0]) - timedelta(seconds=ticked - before[1])
        return step if abs(step) > STEP_MIN else None

    async def begin(self, now: datetime) -> None:
        """At start: a clock that is behind where it was has been put back meanwhile.

        One that is ahead may have been put forward, or the node was off: what is due is due.
        """
        self.step(now)
        seen = await rebasing.find_seen()
        if seen is not None and seen - now > STEP_MIN:
            await put_right(now - seen, now)

    async def look(self, now: datetime) -> None:
        """Put right what waits if the clock was put; every few seconds."""
        step = self.step(now)
        if step is not None:
            await put_right(step, now)
        if step is not None or self._noted_at is None or now - self._noted_at >= NOTED_EVERY:
            await rebasing.note_seen(now)
            self._noted_at = now


async def put_right(step: timedelta, now: datetime) -> None:
    """The clock was put forward by so much, or back if it is negative."""
    log.warning(
        "The clock was put: what waits goes by it",
        extra={"action": "clock.stepped", "seconds": round(step.total_seconds())},
    )
    if await rebasing.move(step, now, within=STEP_MIN):
        rows = await rebasing.turned_away(CLOCK)
        await rebasing.try_again([(row, _again_at(row, now)) for row in rows])


def _again_at(row: TurnedAway, now: datetime) -> datetime:
    """At once; but no earlier than its stamp, or it would be refused for that again, for good."""
    published = published_at(row.document.encode()) if row.reason == CLOCK[0] else None
    return max(now, published or now)
