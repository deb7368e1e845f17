"""PURE: whole rules that another node publishes, read as what they say of domains.

What else they say, such as of words or of people, is theirs and is skipped. A rule that ends by a
date is for somebody to look at: whoever subscribes is not told when it has ended.

Source: policy.md 13
"""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from federation.policy.lists.entry import ENTRIES_MAX, PROBLEMS_MAX, Listed, unreadable
from federation.policy.lists.said import Attributed, said_by
from federation.policy.lists.written import read_json
from federation.policy.problem import Unreadable
from federation.policy.read_rule import read_rules
from federation.policy.rule import Place

# Nothing is over at it.
_NO_TIME: Final = datetime.min.replace(tzinfo=UTC)
DATED: Final = "ends by a date"


def read_rules_of_others(name: str, data: bytes) -> Listed | Unreadable:
    """Read `{"rule": [{...}]}` as a list; with one mistake in it nothing is read."""
    written = read_json(name, data)
    if isinstance(written, Unreadable):
        return written
    rules = read_rules(written.rules)
    if isinstance(rules, Unreadable):
        told = rules.problems[:PROBLEMS_MAX]
        return Unreadable(tuple(replace(each, place=Place(name)) for each in told))
    said = said_by(rules, _NO_TIME)
    if len(said.entries) > ENTRIES_MAX:
        return unreadable(name, [(0, f"has more than {ENTRIES_MAX:,} entries")])
    dated = frozenset(said.dated)

    def is_dated(each: Attributed) -> bool:
        return not dated.isdisjoint(each.rules)

    entries = tuple(
        replace(each.entry, unclear=DATED) if is_dated(each) else each.entry
        for each in said.entries
    )
    return Listed(entries, skipped=len(said.left_out))
