"""Domains that this node keeps out or lets in by name, wherever their rules stand."""

from collections.abc import Mapping
from datetime import datetime

from federation.policy.domains import BLOCKED_BY, DomainRule, block_rule
from federation.policy.lists.listed_domains import (
    ListedBlock,
    ListedDomain,
    allows_in,
    blocks_in,
)
from federation.policy.merge import merged
from federation.policy.rule import Policy, Rule
from federation.queries.stored_rules import stored_rules
from storage import policy_rules
from storage import stored_rules as rows


async def list_blocks(written: Policy, now: datetime) -> list[ListedBlock]:
    """Every domain that is kept out in some way, the newest first."""
    return blocks_in(*await _known(written), now)


async def list_allows(written: Policy, now: datetime) -> list[ListedDomain]:
    """Every domain that is let in by name, the newest first."""
    return allows_in(*await _known(written), now)


async def _known(written: Policy) -> tuple[list[Rule], Mapping[str, datetime]]:
    """All rules, and when those were made that can be changed here."""
    blocked = await policy_rules.listed()
    made = {BLOCKED_BY + row.domain: row.created_at for row in blocked}
    made |= {row.id: row.created_at for row in await rows.listed()}
    blocks = (block_rule(DomainRule(row.domain, row.public_reason)) for row in blocked)
    return [*merged(written, await stored_rules()).rules, *blocks], made
