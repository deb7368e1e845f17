"""PURE: with which hosts nothing is exchanged, however they are spelled, as the rules say.

A host is kept out where the stage of the domain rejects or drops it by its name alone. What is
known of it besides, such as for how long, is asked where an activity is judged.

Source: policy.md 2, 5
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final

from federation.policy.asked import (
    NOTHING,
    Asked,
    asked_before_answer,
    asked_when_filing,
    asked_when_sending,
)
from federation.policy.chain import judge
from federation.policy.conditions import Condition, Domains, host_name, names_above
from federation.policy.connection import OPEN, Doors, doors_of
from federation.policy.disclosure import for_members
from federation.policy.facts import Direction, Facts, Stage
from federation.policy.order import Chain, arrange
from federation.policy.rule import BLOCKING, Action, Federation, Mode, Policy, Rule
from federation.policy.shown import Shown
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.uri import canonical, host_of
from federation.protocol.verdict import Allowed, Refused

# What the author of a message reads (groups-protocol.md 11.4).
NOT_DELIVERED: Final = "not delivered: blocked domain"
NOT_DELIVERED_BECAUSE: Final = "not delivered: blocked domain ({reason})"

UNREADABLE: Final = Refused("That is no domain like example.org.", 422)
BLOCKED_BY: Final = "block:"
REMEMBERED: Final = 10_000
# A name in its one spelling; the last label of an address is a number.
_PLAIN: Final = re.compile(
    r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?"
)
_NAME_CHARS: Final = 253
# Rules that are over are left out of a set before it judges (`Rules.at`).
_NO_TIME: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class DomainRule:
    """Nothing goes to this domain or comes from it.

    Attributes:
        domain: In lower case, in its ASCII form, without port.
        public_reason: What people here may read, "" for none.
        category: Likewise.
        id: Of the rule, "" where a mode of federation says so.
        is_silent: Whether who sends is told nothing.
    """

    domain: str
    public_reason: str = ""
    category: str = ""
    id: str = ""
    is_silent: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """The set of rules in force; another set is another value.

    Attributes:
        chain: All of them, blocked domains too, but for those that are over.
        version: Names what is stored of them.
        own_hosts: Names of this node, which no rule keeps out.
        filing: What they ask for where messages are filed.
        early: What they ask for before the answer.
        outgoing: What they ask for before something goes out.
        doors: What they ask before anything is read.
        shown: What they change in how people here see things.
    """

    chain: Chain = field(default_factory=lambda: arrange(Policy()))
    version: str = ""
    own_hosts: frozenset[str] = frozenset()
    filing: Asked = NOTHING
    early: Asked = NOTHING
    outgoing: Asked = NOTHING
    doors: Doors = OPEN
    shown: Shown = field(default_factory=lambda: Shown(arrange(Policy())))
    # PERF: a host is asked about many times for each message.
    _known: dict[tuple[str, Direction], DomainRule | None] = field(
        default_factory=dict, compare=False, repr=False
    )

    @property
    def facts(self) -> frozenset[str]:
        """Which facts rules ask for, of what comes in."""
        return self.filing.facts | self.early.facts

    @property
    def ask_hosts(self) -> bool:
        """Whether any host may be kept out by its name."""
        policy = self.chain.policy
        if policy.mode is not Mode.ENFORCE:
            return False
        return bool(self.chain.stages[Stage.DOMAIN].rules) or (
            policy.federation is not Federation.OPEN
        )

    def find(self, host: str, direction: Direction) -> DomainRule | None:
        """What keeps a host out; see `find_rule`."""
        name = host_name(host)
        if not name or name in self.own_hosts or not self.ask_hosts:
            return None
        asked = (name, direction)
        if asked not in self._known:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[asked] = _judged(self.chain, name, direction)
        return self._known[asked]


NO_RULES: Final = Rules()


def rules_of(
    policy: Policy,
    blocked: Iterable[DomainRule] = (),
    *,
    now: datetime = _NO_TIME,
    version: str = "",
    own_hosts: Iterable[str] = (),
) -> Rules:
    """The set of rules that is in force at a time: what is written, and blocked domains."""
    rules = tuple(rule for rule in policy.rules if not rule.is_over(now))
    blocks = tuple(map(block_rule, blocked))
    chain = arrange(replace(policy, rules=rules + blocks))
    names = frozenset(map(host_name, own_hosts))
    return Rules(
        chain,
        version,
        names,
        filing=asked_when_filing(chain),
        early=asked_before_answer(chain),
        outgoing=asked_when_sending(chain),
        doors=doors_of(chain),
        shown=Shown(chain, names),
    )


def blocking(*blocked: DomainRule) -> Rules:
    """A set of blocked domains and nothing else."""
    return rules_of(Policy(), blocked)


def block_rule(blocked: DomainRule) -> Rule:
    """A blocked domain as the rule that it is."""
    return Rule(
        id=f"{BLOCKED_BY}{blocked.domain}",
        stage=Stage.DOMAIN,
        when=(
            Condition(
                "domain",
                "domain",
                Domains(frozenset({blocked.domain}), frozenset({blocked.domain})),
            ),
        ),
        action=Action.REJECT,
        direction=Direction.BOTH,
        category=blocked.category,
        public_reason=blocked.public_reason,
    )


def read_domain(text: str) -> str | Refused:
    """The one spelling of a domain that somebody has typed, or why it is none.

    An address is none: nobody speaks from one.
    """
    name = text.strip()
    # PERF: in long lists nearly every name is written plainly (benchmarks/policy_lists.py).
    if _PLAIN.fullmatch(name) and len(name) <= _NAME_CHARS:
        return name
    if not name or any(mark in name for mark in "/:@?#*"):
        return UNREADABLE
    try:
        domain = host_of(canonical(f"https://{name}/"))
    except RemoteProtocolError:
        return UNREADABLE
    return UNREADABLE if domain.rpartition(".")[2].isdigit() else domain


def is_below(host: str, domain: str) -> bool:
    """Whether a host is a domain or lies below it."""
    name = host_name(host)
    return domain == name or domain in names_above(name)


def find_rule(rules: Rules, host: str, direction: Direction = Direction.OUT) -> DomainRule | None:
    """What keeps a host out, or None.

    Args:
        rules: In force.
        host: As in an id: lower case, ASCII, with its port if it has one.
        direction: OUT for what goes there, IN for what comes from there.
    """
    return rules.find(host, direction)


def judge_host(rules: Rules, host: str) -> Allowed | Refused:
    """Whether a person here may have to do with this host."""
    rule = find_rule(rules, host)
    if rule is None:
        return Allowed()
    reason = for_members(rules.chain.policy, rule.public_reason)
    because = f" Reason: {reason}" if reason else ""
    return Refused(f"Our server does not exchange messages with {rule.domain}.{because}", 422)


def why_not_delivered(rules: Rules, host: str) -> str:
    """What the author of a message reads instead of its delivery to this host; "" if it goes."""
    rule = find_rule(rules, host)
    if rule is None:
        return ""
    reason = for_members(rules.chain.policy, rule.public_reason)
    return NOT_DELIVERED_BECAUSE.format(reason=reason) if reason else NOT_DELIVERED


def _judged(chain: Chain, host: str, direction: Direction) -> DomainRule | None:
    facts = Facts(_NO_TIME, {"domain": host}, direction)
    decision = judge(chain, facts, stages=(Stage.DOMAIN,))
    if decision.action not in BLOCKING:
        return None
    rule, is_silent = decision.rule, decision.action is Action.DROP
    if rule is None:
        return DomainRule(host, is_silent=is_silent)
    domain = _named(rule, host)
    return DomainRule(domain, rule.public_reason, rule.category, rule.id, is_silent)


def _named(rule: Rule, host: str) -> str:
    """The domain by which a rule names a host; the host where it does so otherwise."""
    for part in rule.when:
        if isinstance(part, Condition) and part.key == "domain" and isinstance(part.test, Domains):
            return part.test.find(host) or host
    return host
