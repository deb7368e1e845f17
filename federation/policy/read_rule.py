"""PURE: one rule that does not stand in a file, as it was written down.

Source: policy.md 7, 12
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from federation.policy.conditions import Network
from federation.policy.facts import Stage
from federation.policy.fields import Mistake, read_table
from federation.policy.problem import Problem, Unreadable
from federation.policy.read_when import Reading, read_when
from federation.policy.rule import Place, Rule
from federation.policy.schema import RULE
from federation.policy.sense import nonsense_in

NEEDED: Final = ("id", "stage")
DATABASE: Final = "database"
Networks = Mapping[str, tuple[Network, ...] | None]


def read_rule(
    written: Mapping[str, Any],
    *,
    networks: Networks | None = None,
    own_hosts: Sequence[str] = (),
    order: int = 0,
    is_from_list: bool = False,
) -> Rule | Unreadable:
    """Read a rule, or tell every mistake in it.

    Args:
        written: Its table, as in a file.
        networks: By list, for rules that name one; see `Reading`.
        own_hosts: Names of this node, which no rule may block.
        order: Its number among all rules.
        is_from_list: A list brought it.
    """
    found, mistakes = read_table(written, RULE)
    mistakes += [(key, "is missing") for key in NEEDED if key not in written]
    stage = found.get("stage")
    if isinstance(stage, Stage):
        reading = Reading(stage, networks or {})
        found["when"] = read_when(found.get("when", {}), reading)
        mistakes += [(f"when.{key}", reason) for key, reason in reading.mistakes]
    if not mistakes:
        found["hold_earlier"] = found.pop("then", False)
        rule = Rule(**found, is_from_list=is_from_list, order=order, place=Place(DATABASE))
        mistakes = nonsense_in(rule, own_hosts)
        if not mistakes:
            return rule
    return _told(found.get("id", written.get("id")), mistakes)


def read_rules(
    tables: Sequence[Mapping[str, Any]], own_hosts: Sequence[str] = ()
) -> tuple[Rule, ...] | Unreadable:
    """Rules that somebody has written, or every mistake in them."""
    read = [
        read_rule(table, own_hosts=own_hosts, order=order) for order, table in enumerate(tables)
    ]
    problems = [one for each in read if isinstance(each, Unreadable) for one in each.problems]
    if problems:
        return Unreadable(tuple(problems))
    return tuple(each for each in read if isinstance(each, Rule))


def _told(name: object, mistakes: Sequence[Mistake]) -> Unreadable:
    subject = f"rule {name}"[:80] if isinstance(name, str) else "rule"
    return Unreadable(
        tuple(
            Problem(Place(DATABASE), subject, f"{key[:80]} {reason}".strip())
            for key, reason in mistakes
        )
    )
