"""PURE: what is written correctly in a policy and will hardly do what somebody wants of it.

A rule is said to be shadowed only where it is certain: whatever it matches, one before it ends the
stage. Two rules overlap where nothing but their order in the files decides between them.

Source: policy.md 5, 14
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import islice
from typing import Final

from federation.policy.conditions import (
    Actors,
    Choice,
    Condition,
    Domains,
    Is,
    Networks,
    Patterns,
    Words,
    names_above,
)
from federation.policy.facts import Direction, Stage
from federation.policy.order import standing
from federation.policy.rule import BLOCKING, Action, Federation, Mode, Policy, Rule, weaker

# Moderators are told as long before.
SOON: Final = timedelta(days=3)
WARNINGS_MAX: Final = 200
# Of rules that are compared: a few seconds' worth. Beyond it nothing is said.
PAIRS_MAX: Final = 2_000_000


class Fault(StrEnum):
    """What is the matter with a rule."""

    EXPIRED = "expired"
    EXPIRING = "expiring"
    UNREACHABLE = "unreachable"
    SHADOWED = "shadowed"
    OVERLAPPING = "overlapping"


@dataclass(frozen=True, slots=True)
class Warned:
    """A rule somebody should look at, and why."""

    rule: Rule
    fault: Fault
    reason: str

    def __str__(self) -> str:
        """On one line, with file and line."""
        return f"{self.rule.place}: rule {self.rule.id}: {self.fault}: {self.reason}"


def check(policy: Policy, now: datetime) -> tuple[Warned, ...]:
    """Rules of a policy that somebody should look at, by file and line; at most `WARNINGS_MAX`."""
    found = [
        *_dated(policy, now),
        *_unreachable(policy),
        *islice(_pairs(policy, now), WARNINGS_MAX),
    ]
    return tuple(sorted(found, key=lambda each: each.rule.order)[:WARNINGS_MAX])


def _dated(policy: Policy, now: datetime) -> Iterator[Warned]:
    for rule in policy.rules:
        if rule.expires is None or rule.expires > now + SOON:
            continue
        fault = Fault.EXPIRED if rule.is_over(now) else Fault.EXPIRING
        yield Warned(rule, fault, f"it stops at {rule.expires:%Y-%m-%d %H:%M} UTC")


def _unreachable(policy: Policy) -> Iterator[Warned]:
    for rule in policy.rules:
        for part in rule.when:
            if not isinstance(part, Condition):
                continue
            if isinstance(part.test, Networks) and not part.test.networks:
                yield Warned(rule, Fault.UNREACHABLE, f"{part.key} names lists that are empty")
            if part.key == "encrypted" and part.test == Is(wanted=True):
                reason = "what is encrypted passes this stage by"
                yield Warned(rule, Fault.UNREACHABLE, reason)


def _pairs(policy: Policy, now: datetime) -> Iterator[Warned]:
    """Rules that get into each other's way: of one stage, or of a later one than a final one."""
    enforced = [
        rule
        for rule in sorted(policy.rules, key=standing)
        if weaker(rule.mode, policy.mode) is Mode.ENFORCE and not rule.is_over(now)
    ]
    ending = [rule for rule in enforced if rule.action not in (None, Action.LIMIT)]
    by_list = policy.federation is Federation.ALLOWLIST
    for first, second in islice(_meeting(ending, enforced), PAIRS_MAX):
        is_before = first.stage < second.stage
        if by_list and second.stage is Stage.DOMAIN and first.action not in BLOCKING:
            # There a block beats an accept wherever it stands, and an accept is looked for.
            continue
        if first.stage is second.stage and _shadows(first, second):
            reason = f"whatever it matches, rule {first.id} decides before it"
            yield Warned(second, Fault.SHADOWED, reason)
        elif first.stage is second.stage and _overlap(first, second):
            reason = (
                f"only the order in the files puts it behind rule {first.id}: give one a priority"
            )
            yield Warned(second, Fault.OVERLAPPING, reason)
        elif (
            first.final and is_before and second.stage < Stage.RECIPIENT and _covers(first, second)
        ):
            yield Warned(second, Fault.UNREACHABLE, f"rule {first.id} accepts it finally before")


def _meeting(ending: Sequence[Rule], others: Sequence[Rule]) -> Iterator[tuple[Rule, Rule]]:
    """Pairs of which the first ends its stage: both for the same domain, or it for any."""
    by_domain: dict[str, list[Rule]] = defaultdict(list)
    for rule in ending:
        for name in _domains(rule) or ("",):
            by_domain[name].append(rule)
    for second in others:
        names = {
            "",
            *_domains(second),
            *(up for one in _domains(second) for up in names_above(one)),
        }
        met = {first.id: first for name in sorted(names) for first in by_domain.get(name, ())}
        place = second.stage, standing(second)
        yield from ((first, second) for first in met.values() if _place(first) < place)


def _place(rule: Rule) -> tuple[Stage, tuple[bool, int, int]]:
    return rule.stage, standing(rule)


def _domains(rule: Rule) -> Iterable[str]:
    tests = [
        each.test for each in rule.when if isinstance(each, Condition) and each.key == "domain"
    ]
    if tests and isinstance(tests[0], Domains):
        return tests[0].themselves | tests[0].above
    return ()


def _selectors(rule: Rule) -> tuple[Condition, ...]:
    """What makes a rule more or less specific."""
    parts = (each for each in rule.when if isinstance(each, Condition))
    found = [
        each for each in parts if each.key == "domain" or isinstance(each.test, Actors | Patterns)
    ]
    return tuple(sorted(found, key=lambda each: each.key))


def _is_level(first: Rule, second: Rule) -> bool:
    """Whether neither owner nor priority says which counts."""
    return standing(first)[:2] == standing(second)[:2]


def _shadows(first: Rule, second: Rule) -> bool:
    if second.action is None or second.show or not _covers(first, second):
        return False
    return not _is_level(first, second) or _selectors(first) == _selectors(second)


def _overlap(first: Rule, second: Rule) -> bool:
    if second.action in (None, Action.LIMIT, first.action) or not _is_level(first, second):
        return False
    ways = {first.direction, second.direction}
    if Direction.BOTH not in ways and len(ways) > 1:
        return False
    one, other = _selectors(first), _selectors(second)
    are_alike = [each.key for each in one] == [each.key for each in other]
    return are_alike and not any(
        _exclude(mine, theirs)
        for mine in first.when
        for theirs in second.when
        if isinstance(mine, Condition) and isinstance(theirs, Condition) and mine.key == theirs.key
    )


def _exclude(one: Condition, other: Condition) -> bool:
    """Whether two conditions on the same fact are never both met, as far as that is plain."""
    match one.test, other.test:
        case Words(words=mine, beginnings=()), Words(words=theirs, beginnings=()):
            return not mine & theirs
        case Domains(themselves=mine, above=ours), Domains(themselves=theirs, above=others):
            return not (mine & theirs or ours & others)
        case Actors(exact=mine, patterns=()), Actors(exact=theirs, patterns=()):
            return not mine & theirs
        case Is(wanted=mine), Is(wanted=theirs):
            return mine is not theirs
    return False


def _covers(first: Rule, second: Rule) -> bool:
    """Whether the first matches whatever the second matches, as far as that is plain."""
    if first.direction not in (second.direction, Direction.BOTH):
        return False
    return all(any(_implies(theirs, mine) for theirs in second.when) for mine in first.when)


def _implies(one: Condition | Choice, other: Condition | Choice) -> bool:
    """Whether the other holds wherever the one does."""
    if isinstance(one, Choice) or isinstance(other, Choice) or one.fact != other.fact:
        return one == other
    match one.test, other.test:
        case Words(words=mine, beginnings=()), Words(words=theirs):
            return mine <= theirs
        case Domains(themselves=mine, above=ours), Domains() as theirs:
            return all(theirs.find(name) for name in mine) and all(
                _is_below(name, theirs) for name in ours
            )
        case Actors(exact=mine, patterns=ours), Actors(exact=theirs, patterns=others):
            return mine <= theirs and set(ours) <= set(others)
        case Patterns(patterns=ours), Patterns(patterns=others):
            return set(ours) <= set(others)
        case _:
            return one == other


def _is_below(name: str, domains: Domains) -> bool:
    """Whether all that is below a domain is below one of these."""
    return any(each in domains.above for each in (name, *names_above(name)))
