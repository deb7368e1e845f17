"""PURE: what an operator must hear of without having asked, and when it has begun and ended.

Source: delivery.md 8
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from node.ops.readings import Readings
from storage.gauges import Gauges

DELIVERY_AGE_MAX: Final = timedelta(hours=1)
INBOX_AGE_MAX: Final = timedelta(seconds=60)
CLOCK_OFFSET_MAX_S: Final = 60.0
DISK_FREE_LEAST: Final = 0.1
WAL_MAX_BYTES: Final = 256 * 1024 * 1024
# A host that has just come back drains what is old by then: so many looks in a row must agree.
LOOKS: Final[Mapping[str, int]] = {"delivery_age": 5}
UNDER_WAY: Final = ("pending", "leased")


class Alarms:
    """Remembers which alarms there are, so that each is told once when it begins and ends."""

    def __init__(self) -> None:
        self._on: dict[str, str] = {}
        self._seen: dict[str, int] = {}

    def look(self, found: Mapping[str, str]) -> tuple[Mapping[str, str], Mapping[str, str]]:
        """Compare with the last look.

        Args:
            found: What is wrong now, by name, each in words.

        Returns:
            What has begun, and what has ended, with the words with which it began.
        """
        self._seen = {name: self._seen.get(name, 0) + 1 for name in found}
        lasting = {
            name: words
            for name, words in found.items()
            if name in self._on or self._seen[name] >= LOOKS.get(name, 1)
        }
        begun = {name: words for name, words in lasting.items() if name not in self._on}
        ended = {name: words for name, words in self._on.items() if name not in lasting}
        self._on = {name: self._on.get(name, words) for name, words in lasting.items()}
        return begun, ended


def wrong(readings: Readings, offset_s: float | None) -> Mapping[str, str]:
    """What is wrong at this moment, by name, each in words.

    Args:
        readings: What was read.
        offset_s: How far our clock is ahead of most others, or None if none was heard.
    """
    found = dict(_of_queues(readings.gauges, readings.at)) if readings.gauges else {}
    if offset_s is not None and abs(offset_s) > CLOCK_OFFSET_MAX_S:
        where = "ahead of" if offset_s > 0 else "behind"
        found["clock"] = f"our clock is {abs(offset_s):.0f} s {where} other servers' clocks"
    if readings.disk_free_bytes < DISK_FREE_LEAST * readings.disk_bytes:
        found["disk"] = f"{readings.disk_free_bytes} bytes are free, less than a tenth of the disk"
    if readings.wal_bytes > WAL_MAX_BYTES:
        found["wal"] = f"the write-ahead log has {readings.wal_bytes} bytes"
    return found


def _of_queues(gauges: Gauges, now: datetime) -> Iterator[tuple[str, str]]:
    parked_here = gauges.inbox["parked"].number if "parked" in gauges.inbox else 0
    parked_out = gauges.owed.get("parked", 0)
    if parked_here + parked_out:
        both = f"{parked_out} deliveries and {parked_here} that came here"
        yield "parked", f"{both} are parked; covey queue status says why"
    oldest = gauges.oldest_healthy_at
    if oldest is not None and now - oldest > DELIVERY_AGE_MAX:
        yield "delivery_age", f"a delivery waits since {oldest:%Y-%m-%d %H:%M} and nothing holds it"
    came = inbox_oldest_at(gauges)
    if came is not None and now - came > INBOX_AGE_MAX:
        yield "inbox_age", f"what came at {came:%H:%M:%S} has not taken effect yet"


def inbox_oldest_at(gauges: Gauges) -> datetime | None:
    """When the oldest request came that is due or in hand; what waits for others is left out."""
    held = [gauges.inbox[state].oldest_at for state in UNDER_WAY if state in gauges.inbox]
    return min(held, default=None)
