"""Tools keep domains out and let them in one by one, and each is a rule of the database.

Source: policy.md 14
"""

from collections.abc import Sequence
from typing import Final

from federation.commands import block_domain, change_rules
from federation.commands.rule_change import Changed, Ground, Table, read_tables
from federation.policy.conditions import names_above
from federation.policy.domains import BLOCKED_BY, DomainRule, block_rule
from federation.policy.facts import Direction, Stage
from federation.policy.lists.domain_block import DomainBlock, entry_of
from federation.policy.lists.entry import Entry, name_of, rules_of
from federation.policy.lists.listed_domains import ListedBlock, ListedDomain, blocks_in
from federation.policy.lists.written import table_in
from federation.policy.merge import merged, of_lists
from federation.policy.problem import Unreadable
from federation.policy.rule import Action
from federation.protocol.verdict import Refused
from storage import policy_lists, policy_rules, stored_rules
from storage.database import transaction

OWNER: Final = "api"
NOTHING: Final = Refused("Severity noop alone keeps nothing out.", 422)
ELSEWHERE: Final = Refused("Its rule stands in a file, or is for other domains too.", 422)


async def make_block(
    block: DomainBlock, ground: Ground
) -> Changed | Unreadable | Refused | ListedBlock:
    """Keep a domain out in some way; answers what is there already and is as strict."""
    async with transaction():
        held = {one.block.domain: one for one in await _listed(ground)}
        around = (held[name] for name in _around(block.domain) if name in held)
        there = next(around, None)
        if there is not None and (
            there.block.domain == block.domain or not block.is_stricter_than(there.block)
        ):
            return there
        tables = await _tables(entry_of(block), ground)
        return await change_rules.add(tables, ground) if tables else NOTHING


async def change_block(
    at: ListedDomain, block: DomainBlock, ground: Ground
) -> Changed | Unreadable | Refused:
    """Keep a domain out in another way."""
    async with transaction():
        if not at.is_changeable:
            return ELSEWHERE
        entry = entry_of(block)
        if entry.says_nothing:
            return NOTHING
        lifted = await _lift(at, ground)
        tables = await _tables(entry, ground, freed=at.stored)
        return await change_rules.replace(lifted, tables, ground)


async def allow(domain: str, ground: Ground) -> Changed | Unreadable | Refused:
    """Let a domain in by its name."""
    async with transaction():
        (table,) = await _tables(Entry(domain, Action.ACCEPT), ground)
        both: Table = {**table, "direction": Direction.BOTH.value, "stage": Stage.DOMAIN.word}
        return await change_rules.add([both], ground)


async def take_back(at: ListedDomain, ground: Ground) -> Changed | Unreadable | Refused:
    """Take back what is said of a domain."""
    async with transaction():
        if not at.is_changeable:
            return ELSEWHERE
        return await change_rules.replace(await _lift(at, ground), (), ground)


async def _listed(ground: Ground) -> list[ListedBlock]:
    """What is kept out, as it is in the transaction that changes it."""
    rows, blocked = await stored_rules.listed(), await policy_rules.listed()
    stored = read_tables([table_in(row.written) for row in rows])
    rules = merged(ground.written, of_lists(stored, await policy_lists.ids())).rules
    blocks = (block_rule(DomainRule(row.domain, row.public_reason)) for row in blocked)
    made = {row.id: row.created_at for row in rows}
    made |= {BLOCKED_BY + row.domain: row.created_at for row in blocked}
    return blocks_in([*rules, *blocks], made, ground.now)


async def _lift(at: ListedDomain, ground: Ground) -> Sequence[str]:
    """Lift the block of a domain that is one; answers the other rules."""
    if f"{BLOCKED_BY}{at.domain}" in at.stored:
        await block_domain.unblock(at.domain, new_id=ground.new_id, now=ground.now, by=ground.by)
    return [name for name in at.stored if not name.startswith(BLOCKED_BY)]


async def _tables(entry: Entry, ground: Ground, freed: Sequence[str] = ()) -> list[Table]:
    """The rules of an entry, under names that are free."""
    taken = {row.id for row in await stored_rules.listed()} - set(freed)
    taken |= {rule.id for rule in ground.written.rules}
    name = name_of(entry, OWNER)
    named = _named(entry, name)
    is_free = taken.isdisjoint(str(table["id"]) for table in named)
    return named if is_free else _named(entry, f"{OWNER}.{ground.new_id()}")


def _named(entry: Entry, name: str) -> list[Table]:
    return [*rules_of(entry, name, OWNER)]


def _around(domain: str) -> tuple[str, ...]:
    return (domain, *names_above(domain))
