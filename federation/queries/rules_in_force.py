"""Every rule of this node, wherever it stands, for who runs it."""

from dataclasses import dataclass
from datetime import datetime

from federation.policy.conditions import Condition, Domains
from federation.policy.domains import DomainRule, block_rule
from federation.policy.lists.written import table_in, write_toml
from federation.policy.merge import merged
from federation.policy.order import standing
from federation.policy.read_rule import DATABASE as PLACE
from federation.policy.rule import Policy, Rule
from federation.queries.stored_rules import stored_rules
from storage import policy_rules
from storage import stored_rules as rows

FILE, DATABASE, LIST, BLOCK = "file", "database", "list", "block"


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule.

    Attributes:
        source: "file", "database", "list" or "block".
        names: The domains that it is for.
        is_over: It does nothing any more.
    """

    rule: Rule
    source: str
    names: tuple[str, ...]
    is_over: bool


async def list_rules(written: Policy, now: datetime) -> list[RuleLine]:
    """All of them in the order in which they count: stage, those of lists last, priority."""
    rules = merged(written, await stored_rules()).rules
    ordered = sorted(rules, key=lambda rule: (rule.stage, standing(rule)))
    return [_line(rule, _source(rule), now) for rule in ordered]


async def list_blocks(now: datetime) -> list[RuleLine]:
    """The blocked domains, by name, as the rules that they are."""
    found = []
    for row in await policy_rules.listed():
        rule = block_rule(DomainRule(row.domain, row.public_reason))
        found.append(RuleLine(rule, BLOCK, (row.domain,), rule.is_over(now)))
    return found


async def find_written(name: str) -> str | None:
    """A rule of the database as a file would have it."""
    for row in await rows.listed():
        if row.id == name:
            return write_toml([table_in(row.written)])
    return None


def _source(rule: Rule) -> str:
    if rule.is_from_list:
        return LIST
    return DATABASE if rule.place.file == PLACE else FILE


def _line(rule: Rule, source: str, now: datetime) -> RuleLine:
    for part in rule.when:
        if isinstance(part, Condition) and part.key == "domain" and isinstance(part.test, Domains):
            names = sorted(part.test.above | part.test.themselves)
            return RuleLine(rule, source, tuple(names), rule.is_over(now))
    return RuleLine(rule, source, (), rule.is_over(now))
