"""PURE: how numbers, ages, durations and rates are written in a rule.

Source: policy.md 3
"""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

_COMPARISON: Final = re.compile(r"(>=|<=|>|<|=|)\s*([0-9]{1,12})([smhd]?)")
_DURATION: Final = re.compile(r"([0-9]{1,9})(ms|s|m|h|d)")
_RATE: Final = re.compile(r"([1-9][0-9]{0,5})/(second|minute|hour|day)")
_UNITS: Final = {
    "ms": timedelta(milliseconds=1),
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "second": timedelta(seconds=1),
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
}
_LONGEST: Final = timedelta(days=36_500)
_OPERATORS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    "": operator.eq,
}


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why what is written means nothing; reads on after the key's name."""

    reason: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """A number or an age with what it is compared to."""

    sign: str
    limit: int | timedelta

    def holds(self, value: object) -> bool:
        """Whether it is so.

        Raises:
            TypeError: A number is compared with an age.
        """
        return _OPERATORS[self.sign](value, self.limit)


@dataclass(frozen=True, slots=True)
class Rate:
    """So many in so long."""

    tokens: int
    per: timedelta


def read_number(written: object) -> Comparison | Wrong:
    """A count: `3`, `">3"`, `"<=5"`."""
    found = _COMPARISON.fullmatch(_plain(written))
    if found is None or found[3]:
        return Wrong('is no number like 3, ">3" or "<=5"')
    return Comparison(found[1], int(found[2]))


def read_age(written: object) -> Comparison | Wrong:
    """An age: `"<72h"`, `">=7d"`. Without a sign it would have to be so to the microsecond."""
    found = _COMPARISON.fullmatch(_plain(written))
    if found is None or not found[3] or found[1] in ("", "="):
        return Wrong('is no age like "<72h" or ">=7d"')
    age = _length(found[2], found[3])
    return age if isinstance(age, Wrong) else Comparison(found[1], age)


def read_duration(written: object) -> timedelta | Wrong:
    """A length of time: `"20ms"`, `"72h"`."""
    found = _DURATION.fullmatch(_plain(written))
    return Wrong('is no length of time like "72h"') if found is None else _length(*found.groups())


def read_rate(written: object) -> Rate | Wrong:
    """A rate: `"30/hour"`."""
    found = _RATE.fullmatch(_plain(written))
    if found is None:
        return Wrong('is no rate like "30/hour"')
    return Rate(int(found[1]), _UNITS[found[2]])


def _plain(written: object) -> str:
    if isinstance(written, str):
        return written.strip()
    return str(written) if isinstance(written, int) and not isinstance(written, bool) else ""


def _length(digits: str, unit: str) -> timedelta | Wrong:
    if int(digits) > _LONGEST / _UNITS[unit]:
        return Wrong("is longer than a hundred years")
    return int(digits) * _UNITS[unit]
