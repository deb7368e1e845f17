"""What the operator keeps out, as the operator and the people of this node are shown it."""

from dataclasses import dataclass
from datetime import datetime

from storage import policy_rules


@dataclass(frozen=True, slots=True)
class BlockedDomain:
    """A domain that nothing goes to and nothing comes from."""

    domain: str
    reason: str
    since: datetime


async def list_blocked() -> list[BlockedDomain]:
    """Every blocked domain, by name."""
    return [_blocked(rule) for rule in await policy_rules.listed()]


async def list_limited(*, after: str = "", limit: int) -> tuple[tuple[BlockedDomain, ...], str]:
    """Some blocked domains, by name, and the cursor of the page after it or ""."""
    rules = await policy_rules.page(after=after, limit=limit + 1)
    cursor = rules[limit - 1].domain if len(rules) > limit else ""
    return tuple([_blocked(rule) for rule in rules[:limit]]), cursor


def _blocked(rule: policy_rules.PolicyRule) -> BlockedDomain:
    return BlockedDomain(rule.domain, rule.public_reason, rule.created_at)
