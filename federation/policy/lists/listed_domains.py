"""PURE: domains of which rules say something by name, each with a number.

The number is when the first rule about it was made, and sixteen bits of what it is called: decimal
ids that sort by time, as Mastodon's clients want them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Final

from federation.policy.lists.domain_block import DomainBlock, block_of
from federation.policy.lists.entry import Entry
from federation.policy.lists.said import said_by
from federation.policy.rule import Action, Rule

# What stands in a file was made at no time that is known.
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


def blocks_in(
    rules: Iterable[Rule], made: Mapping[str, datetime], now: datetime
) -> list[ListedBlock]:
    """Every domain that is kept out in some way, the newest first.

    Args:
        rules: All of the node, blocked domains too.
        made: When each was made that can be changed here, by id.
        now: What is over says nothing.
    """
    found = [
        ListedBlock(at, block)
        for at, entry in _said(rules, made, now)
        if entry.action is not Action.ACCEPT and (block := block_of(entry)) is not None
    ]
    return sorted(found, key=lambda one: -one.at.number)


def allows_in(
    rules: Iterable[Rule], made: Mapping[str, datetime], now: datetime
) -> list[ListedDomain]:
    """Every domain that is let in by name, the newest first; as `blocks_in`."""
    found = [at for at, entry in _said(rules, made, now) if entry.action is Action.ACCEPT]
    return sorted(found, key=lambda one: -one.number)


def _said(
    rules: Iterable[Rule], made: Mapping[str, datetime], now: datetime
) -> list[tuple[ListedDomain, Entry]]:
    entries = said_by(rules, now).entries
    count = Counter(name for each in entries for name in each.rules)
    return [(_listed(each.entry.key, each.rules, made, count), each.entry) for each in entries]


def _listed(
    domain: str, rules: Sequence[str], made: Mapping[str, datetime], count: Mapping[str, int]
) -> ListedDomain:
    created = min((made[name] for name in rules if name in made), default=_BEGINNING)
    stored = tuple(name for name in rules if name in made and count[name] == 1)
    digest = blake2b(domain.encode(), digest_size=_NUMBER_BITS // 8).digest()
    number = (int(created.timestamp() * 1000) << _NUMBER_BITS) | int.from_bytes(digest)
    return ListedDomain(number, domain, created, tuple(rules), stored)
