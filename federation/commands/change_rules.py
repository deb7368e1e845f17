"""The operator makes, changes and takes back rules; what is parted by them parts at once.

A rule that keeps hosts out ends memberships with them and the deliveries that wait for them, as
blocking a domain does, and deletes nothing: taking it back shows again what was here. It brings
back no membership and sends nothing that was not sent.

Source: policy.md 6, 7, 14
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any, Final

from federation.commands import cut_off
from federation.commands.block_domain import blocked_domains
from federation.commands.deeds import MACHINE, SYSTEM, By, note
from federation.commands.parting import Partings, find_partings, part
from federation.policy.domains import Rules, find_rule, rules_of, why_not_delivered
from federation.policy.enforced import not_enforced
from federation.policy.lists.written import table_in, without_moments
from federation.policy.merge import merged
from federation.policy.problem import Problem, Unreadable
from federation.policy.read_policy import RULES_MAX
from federation.policy.read_rule import DATABASE, read_rules
from federation.policy.rule import Place, Policy, Rule
from federation.protocol.verdict import Refused
from storage import stored_rules
from storage.database import transaction
from storage.stored_rules import StoredRule

Table = Mapping[str, Any]

ADDED: Final = "rule.added"
CHANGED: Final = "rule.changed"
EXPIRED: Final = "rule.expired"
REVERTED: Final = "rule.reverted"
OVER: Final = "rule.over"

NO_RULE: Final = Refused("There is no such rule in the database.", 404)
ALREADY_OVER: Final = Refused("That rule is over already.", 409)


@dataclass(frozen=True, slots=True)
class Ground:
    """What a change of rules stands on.

    Attributes:
        written: The rules of files.
        own_hosts: Names of this node.
    """

    written: Policy
    own_hosts: Sequence[str]
    new_id: Callable[[], str]
    now: datetime
    by: By = MACHINE
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Changed:
    """What a change of rules has done, or would do.

    Attributes:
        rules: Ids of the rules that were made, changed or taken back.
        parted: Memberships that end.
        waiting: Deliveries that end unsent.
        policy: All rules as they are then.
    """

    rules: tuple[str, ...]
    parted: Partings
    waiting: int
    policy: Policy


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
        if there:
            return Unreadable(tuple(there))
        return await _change(_Change(ADDED, held, tuple(tables)), ground)


async def edit(
    name: str, values: Table, without: Sequence[str], ground: Ground
) -> Changed | Unreadable | Refused:
    """Give keys of a rule other values, and take keys away."""
    async with transaction():
        held = {row.id: row for row in await stored_rules.listed()}
        if name not in held:
            return NO_RULE
        table = {**table_in(held[name].written), **values}
        kept = {key: value for key, value in table.items() if key not in without}
        return await _change(_Change(CHANGED, held, (kept | {"id": name},)), ground)


async def expire(name: str, at: datetime, ground: Ground) -> Changed | Unreadable | Refused:
    """Let a rule end at a time."""
    async with transaction():
        held = {row.id: row for row in await stored_rules.listed()}
        if name not in held:
            return NO_RULE
        table = table_in(held[name].written)
        read = read_rules([table])
        if isinstance(read, tuple) and read[0].is_over(ground.now):
            return ALREADY_OVER
        return await _change(_Change(EXPIRED, held, (table | {"expires": at},)), ground)


async def revert(name: str, ground: Ground, *, reason: str = "") -> Changed | Unreadable | Refused:
    """Take a rule back: what it hid is shown again, from now on as before it was made."""
    async with transaction():
        held = {row.id: row for row in await stored_rules.listed()}
        if name not in held:
            return NO_RULE
        return await _change(_Change(REVERTED, held, (), (name,), reason), ground)


async def note_over(now: datetime) -> int:
    """Write down which rules have ended by themselves; answers how many."""
    async with transaction():
        ended = [
            row for row in await stored_rules.listed() if row.over_at is None and _is_over(row, now)
        ]
        for row in ended:
            detail = {"before": without_moments(table_in(row.written))}
            await note(SYSTEM, OVER, row.id, now, detail=_json(detail))
        return await stored_rules.note_over([row.id for row in ended], now)


@dataclass(frozen=True, slots=True)
class _Change:
    """What is to be done to the rules that are held."""

    act: str
    held: Mapping[str, StoredRule]
    put: tuple[Table, ...] = ()
    removed: tuple[str, ...] = ()
    reason: str = ""


async def _change(change: _Change, ground: Ground) -> Changed | Unreadable:
    """Do it inside a transaction, with all that follows from it; or only say what would."""
    kept = {
        name: table_in(row.written)
        for name, row in change.held.items()
        if name not in change.removed
    }
    put = read_rules(change.put, ground.own_hosts)
    if isinstance(put, Unreadable):
        return put
    made = {rule.id: rule for rule in put}
    problems = _wrong_with(put, len(kept.keys() | made.keys()), ground)
    if len(made) < len(put):
        problems.append(Problem(Place(DATABASE), "", "an id is there twice"))
    if problems:
        return Unreadable(tuple(problems))
    earlier = _read([table_in(row.written) for row in change.held.values()])
    before = await _in_force(earlier, ground)
    others = _read([table for name, table in kept.items() if name not in made])
    by_id = {rule.id: rule for rule in others} | made
    # PERF: what was read is not read again; that is a second for 100,000 domains.
    later = [replace(by_id[name], order=at) for at, name in enumerate(kept | made)]
    after = await _in_force(later, ground)
    parted = await find_partings(partial(_is_newly_out, before, after))
    waiting = await cut_off.ending(partial(why_not_delivered, after))
    count = sum(map(len, waiting.values()))
    done = Changed(change.removed or tuple(made), parted, count, merged(ground.written, later))
    if ground.dry_run:
        return done
    await _write(change, ground)
    await part(parted, new_id=ground.new_id, now=ground.now)
    await cut_off.end(waiting, ground.now)
    return done


def _wrong_with(put: tuple[Rule, ...], count: int, ground: Ground) -> list[Problem]:
    """Why there cannot be these rules, with so many in all."""
    in_files = {rule.id: rule.place for rule in ground.written.rules}
    found = [
        Problem(Place(DATABASE), f"rule {rule.id}", f"stands in {in_files[rule.id]}")
        for rule in put
        if rule.id in in_files
    ]
    found += not_enforced(Policy(put))
    if count + len(in_files) > RULES_MAX:
        found.append(Problem(Place(DATABASE), "", f"there are more than {RULES_MAX:,} rules"))
    return found


def _read(tables: Sequence[Table]) -> tuple[Rule, ...]:
    read = read_rules(tables)
    return () if isinstance(read, Unreadable) else read


async def _in_force(stored: Sequence[Rule], ground: Ground) -> Rules:
    return rules_of(
        merged(ground.written, stored),
        await blocked_domains(),
        now=ground.now,
        own_hosts=ground.own_hosts,
    )


def _is_newly_out(before: Rules, after: Rules, host: str) -> bool:
    return find_rule(after, host) is not None and find_rule(before, host) is None


async def _write(change: _Change, ground: Ground) -> None:
    now = ground.now
    rows = [
        StoredRule(str(table["id"]), _json(without_moments(table)), now, now)
        for table in change.put
    ]
    await stored_rules.put(rows, ground.new_id())
    await stored_rules.remove(change.removed, ground.new_id())
    after = {str(table["id"]): without_moments(table) for table in change.put}
    for name in change.removed or tuple(after):
        row = change.held.get(name)
        detail = {
            "before": None if row is None else without_moments(table_in(row.written)),
            "after": after.get(name),
            "reason": change.reason or None,
        }
        told = {key: value for key, value in detail.items() if value is not None}
        await note(ground.by, change.act, name, now, detail=_json(told))


def _json(document: object) -> str:
    return json.dumps(document, ensure_ascii=False)


def _is_over(row: StoredRule, now: datetime) -> bool:
    read = read_rules([table_in(row.written)])
    return isinstance(read, tuple) and read[0].is_over(now)
