"""The health of a lane is one value, whoever decides it and wherever it is kept."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

WIDEST: Final = 8
"""Rows in flight per host, at most."""


@dataclass(frozen=True, slots=True)
class LaneHealth:
    """What a lane may do, and why.

    Attributes:
        step: Failures counted on the ladder without a success between them.
        due_at: While failing, the end of the back-off.
        width: Rows that may be in flight, 1 to 8.
        faulty_row: The row whose answer was a 5xx, as long as no other answer came since. Known to
            the holder of the lane alone.
    """

    is_failing: bool = False
    step: int = 0
    failing_since: datetime | None = None
    due_at: datetime | None = None
    width: int = WIDEST
    last_ok_at: datetime | None = None
    last_error: str = ""
    faulty_row: str = ""
