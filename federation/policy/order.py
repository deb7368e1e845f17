"""PURE: rules in the order in which they count, found by the domain or the person they name.

Source: policy.md 5
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum
from typing import Final

from federation.policy.conditions import (
    Actors,
    Condition,
    Domains,
    Patterns,
    host_name,
    names_above,
)
from federation.policy.facts import Stage, Value
from federation.policy.rule import Mode, Policy, Rule, conditions_in, weaker

# A test takes about a microsecond, and an expression one more for so many characters: by this
# `rule_timeout` is a number of steps, and judging needs no clock.
STEP: Final = timedelta(microseconds=1)
CHARS_A_STEP: Final = 32


class Selector(IntEnum):
    """How closely a rule says whom it is for, the least first."""

    NONE = 1
    PATTERN = 2
    SUBDOMAIN = 3
    HOST = 4
    ACTOR = 5


@dataclass(frozen=True, slots=True)
class Ready:
    """A rule with what judging asks of it again and again.

    Attributes:
        mode: The weaker of its own and that of all.
        tests: How many conditions it has.
        patterns: How many expressions it looks for, by fact.
    """

    rule: Rule
    mode: Mode
    tests: int
    patterns: tuple[tuple[str, int], ...]

    def cost(self, known: Mapping[str, Value]) -> int:
        """What it costs at most to try it, in steps."""
        if not self.patterns:
            return self.tests
        return self.tests + sum(
            count * (1 + _chars(known.get(fact)) // CHARS_A_STEP) for fact, count in self.patterns
        )


@dataclass(frozen=True, slots=True)
class StageRules:
    """The rules of one stage; the others name places in `rules`.

    Attributes:
        by_domain: Of rules that are for named domains.
        by_actor: Of rules that are for named people.
        rest: Of all others.
    """

    rules: tuple[Ready, ...]
    by_domain: Mapping[str, tuple[int, ...]]
    by_actor: Mapping[str, tuple[int, ...]]
    rest: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Chain:
    """A policy that is ready to judge.

    Attributes:
        steps: What one judgement may cost.
    """

    policy: Policy
    stages: Mapping[Stage, StageRules]
    steps: int


def arrange(policy: Policy) -> Chain:
    """Bring a policy into the order in which it judges; a rule that is off is left out."""
    ready = [_ready(rule, policy) for rule in sorted(policy.rules, key=standing)]
    stages = {stage: _stage(each for each in ready if each.rule.stage is stage) for stage in Stage}
    return Chain(policy, stages, policy.rule_timeout // STEP)


def standing(rule: Rule) -> tuple[bool, int, int]:
    """What orders rules whatever they are asked about."""
    return rule.is_from_list, -rule.priority, rule.order


def rank(rule: Rule, known: Mapping[str, Value]) -> tuple[bool, int, int, int, int]:
    """Where a rule that matches stands among those of its stage; the smallest decides."""
    selector, labels = max(
        (_selector(part, known) for part in rule.when if isinstance(part, Condition)),
        default=(Selector.NONE, 0),
    )
    return rule.is_from_list, -rule.priority, -selector, -labels, rule.order


def candidates(stage: StageRules, known: Mapping[str, Value]) -> Iterable[Ready]:
    """The rules that have to be tried, in their order.

    PERF: a rule for other domains is not touched: a thousand rules with a hundred thousand domains
    cost what the few cost that name this one (benchmarks/policy.py).
    """
    named: set[int] = set()
    domain, actors = known.get("domain"), known.get("actor")
    if stage.by_domain and isinstance(domain, str):
        host = host_name(domain)
        for name in (host, *names_above(host)):
            named.update(stage.by_domain.get(name, ()))
    if stage.by_actor:
        for actor in actors if isinstance(actors, tuple) else (actors,):
            named.update(stage.by_actor.get(str(actor).lower(), ()))
    places = sorted({*named, *stage.rest}) if named else stage.rest
    return [stage.rules[place] for place in places]


def _ready(rule: Rule, policy: Policy) -> Ready:
    asked = list(conditions_in(rule.when))
    patterns = [
        (each.fact, len(each.test.patterns)) for each in asked if isinstance(each.test, Patterns)
    ]
    return Ready(rule, weaker(rule.mode, policy.mode), 1 + len(asked), tuple(patterns))


def _stage(rules: Iterable[Ready]) -> StageRules:
    active = tuple(each for each in rules if each.mode is not Mode.OFF)
    by_domain: dict[str, list[int]] = defaultdict(list)
    by_actor: dict[str, list[int]] = defaultdict(list)
    rest: list[int] = []
    for place, each in enumerate(active):
        domains, actors = _named(each.rule)
        for name in domains:
            by_domain[name].append(place)
        for name in actors:
            by_actor[name].append(place)
        if not domains and not actors:
            rest.append(place)
    return StageRules(active, _frozen(by_domain), _frozen(by_actor), tuple(rest))


def _named(rule: Rule) -> tuple[Iterable[str], Iterable[str]]:
    """The domains without which a rule does not match, or else the people."""
    for part in rule.when:
        if isinstance(part, Condition) and part.fact == "domain" and isinstance(part.test, Domains):
            return part.test.themselves | part.test.above, ()
        if isinstance(part, Condition) and isinstance(part.test, Actors) and not part.test.patterns:
            return (), part.test.exact
    return (), ()


def _frozen(places: Mapping[str, list[int]]) -> Mapping[str, tuple[int, ...]]:
    return {name: tuple(each) for name, each in places.items()}


def _selector(part: Condition, known: Mapping[str, Value]) -> tuple[Selector, int]:
    value, test = known.get(part.fact), part.test
    if isinstance(test, Patterns):
        return Selector.PATTERN, 0
    if isinstance(test, Actors):
        names = value if isinstance(value, tuple) else (value,)
        is_named = any(str(name).lower() in test.exact for name in names)
        return (Selector.ACTOR if is_named else Selector.PATTERN), 0
    if part.fact != "domain" or not isinstance(test, Domains):
        return Selector.NONE, 0
    host = host_name(str(value))
    name = test.find(host)
    return (Selector.HOST if name == host else Selector.SUBDOMAIN), name.count(".")


def _chars(value: Value | None) -> int:
    if isinstance(value, tuple):
        return sum(map(len, value))
    return len(value) if isinstance(value, str) else 0
