"""Domains that this node keeps out or lets in, each with a number, wherever its rules stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Final

from federation.policy.domains import BLOCKED_BY, DomainRule, block_rule
from federation.policy.lists.domain_block import DomainBlock, block_of
from federation.policy.lists.entry import Entry
from federation.policy.lists.said import said_by
from federation.policy.merge import merged
from federation.policy.rule import Action, Policy, Rule
from federation.queries.stored_rules import stored_rules
from storage import policy_rules
from storage import stored_rules as rows

_BEGINNING: Final = datetime(2020, 1, 1, tzinfo=UTC)
_NUMBER_BITS: Final = 16


@dataclass(frozen=True, slots=True)
class ListedDomain:
    """A domain of which rules say something.

    Attributes:
        number: Names it: when its first rule was made, and what it is called.
        rules: Their ids.
        stored: Those of them that can be changed here and are for it alone.
    """

    number: int
    domain: str
    created_at: datetime
    rules: tuple[str, ...]
    stored: tuple[str, ...]

    @property
    def is_changeable(self) -> bool:
        """Whether all that is said of it can be changed here."""
        return set(self.rules) == set(self.stored)


@dataclass(frozen=True, slots=True)
class ListedBlock:
    """A domain that is kept out in some way."""

    at: ListedDomain
    block: DomainBlock


async def list_blocks(written: Policy, now: datetime) -> list[ListedBlock]:
    """Every domain that is kept out in some way, the newest first."""
    found = [
        ListedBlock(at, block)
        for at, entry in await _said(written, now)
        if entry.action is not Action.ACCEPT and (block := block_of(entry)) is not None
    ]
    return sorted(found, key=lambda one: -one.at.number)


async def list_allows(written: Policy, now: datetime) -> list[ListedDomain]:
    """Every domain that is let in by name, the newest first."""
    found = [at for at, entry in await _said(written, now) if entry.action is Action.ACCEPT]
    return sorted(found, key=lambda one: -one.number)


async def _said(written: Policy, now: datetime) -> list[tuple[ListedDomain, Entry]]:
    blocked = await policy_rules.listed()
    made = {BLOCKED_BY + row.domain: row.created_at for row in blocked}
    made |= {row.id: row.created_at for row in await rows.listed()}
    rules: Sequence[Rule] = [
        *merged(written, await stored_rules()).rules,
        *(block_rule(DomainRule(row.domain, row.public_reason)) for row in blocked),
    ]
    said = said_by(rules, now)
    count: dict[str, int] = {}
    for each in said.entries:
        for name in each.rules:
            count[name] = count.get(name, 0) + 1
    return [(_listed(each.entry.key, each.rules, made, count), each.entry) for each in said.entries]


def _listed(
    domain: str, rules: Sequence[str], made: Mapping[str, datetime], count: Mapping[str, int]
) -> ListedDomain:
    created = min((made[name] for name in rules if name in made), default=_BEGINNING)
    stored = tuple(name for name in rules if name in made and count[name] == 1)
    digest = blake2b(domain.encode(), digest_size=_NUMBER_BITS // 8).digest()
    number = (int(created.timestamp() * 1000) << _NUMBER_BITS) | int.from_bytes(digest)
    return ListedDomain(number, domain, created, tuple(rules), stored)
