"""PURE: of which rules the operator is told before they end, or on the day they wanted to look.

Source: policy.md 6
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from federation.policy.rule import Rule

BEFORE_THE_END: Final = timedelta(days=3)
ENDING: Final = "rule.ending"
REVIEW: Final = "rule.review"


class Notice(NamedTuple):
    """That a rule ends soon, or wants to be looked at.

    Attributes:
        act: `ENDING` or `REVIEW`.
        at: When it ends, or since when it wants to be looked at.
    """

    act: str
    rule: str
    at: datetime

    @property
    def key(self) -> str:
        """By which it is told once; another time is another notice."""
        return f"{self.act} {self.rule} {self.at.isoformat()}"


def notices_due(rules: Iterable[Rule], told: Iterable[str], now: datetime) -> list[Notice]:
    """What is to be told now, and was not told before."""
    known = frozenset(told)
    return [one for one in _due(rules, now) if one.key not in known]


def still_told(
    rules: Iterable[Rule], told: Iterable[str], new: Iterable[Notice], now: datetime
) -> list[str]:
    """What need not be told again; what is of no rule any more is forgotten."""
    known = {*told, *(one.key for one in new)}
    return sorted(one.key for one in _due(rules, now) if one.key in known)


def in_words(notice: Notice) -> Mapping[str, str]:
    """A notice as it stands in the audit log."""
    key = "expires" if notice.act == ENDING else "review"
    return {key: notice.at.isoformat(timespec="seconds").replace("+00:00", "Z")}


def _due(rules: Iterable[Rule], now: datetime) -> Iterable[Notice]:
    for rule in rules:
        if rule.is_over(now):
            continue
        if rule.expires is not None and rule.expires - now <= BEFORE_THE_END:
            yield Notice(ENDING, rule.id, rule.expires)
        if rule.review is not None and rule.review <= now:
            yield Notice(REVIEW, rule.id, rule.review)
