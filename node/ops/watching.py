"""A node watches itself: how late its loop is, and what an operator should hear of unasked."""

import asyncio
import logging
from typing import Final

from node.ops import alarms
from node.ops.alarms import Alarms
from node.ops.readings import Instruments, read
from storage.tally import Tally

LOG: Final = logging.getLogger(__name__)

LOOK_EVERY_S: Final = 60.0
TICK_S: Final = 0.25
# What runs in the loop takes milliseconds; everything that takes longer is in threads or processes.
LATE_S: Final = 1.0


async def watch(instruments: Instruments, tally: Tally) -> None:
    """Once a minute, log each alarm that has begun or ended; never returns."""
    known = Alarms()
    while True:
        await asyncio.sleep(LOOK_EVERY_S)
        await look(known, instruments, tally)


async def look(known: Alarms, instruments: Instruments, tally: Tally) -> None:
    """Compare what is wrong now with what was a minute ago."""
    readings = await read(instruments)
    begun, ended = known.look(alarms.wrong(readings, tally.offsets.median_s()))
    for name, words in begun.items():
        LOG.warning("An alarm begins", extra={"action": "alarm.begun", "alarm": name, "why": words})
    for name, words in ended.items():
        LOG.warning("An alarm ends", extra={"action": "alarm.ended", "alarm": name, "why": words})


async def measure_lag(tally: Tally) -> None:
    """Four times a second, see how late the event loop is, and say if it stood; never returns."""
    clock = asyncio.get_running_loop().time
    while True:
        due_s = clock() + TICK_S
        await asyncio.sleep(TICK_S)
        late_s = max(0.0, clock() - due_s)
        tally.loop_lag_s.add(late_s)
        if late_s >= LATE_S:
            LOG.warning(
                "The event loop stood still",
                extra={"action": "loop.late", "seconds": round(late_s, 1)},
            )
