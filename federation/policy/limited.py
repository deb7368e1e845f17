"""PURE: which servers the rules limit by their name alone, as the people of this node are told.

A rule that asks for more than the name limits some of what comes from there, and is not told here.
An exception takes a server out. A masked name is all that is told of a server whose name is masked.

Source: policy.md 2, 4, 5
"""

import heapq
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final, NamedTuple

from federation.policy.chain import judge
from federation.policy.conditions import Condition, Domains
from federation.policy.disclosure import for_members
from federation.policy.domains import BLOCKED_BY, Rules
from federation.policy.facts import Direction, Facts, Stage
from federation.policy.rule import BLOCKING, Action, Mode, Rule

_NO_TIME: Final = datetime.min.replace(tzinfo=UTC)
_SHOWN_CHARS: Final = 2


class How(StrEnum):
    """What becomes of what is exchanged with a server."""

    REFUSED = "refused"
    REFUSED_IN = "refused-in"
    REFUSED_OUT = "refused-out"
    REQUESTS = "requests"
    HELD = "held"
    SLOWED = "slowed"


_MILDER: Final = {
    Action.REQUEST: How.REQUESTS,
    Action.HOLD: How.HELD,
    Action.LIMIT: How.SLOWED,
}


class Limited(NamedTuple):
    """A server as people are told of it.

    Attributes:
        name: As it is shown: `*.` before it where only what is below is meant.
        rule_id: Of the rule that limits it.
    """

    name: str
    how: How
    reason: str
    rule_id: str


def limited_by(rules: Rules, *, after: str = "", limit: int) -> list[Limited]:
    """The servers with names after this one, in the order of names; blocked domains are left out.

    Args:
        rules: In force.
        after: The last name of the page before, or "".
        limit: How many at most.
    """
    if rules.chain.policy.mode is not Mode.ENFORCE:
        return []
    hosts = {name: host for name, host in _named(rules) if name > after}
    found: list[Limited] = []
    for name in heapq.nsmallest(len(hosts), hosts) if hosts else ():
        one = _limited(rules, name, hosts[name])
        found += [one] if one is not None else []
        if len(found) == limit:
            break
    return found


def masked(domain: str) -> str:
    """A name that who knows it recognises, and others cannot read: `ba*.ex***le` of bad.example."""
    return ".".join(map(_masked_label, domain.split(".")))


def _masked_label(label: str) -> str:
    if len(label) <= 2 * _SHOWN_CHARS:
        return label[:_SHOWN_CHARS] + "*" * max(len(label) - _SHOWN_CHARS, 1)
    hidden = "*" * (len(label) - 2 * _SHOWN_CHARS)
    return f"{label[:_SHOWN_CHARS]}{hidden}{label[-_SHOWN_CHARS:]}"


def _named(rules: Rules) -> Iterator[tuple[str, str]]:
    """Names as they are shown, each with a host that it is the name of."""
    for ready in rules.chain.stages[Stage.DOMAIN].rules:
        rule = ready.rule
        domains = _domains_of(rule)
        if domains is None or ready.mode is not Mode.ENFORCE or rule.id.startswith(BLOCKED_BY):
            continue
        if rule.action not in BLOCKING and rule.action not in _MILDER:
            continue
        for domain in domains.themselves | domains.above:
            if domain in rules.own_hosts:
                continue
            name = masked(domain) if rule.obfuscate else domain
            is_below = domain not in domains.themselves
            yield (f"*.{name}", f"x.{domain}") if is_below else (name, domain)


def _domains_of(rule: Rule) -> Domains | None:
    """The names that are all a rule asks for."""
    if len(rule.when) != 1:
        return None
    (part,) = rule.when
    if not isinstance(part, Condition) or part.fact != "domain":
        return None
    return part.test if isinstance(part.test, Domains) else None


def _limited(rules: Rules, name: str, host: str) -> Limited | None:
    decided = {
        direction: judge(
            rules.chain, Facts(_NO_TIME, {"domain": host}, direction), stages=(Stage.DOMAIN,)
        )
        for direction in (Direction.IN, Direction.OUT)
    }
    into, out = decided[Direction.IN], decided[Direction.OUT]
    is_shut = (into.action in BLOCKING, out.action in BLOCKING)
    how = {
        (True, True): How.REFUSED,
        (True, False): How.REFUSED_IN,
        (False, True): How.REFUSED_OUT,
    }.get(is_shut) or _MILDER.get(into.action)
    rule = into.rule if is_shut != (False, True) else out.rule
    if how is None or rule is None:
        return None
    reason = for_members(rules.chain.policy, rule.public_reason)
    return Limited(name, how, reason, rule.id)
