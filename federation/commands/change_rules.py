"""The operator makes, changes and takes back rules; what is parted by them parts at once.

Taking a rule back shows again what was here. It brings back no membership and sends nothing that
was not sent.

Source: policy.md 6, 7, 14
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from federation.commands.declining import decline
from federation.commands.deeds import SYSTEM, note
from federation.commands.parting import Partings
from federation.commands.rule_change import (
    Change,
    Changed,
    Ground,
    Noted,
    Table,
    as_json,
    change_rules,
    read_tables,
)
from federation.policy.lists.written import table_in, without_moments
from federation.policy.merge import merged
from federation.policy.problem import Problem, Unreadable
from federation.policy.read_rule import DATABASE, read_rules
from federation.policy.rule import Place
from federation.protocol.verdict import Refused
from storage import policy_lists, stored_rules
from storage.database import transaction
from storage.stored_rules import StoredRule

ADDED: Final = "rule.added"
CHANGED: Final = "rule.changed"
EXPIRED: Final = "rule.expired"
REVERTED: Final = "rule.reverted"
OVER: Final = "rule.over"

NO_RULE: Final = Refused("There is no such rule in the database.", 404)
ALREADY_OVER: Final = Refused("That rule is over already.", 409)


async def add(tables: Sequence[Table], ground: Ground) -> Changed | Unreadable:
    """Make rules: all of them, or none and every mistake.

    Args:
        tables: As a file would have them. Without `owner` they are of who makes them.
        ground: What they stand on.
    """
    async with transaction():
        held = {row.id: row for row in await stored_rules.listed()}
        there = [
            Problem(Place(DATABASE), f"rule {name}", "id is there already")
            for name in (table.get("id") for table in tables)
            if name in held
        ]
        lists = await policy_lists.ids()
        there += [
            Problem(Place(DATABASE), f"rule {table.get('id')}", f"owner is the list {owner}")
            for table, owner in ((table, table.get("owner")) for table in tables)
            if owner in lists
        ]
        if there:
            return Unreadable(tuple(there))
        return await change_rules(Change(ADDED, held, tuple(tables)), ground)


async def edit(
    name: str, values: Table, without: Sequence[str], ground: Ground
) -> Changed | Unreadable | Refused:
    """Give keys of a rule other values, and take keys away.

    One that a list has brought is of who edits it from then on; the list does not touch it.
    """
    async with transaction():
        held = {row.id: row for row in await stored_rules.listed()}
        if name not in held:
            return NO_RULE
        table = {**await _by_hand(held[name], ground), **values}
        kept = {key: value for key, value in table.items() if key not in without}
        return await change_rules(Change(CHANGED, held, (kept | {"id": name},)), ground)


async def expire(name: str, at: datetime, ground: Ground) -> Changed | Unreadable | Refused:
    """Let a rule end at a time."""
    async with transaction():
        held = {row.id: row for row in await stored_rules.listed()}
        if name not in held:
            return NO_RULE
        read = read_rules([table_in(held[name].written)])
        if isinstance(read, tuple) and read[0].is_over(ground.now):
            return ALREADY_OVER
        table = await _by_hand(held[name], ground)
        return await change_rules(Change(EXPIRED, held, ({**table, "expires": at},)), ground)


async def revert(name: str, ground: Ground, *, reason: str = "") -> Changed | Unreadable | Refused:
    """Take a rule back: what it hid is shown again, from now on as before it was made."""
    async with transaction():
        held = {row.id: row for row in await stored_rules.listed()}
        if name not in held:
            return NO_RULE
        await _by_hand(held[name], ground)
        return await change_rules(Change(REVERTED, held, (), (name,), reason), ground)


async def replace(
    names: Sequence[str], tables: Sequence[Table], ground: Ground
) -> Changed | Unreadable:
    """Take rules back and make others instead, or change those that keep their names.

    Transaction: expects to run inside one.
    """
    held = {row.id: row for row in await stored_rules.listed()}
    made = {str(table["id"]) for table in tables}
    gone = tuple(name for name in names if name in held and name not in made)
    for name in names:
        if name in held:
            await _by_hand(held[name], ground)
    return await change_rules(
        Change(CHANGED if tables else REVERTED, held, tuple(tables), gone), ground
    )


async def replace_of_list(
    name: str, tables: Sequence[Table], noted: Noted, ground: Ground
) -> Changed | Unreadable:
    """Let the rules of a list be these, all of them or none.

    Args:
        name: Of the list, which owns them.
        tables: As a file would have them.
        noted: What the audit log says, instead of a row for each rule.
        ground: What they stand on.

    Transaction: expects to run inside one.
    """
    held = {row.id: row for row in await stored_rules.listed()}
    of_it = {key for key, row in held.items() if table_in(row.written).get("owner") == name}
    put = tuple(
        table
        for table in tables
        if table["id"] not in of_it or table != table_in(held[str(table["id"])].written)
    )
    taken = [str(table["id"]) for table in put if table["id"] in held.keys() - of_it]
    if taken:
        return Unreadable(
            tuple(Problem(Place(DATABASE), f"rule {each}", "id is there already") for each in taken)
        )
    gone = tuple(sorted(of_it - {str(table["id"]) for table in tables}))
    if not put and not gone:
        if noted.detail and not ground.dry_run:
            await note(ground.by, noted.act, noted.about, ground.now, detail=noted.detail)
        rules = read_tables([table_in(row.written) for row in held.values()])
        return Changed((), Partings(), 0, merged(ground.written, rules))
    return await change_rules(Change(noted.act, held, put, gone, noted=noted), ground)


async def _by_hand(row: StoredRule, ground: Ground) -> Table:
    """A rule that somebody decides about: one of a list is not the list's any more."""
    table = table_in(row.written)
    owner = table.get("owner")
    if not isinstance(owner, str) or owner not in await policy_lists.ids():
        return table
    if not ground.dry_run:
        await decline(owner, table)
    return {key: value for key, value in table.items() if key not in ("owner", "priority")}


async def note_over(now: datetime) -> int:
    """Write down which rules have ended by themselves; answers how many."""
    async with transaction():
        ended = [
            row for row in await stored_rules.listed() if row.over_at is None and _is_over(row, now)
        ]
        for row in ended:
            detail = {"before": without_moments(table_in(row.written))}
            await note(SYSTEM, OVER, row.id, now, detail=as_json(detail))
        return await stored_rules.note_over([row.id for row in ended], now)


def _is_over(row: StoredRule, now: datetime) -> bool:
    read = read_rules([table_in(row.written)])
    return isinstance(read, tuple) and read[0].is_over(now)
