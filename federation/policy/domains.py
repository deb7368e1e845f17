"""PURE: a rule on a domain holds for all names below it too, however they are spelled."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from federation.protocol.errors import RemoteProtocolError
from federation.protocol.uri import canonical, host_of
from federation.protocol.verdict import Allowed, Refused

# What the author of a message reads (groups-protocol.md 11.4).
NOT_DELIVERED: Final = "not delivered: blocked domain"
NOT_DELIVERED_BECAUSE: Final = "not delivered: blocked domain ({reason})"

UNREADABLE: Final = Refused("That is no domain like example.org.", 422)


@dataclass(frozen=True, slots=True)
class DomainRule:
    """Nothing goes to this domain or comes from it.

    Attributes:
        domain: In lower case, in its ASCII form, without port.
        public_reason: What people here may read, "" for none.
    """

    domain: str
    public_reason: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules in force, by domain."""

    by_domain: Mapping[str, DomainRule] = field(default_factory=dict)


NO_RULES: Final = Rules()


def read_domain(text: str) -> str | Refused:
    """The one spelling of a domain that somebody has typed, or why it is none.

    An address is none: nobody speaks from one.
    """
    name = text.strip()
    if not name or any(mark in name for mark in "/:@?#*"):
        return UNREADABLE
    try:
        domain = host_of(canonical(f"https://{name}/"))
    except RemoteProtocolError:
        return UNREADABLE
    return UNREADABLE if domain.rpartition(".")[2].isdigit() else domain


def find_rule(rules: Rules, host: str) -> DomainRule | None:
    """The rule that keeps a host out: that on itself, else on the nearest domain above it.

    Args:
        rules: In force.
        host: As in an id: lower case, ASCII, with its port if it has one.
    """
    name = host.partition(":")[0] if rules.by_domain else ""
    while name:
        rule = rules.by_domain.get(name)
        if rule is not None:
            return rule
        name = name.partition(".")[2]
    return None


def judge_host(rules: Rules, host: str) -> Allowed | Refused:
    """Whether a person here may have to do with this host."""
    rule = find_rule(rules, host)
    if rule is None:
        return Allowed()
    because = f" Reason: {rule.public_reason}" if rule.public_reason else ""
    return Refused(f"Our server does not exchange messages with {rule.domain}.{because}", 422)


def why_not_delivered(rules: Rules, host: str) -> str:
    """What the author of a message reads instead of its delivery to this host; "" if it goes."""
    rule = find_rule(rules, host)
    if rule is None:
        return ""
    if not rule.public_reason:
        return NOT_DELIVERED
    return NOT_DELIVERED_BECAUSE.format(reason=rule.public_reason)
