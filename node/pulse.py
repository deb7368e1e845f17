"""Workers show that they go round, to their own process and, through the database, to all others.

A loop that hangs stops showing it. Then nobody else says so for it: other processes have their own.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from storage.settings import find_setting, put_setting
from storage.times import from_ms, to_ms

# A loop goes round every five seconds when it has nothing to do, and its database may be slow.
SILENT_MAX_S: Final = 60.0
SAY_EVERY_S: Final = 10.0
# Several machines have several clocks.
HEARD_WITHIN: Final = timedelta(seconds=60)
KEY: Final = "workers"


class Pulse:
    """When the loops of this process went round last.

    Args:
        ticks: Seconds that never go back.
    """

    def __init__(self, ticks: Callable[[], float]) -> None:
        self._ticks = ticks
        self._last: dict[str, float] = {}

    def tick(self, loop: str) -> None:
        """This loop goes round."""
        self._last[loop] = self._ticks()

    def is_beating(self) -> bool:
        """Whether every loop that has begun has gone round within a minute."""
        now = self._ticks()
        return all(now - last < SILENT_MAX_S for last in self._last.values())


async def say_so(now: datetime) -> None:
    """Let other processes know that the workers of this one go round."""
    await put_setting(KEY, str(to_ms(now)))


async def was_said(now: datetime) -> bool:
    """Whether the workers of any process have said so within a minute."""
    said = await find_setting(KEY)
    return said is not None and abs(now - from_ms(int(said))) < HEARD_WITHIN
