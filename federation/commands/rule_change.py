"""Rules of the database change together, with all that this parts, or not at all.

A rule that keeps hosts out ends memberships with them and the deliveries that wait for them, as
blocking a domain does, and deletes nothing.

Source: policy.md 6, 7
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from federation.commands import cut_off
from federation.commands.block_domain import blocked_domains
from federation.commands.deeds import MACHINE, By, note
from federation.commands.parting import Partings, find_partings, part
from federation.commands.settle_rules import remember
from federation.policy.domains import Rules, find_rule, rules_of, why_not_delivered
from federation.policy.enforced import not_enforced
from federation.policy.lists.written import table_in, without_moments
from federation.policy.merge import merged, of_lists
from federation.policy.problem import Problem, Unreadable
from federation.policy.read_policy import RULES_MAX
from federation.policy.read_rule import DATABASE, read_rules
from federation.policy.rule import Place, Policy, Rule
from storage import policy_lists, stored_rules
from storage.stored_rules import StoredRule

Table = Mapping[str, Any]


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
class Noted:
    """What the audit log says of a change of many rules: what was done, and of what it came."""

    act: str
    about: str
    detail: str


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


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be done to the rules that are held."""

    act: str
    held: Mapping[str, StoredRule]
    put: tuple[Table, ...] = ()
    removed: tuple[str, ...] = ()
    reason: str = ""
    noted: Noted | None = None


async def change_rules(change: Change, ground: Ground) -> Changed | Unreadable:
    """Do it with all that follows from it, or only say what would.

    Transaction: expects to run inside one.
    """
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
    earlier = read_tables([table_in(row.written) for row in change.held.values()])
    before = await _in_force(earlier, ground)
    others = read_tables([table for name, table in kept.items() if name not in made])
    by_id = {rule.id: rule for rule in others} | made
    # PERF: what was read is not read again; that is a second for 100,000 domains.
    later = [replace(by_id[name], order=at) for at, name in enumerate(kept | made)]
    after = await _in_force(later, ground)
    parted = await find_partings(partial(_is_newly_out, before, after))
    waiting = await cut_off.ending(partial(why_not_delivered, after))
    count = sum(map(len, waiting.values()))
    done = Changed((*made, *change.removed), parted, count, merged(ground.written, later))
    if ground.dry_run:
        return done
    await _write(change, ground)
    await part(parted, new_id=ground.new_id, now=ground.now)
    await cut_off.end(waiting, ground.now)
    await remember(after, ground.now)
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


def read_tables(tables: Sequence[Table]) -> tuple[Rule, ...]:
    """Rules that are held already; none where one of them cannot be read."""
    read = read_rules(tables)
    return () if isinstance(read, Unreadable) else read


async def _in_force(stored: Sequence[Rule], ground: Ground) -> Rules:
    lists = await policy_lists.ids()
    return rules_of(
        merged(ground.written, of_lists(stored, lists)),
        await blocked_domains(),
        now=ground.now,
        own_hosts=ground.own_hosts,
    )


def _is_newly_out(before: Rules, after: Rules, host: str) -> bool:
    return find_rule(after, host) is not None and find_rule(before, host) is None


async def _write(change: Change, ground: Ground) -> None:
    now = ground.now
    rows = [
        StoredRule(str(table["id"]), as_json(without_moments(table)), now, now)
        for table in change.put
    ]
    await stored_rules.put(rows, ground.new_id())
    await stored_rules.remove(change.removed, ground.new_id())
    if change.noted is not None:
        noted = change.noted
        await note(ground.by, noted.act, noted.about, now, detail=noted.detail)
        return
    after = {str(table["id"]): without_moments(table) for table in change.put}
    for name in (*change.removed, *after):
        row = change.held.get(name)
        detail = {
            "before": None if row is None else without_moments(table_in(row.written)),
            "after": after.get(name),
            "reason": change.reason or None,
        }
        told = {key: value for key, value in detail.items() if value is not None}
        await note(ground.by, change.act, name, now, detail=as_json(told))


def as_json(document: object) -> str:
    """As the audit log and the table of rules have it."""
    return json.dumps(document, ensure_ascii=False)
