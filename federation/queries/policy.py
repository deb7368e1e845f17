"""What the operator keeps out, as the operator is shown it."""

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
    return [
        BlockedDomain(rule.domain, rule.public_reason, rule.created_at)
        for rule in await policy_rules.listed()
    ]
