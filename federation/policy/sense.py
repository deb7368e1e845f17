"""PURE: keys that are well written each and make no sense together.

Source: policy.md 4, 5, 7
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from federation.policy.conditions import Actors, Choice, Condition, Domains, Networks, Similar, Test
from federation.policy.facts import Direction, Stage
from federation.policy.fields import Mistake
from federation.policy.rule import BLOCKING, Action, Rule, conditions_in
from federation.policy.schema import BUCKETS


def nonsense_in(rule: Rule, own_hosts: Sequence[str] = ()) -> list[Mistake]:
    """What of a rule contradicts itself, as pairs of key and reason.

    Args:
        rule: Of which every key could be read.
        own_hosts: Names of this node.
    """
    found = [(key, reason) for key, is_wrong, reason in _CHECKS if is_wrong(rule)]
    return found + _against_oneself(rule, own_hosts)


def nonsense_in_list(keys: Mapping[str, Any]) -> list[Mistake]:
    """Likewise of a list."""
    named = {"file", "url", "of"} & keys.keys()
    needed = {"of"} if keys["format"] == "merge" else {"file", "url"}
    if len(named) != 1 or not named <= needed:
        return [("format", f"{keys['format']} needs {' or '.join(sorted(needed))}, and only that")]
    if keys.get("threshold", 1) > len(keys.get("of", (1,))):
        return [("threshold", "is more than there are lists")]
    return []


def _asks(rule: Rule, test: type) -> bool:
    return any(isinstance(each.test, test) for each in conditions_in(rule.when))


_AT_THE_DOOR: Final = frozenset({Action.ACCEPT, Action.LIMIT, *BLOCKING})


def _is_at_the_door(rule: Rule) -> bool:
    return rule.stage is Stage.CONNECTION


def _has_odd_address(rule: Rule) -> bool:
    """Nothing later knows an address, and that is all that a connection has."""
    return rule.limit is not None and (rule.limit.key == "address") != _is_at_the_door(rule)


def _waits(rule: Rule) -> bool:
    ending = rule.limit.over if rule.limit is not None else rule.action
    return ending in (Action.HOLD, Action.REQUEST)


def _holds_back(rule: Rule) -> bool:
    return rule.action is Action.HOLD or (rule.limit is not None and rule.limit.over is Action.HOLD)


_CHECKS: Final[tuple[tuple[str, Callable[[Rule], bool], str], ...]] = (
    ("action", lambda rule: rule.action is None and not rule.show, "or show is missing"),
    (
        "limit",
        lambda rule: (rule.action is Action.LIMIT) != (rule.limit is not None),
        'is there with action = "limit", and only with it',
    ),
    (
        "limit",
        lambda rule: rule.limit is not None and BUCKETS[rule.limit.key] > rule.stage,
        "has a key that is not known at this stage yet",
    ),
    ("limit", _has_odd_address, "has the key address at stage connection, and only there"),
    (
        "action",
        lambda rule: _is_at_the_door(rule) and rule.action not in _AT_THE_DOOR,
        "is accept, limit, reject or drop at stage connection: nothing is read there yet",
    ),
    (
        "show",
        lambda rule: _is_at_the_door(rule) and bool(rule.show),
        "means nothing at stage connection",
    ),
    (
        "final",
        lambda rule: _is_at_the_door(rule) and rule.final,
        "means nothing at stage connection: what is let in there is judged as anything else",
    ),
    (
        "direction",
        lambda rule: _is_at_the_door(rule) and rule.direction is not Direction.IN,
        "is in at stage connection",
    ),
    (
        "hold",
        lambda rule: rule.hold is not None and not _holds_back(rule),
        "belongs to a rule that holds",
    ),
    (
        "then",
        lambda rule: rule.hold_earlier and not (_holds_back(rule) and _asks(rule, Similar)),
        "belongs to a rule that holds what is similar",
    ),
    (
        "final",
        lambda rule: rule.final and rule.action is not Action.ACCEPT,
        'belongs to action = "accept"',
    ),
    (
        "direction",
        lambda rule: rule.goes(Direction.OUT) and _waits(rule),
        "out is for accept, limit, reject and drop: nothing that goes out waits for anybody",
    ),
    (
        "action",
        lambda rule: rule.stage is Stage.RECIPIENT and rule.action is Action.ACCEPT,
        "can only tighten at stage recipient",
    ),
)


def _against_oneself(rule: Rule, own_hosts: Sequence[str]) -> list[Mistake]:
    if rule.action not in BLOCKING:
        return []
    if all(_always_holds(part) for part in rule.when):
        return [("action", f"would {rule.action} everything: no condition leaves anybody out")]
    for part in rule.when:
        if isinstance(part, Condition) and part.key == "domain" and isinstance(part.test, Domains):
            for host in own_hosts:
                if part.test.holds(host):
                    return [("domain", f"would {rule.action} this node's own host {host}")]
    return []


def _always_holds(part: Condition | Choice) -> bool:
    """Whether a condition leaves nobody out, as far as that is plain to see."""
    if isinstance(part, Choice):
        plain = [all(_always_holds(each) for each in table) for table in part.tables]
        return part.key != "none" and (any(plain) if part.key == "any" else all(plain))
    return _holds_for_all(part.test)


def _holds_for_all(test: Test) -> bool:
    if isinstance(test, Networks):
        return {0} <= {network.prefixlen for network in test.networks}
    if isinstance(test, Actors):
        return any(not pattern.strip("*@") for pattern in test.patterns)
    return False
