"""PURE: the hours of the day in which somebody wants to hear nothing."""

import re
from typing import Final

MINUTES_OF_A_DAY: Final = 24 * 60
TIME: Final = re.compile(r"([0-9]{1,2}):([0-5][0-9])")


def is_quiet(minute: int, start: int, end: int) -> bool:
    """Whether it is quiet at a minute of the day, by the clock of whoever it is for.

    Args:
        minute: After midnight, as all three.
        start: The first quiet one.
        end: The first that is not; one not later than the start is of the next day.
    """
    if start < end:
        return start <= minute < end
    return minute >= start or minute < end


def read_minute(text: str) -> int | None:
    """The minute of the day that a time such as 22:30 names; None where it names none."""
    found = TIME.fullmatch(text.strip())
    minute = int(found[1]) * 60 + int(found[2]) if found else MINUTES_OF_A_DAY
    return minute if minute < MINUTES_OF_A_DAY else None


def write_minute(minute: int) -> str:
    """A minute of the day as 22:30."""
    return f"{minute // 60:02}:{minute % 60:02}"
