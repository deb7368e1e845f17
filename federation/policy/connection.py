"""PURE: what a request tells before anything of it is read, and what rules say of that.

Nothing of it is kept, so nothing can be held there, and no later stage knows where something came
from.

Source: policy.md 2, 3, 4
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from federation.policy.buckets import Level, level_at, wait_for
from federation.policy.chain import judge
from federation.policy.decision import Decision
from federation.policy.facts import HEADER, Direction, Facts, Stage, Value
from federation.policy.order import Chain
from federation.policy.rule import Action, Limit, Mode

HEADERS_MAX: Final = 200
HEADER_CHARS_MAX: Final = 8_192
_STAGES: Final = (Stage.CONNECTION,)


@dataclass(frozen=True, slots=True)
class Doors:
    """What rules ask before anything is read.

    Attributes:
        is_anything: Whether any rule has a say there.
        limits: The rules with a bucket for each address, by id.
    """

    is_anything: bool
    limits: Mapping[str, Limit]


OPEN: Final = Doors(is_anything=False, limits={})


def doors_of(chain: Chain) -> Doors:
    """What the rules of a set ask before anything is read."""
    rules = [
        each.rule
        for each in chain.stages[Stage.CONNECTION].rules
        if each.rule.goes(Direction.IN) and chain.policy.mode is not Mode.OFF
    ]
    limits = {rule.id: rule.limit for rule in rules if rule.limit is not None}
    return Doors(is_anything=bool(rules), limits=limits)


def facts_of_request(
    *, address: str, path: str, headers: Iterable[tuple[str, str]], size: int | None
) -> Mapping[str, Value]:
    """What a request tells.

    Args:
        address: Of the client; "" if nobody knows it.
        path: As it came, without what follows a question mark.
        headers: Names in lower case, with their values.
        size: Of the body, as it is announced.
    """
    found: dict[str, Value] = {"path": path}
    for number, (name, value) in enumerate(headers):
        if number >= HEADERS_MAX:
            break
        key = f"{HEADER}{name}"
        before = found.get(key)
        more = value[:HEADER_CHARS_MAX]
        found[key] = (*before, more) if isinstance(before, tuple) else (more,)
    if f"{HEADER}user-agent" in found:
        found["user_agent"] = found[f"{HEADER}user-agent"]
    if address:
        found["cidr"] = address
    if size is not None:
        found["body_size"] = size
    return found


@dataclass(frozen=True, slots=True)
class Opened:
    """What becomes of a request, and what is left in the buckets then.

    Attributes:
        wait_s: In how many seconds it may come again, where it came too often.
    """

    decision: Decision
    levels: Mapping[str, Level]
    wait_s: int = 0


def judge_request(
    chain: Chain,
    doors: Doors,
    known: Mapping[str, Value],
    held: Mapping[str, Level],
    now: datetime,
) -> Opened:
    """Say what becomes of a request.

    Args:
        chain: The rules.
        doors: What they ask.
        known: What the request tells.
        held: What was left in the buckets of its address, by rule.
        now: When.
    """
    left = {rule: level_at(limit, held.get(rule), now) for rule, limit in doors.limits.items()}
    empty = frozenset(rule for rule, tokens in left.items() if tokens < 1)
    decision = judge(chain, Facts(now, known, empty_buckets=empty), stages=_STAGES)
    levels = {rule: Level(left[rule] - 1, now) for rule in decision.tokens}
    wait_s = 0
    if decision.action is Action.LIMIT and decision.rule is not None:
        wait = wait_for(doors.limits[decision.rule.id], left[decision.rule.id])
        wait_s = max(1, -int(-wait.total_seconds() // 1))
    return Opened(decision, levels, wait_s)
