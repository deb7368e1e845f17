"""PURE: a rule is data: what it is asked about, what it does, and how long.

Source: policy.md 4, 5, 6, 12
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, StrEnum
from typing import Final

from federation.policy.conditions import Choice, Condition, Similar, When
from federation.policy.expressions import Rate
from federation.policy.facts import Direction, Stage, Window


class Action(StrEnum):
    """What becomes of an activity, the mildest first; `SEVERITY` has the order."""

    ACCEPT = "accept"
    REQUEST = "request"
    HOLD = "hold"
    LIMIT = "limit"
    REJECT = "reject"
    DROP = "drop"


# A bucket that is empty before the answer turns the activity away for a while: more than a hold.
SEVERITY: Final[Mapping[Action, int]] = {action: at for at, action in enumerate(Action)}
BLOCKING: Final = frozenset({Action.REJECT, Action.DROP})
# What comes to people all the same is marked by the rule: as a request, or once it is let go.
MARKING: Final = frozenset({Action.REQUEST, Action.HOLD})


class Mode(Enum):
    """How far a rule, or all of them, take effect; the weaker of the two counts."""

    OFF = "off"
    OBSERVE = "observe"
    ENFORCE = "enforce"


class Federation(StrEnum):
    """Whom the node exchanges anything with, where no rule says so."""

    OPEN = "open"
    APPROVAL = "approval"
    ALLOWLIST = "allowlist"


class Effect(StrEnum):
    """What people here are shown otherwise; what is stored stays as it came."""

    STRIP_MEDIA = "strip_media"
    DISABLE_LINKS = "disable_links"
    NO_PREVIEW = "no_preview"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was written.

    Attributes:
        line: From 1; 0 for the file as a whole.
    """

    file: str
    line: int = 0

    def __str__(self) -> str:
        """As editors know it: file:line."""
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Limit:
    """A bucket of tokens for each actor or domain.

    Attributes:
        over: What happens in the worker when the bucket is empty.
    """

    key: str
    rate: Rate
    burst: int
    over: Action


@dataclass(frozen=True, slots=True)
class Hold:
    """How a held item gets free without anybody; `auto_release` None for never."""

    auto_release: timedelta | None = None
    if_reports: int | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes:
        action: None where it only has display effects.
        order: Its number over all files, by file and line.
        is_from_list: Its owner is a list.
        expires: From then on it does nothing.
        review: On that day somebody should look at it.
    """

    id: str
    stage: Stage
    when: When = ()
    action: Action | None = None
    direction: Direction = Direction.IN
    mode: Mode = Mode.ENFORCE
    priority: int = 0
    final: bool = False
    show: frozenset[Effect] = frozenset()
    limit: Limit | None = None
    hold: Hold | None = None
    hold_earlier: bool = False
    category: str = ""
    public_reason: str = ""
    private_reason: str = ""
    review: datetime | None = None
    expires: datetime | None = None
    notify_members: bool = False
    obfuscate: bool = False
    owner: str = ""
    is_from_list: bool = False
    order: int = 0
    place: Place = field(default=Place(""), compare=False)

    def is_over(self, now: datetime) -> bool:
        """Whether it has expired."""
        return self.expires is not None and self.expires <= now

    def goes(self, direction: Direction) -> bool:
        """Whether it is for what goes this way."""
        return self.direction is direction or self.direction is Direction.BOTH


@dataclass(frozen=True, slots=True)
class RuleList:
    """A list that rules name, or that brings rules.

    Attributes:
        of: The lists that it merges.
        keys: What else is written of it, by key. Nothing asks for it here.
    """

    id: str
    format: str
    file: str = ""
    of: tuple[str, ...] = ()
    keys: Mapping[str, object] = field(default_factory=dict)
    place: Place = field(default=Place(""), compare=False)


@dataclass(frozen=True, slots=True)
class Policy:
    """All rules, with what is written of them all.

    Attributes:
        rule_timeout: What one judgement may cost.
        tables: `strangers`, `disclosure`, `undo` and `shields`, as they are written. Judging asks
            for none of them.
    """

    rules: tuple[Rule, ...] = ()
    lists: tuple[RuleList, ...] = ()
    mode: Mode = Mode.ENFORCE
    federation: Federation = Federation.OPEN
    on_error: Action = Action.HOLD
    rule_timeout: timedelta = timedelta(milliseconds=20)
    trace_retention: timedelta = timedelta(days=14)
    tables: Mapping[str, Mapping[str, object]] = field(default_factory=dict)


_STRENGTH: Final = {mode: at for at, mode in enumerate(Mode)}


def weaker(one: Mode, other: Mode) -> Mode:
    """The mode that counts of a rule's own and that of all."""
    return min(one, other, key=_STRENGTH.__getitem__)


def windows_of(rule: Rule) -> frozenset[Window]:
    """The windows for which somebody has to count similar texts, so that a rule can be judged."""
    tests = (each.test for each in conditions_in(rule.when))
    return frozenset(test.window for test in tests if isinstance(test, Similar))


def conditions_in(when: When) -> Iterator[Condition]:
    """Every condition, those inside `any`, `all` and `none` too."""
    for part in when:
        if isinstance(part, Choice):
            for table in part.tables:
                yield from conditions_in(table)
        else:
            yield part
