"""What is to be written when a list was read, or when somebody adopts what it says.

Nothing here asks the database: it is computed aside, while the node does other things.

Source: policy.md 13
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from federation.commands.rule_change import Ground
from federation.policy.lists.adopt import adopt_subscribed
from federation.policy.lists.entry import Entry
from federation.policy.lists.packed import pack, unpack
from federation.policy.lists.subscribed import (
    Difference,
    Held,
    Subscription,
    Who,
    by_itself,
    by_subject,
    decided,
    difference,
    is_too_much,
    wanted,
)
from storage.policy_lists import ListContent, ListRow


@dataclass(frozen=True, slots=True)
class Reading:
    """A list as it was read.

    Attributes:
        takes_back_one_by_one: Nothing on it is no mistake: it says of each entry that it goes.
        kept: By what it is read on; `offered` and what was decided are not looked at.
        due_at: When it is read next.
    """

    entries: tuple[Entry, ...]
    due_at: datetime
    kept: ListContent = field(default_factory=ListContent)
    takes_back_one_by_one: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be written."""

    row: ListRow
    kept: ListContent
    waits: Difference
    tables: Sequence[Mapping[str, Any]] | None
    before: Held
    after: Held
    withheld: int
    left_out: Mapping[str, tuple[str, ...]]
    is_new: bool = False

    @property
    def changes(self) -> tuple[list[str], list[str], list[str]]:
        """The keys of entries that are added, changed, and gone."""
        before, after = self.before, self.after
        return (
            sorted(key for _, key in after.keys() - before.keys()),
            sorted(who[1] for who in after.keys() & before.keys() if after[who] != before[who]),
            sorted(key for _, key in before.keys() - after.keys()),
        )


@dataclass(frozen=True, slots=True)
class Known:
    """What there is of a list, and with whose hosts somebody here is in touch."""

    row: ListRow
    kept: ListContent
    touching: Collection[str]

    @property
    def said(self) -> bytes | None:
        """What it says, believed or not."""
        return self.kept.offered if self.kept.withheld is None else self.kept.withheld

    def held(self) -> tuple[dict[Who, Entry], dict[Who, Entry]]:
        """What of it holds, and what was decided against."""
        return by_subject(unpack(self.kept.adopted)), by_subject(unpack(self.kept.declined))


def waiting(wish: Subscription, known: Known, own_hosts: Sequence[str]) -> Difference:
    """What of a list waits for a decision."""
    wants = wanted(unpack(known.said), wish, in_touch=known.touching, own_hosts=own_hosts)
    return difference(wants, *known.held(), wish)


def planned(wish: Subscription, reading: Reading, ground: Ground, known: Known) -> Plan:
    """What comes of a list that was read."""
    wants = wanted(reading.entries, wish, in_touch=known.touching, own_hosts=ground.own_hosts)
    adopted, declined = known.held()
    told = difference(wants, adopted, declined, wish)
    is_new = known.row.changed_at is None or reading.entries != unpack(known.said)
    changed_at = ground.now if is_new else known.row.changed_at
    row = replace(known.row, read_at=ground.now, changed_at=changed_at, due_at=reading.due_at)
    kept = replace(
        reading.kept,
        adopted=known.kept.adopted,
        declined=known.kept.declined,
        offered=known.kept.offered,
    )
    is_empty = not reading.entries and not reading.takes_back_one_by_one
    if is_too_much(told, adopted, is_empty=is_empty):
        gone, is_new = len(told.removed), known.kept.withheld is None
        why = f"it takes back {gone:,} of {len(adopted):,} entries at once, which is not believed"
        row = replace(row, draft_count=len(told), trouble=why)
        kept = replace(kept, withheld=pack(reading.entries))
        return Plan(row, kept, told, None, adopted, adopted, gone, {}, is_new=is_new)
    kept = replace(kept, offered=pack(reading.entries))
    row = replace(row, trouble="", offered_count=len(reading.entries))
    after = by_itself(told, adopted, wish)
    return _arranged(wish, ground, _Held(row, kept, wants, adopted, declined, after))


def adopting(
    wish: Subscription, ground: Ground, known: Known, only: Collection[str] | None
) -> Plan | None:
    """What adopting comes to; None where nothing waits of what is named."""
    told = waiting(wish, known, ground.own_hosts)
    if only is not None and not told.keys & set(only):
        return None
    row, kept, entries = known.row, known.kept, unpack(known.said)
    wants = wanted(entries, wish, in_touch=known.touching, own_hosts=ground.own_hosts)
    adopted, declined = known.held()
    if only is None:
        kept = replace(kept, offered=known.said, withheld=None)
        row = replace(row, trouble="", offered_count=len(entries))
    after = decided(told, adopted, only)
    return _arranged(wish, ground, _Held(row, kept, wants, adopted, declined, after))


@dataclass(frozen=True, slots=True)
class _Held:
    """What a plan is made of."""

    row: ListRow
    kept: ListContent
    wants: Held
    before: Held
    declined: Held
    after: dict[Who, Entry]


def _arranged(wish: Subscription, ground: Ground, held: _Held) -> Plan:
    """Rules for what is to hold; what cannot be a rule stays a draft."""
    made = adopt_subscribed(
        held.after.values(), wish.id, own_hosts=ground.own_hosts, priority=wish.priority
    )
    left = {key for keys in made.left_out.values() for key in keys}
    after = {who: entry for who, entry in held.after.items() if entry.key not in left}
    waits = difference(held.wants, after, held.declined, wish)
    declined = {who: entry for who, entry in held.declined.items() if who not in after}
    return Plan(
        replace(held.row, adopted_count=len(after), draft_count=len(waits)),
        replace(held.kept, adopted=pack(after.values()), declined=pack(declined.values())),
        waits,
        made.tables,
        held.before,
        after,
        0,
        made.left_out,
    )
