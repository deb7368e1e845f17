"""PURE: rules of files and rules that are stored become one policy."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from federation.policy.rule import Policy, Rule


def merged(written: Policy, stored: Sequence[Rule]) -> Policy:
    """All rules, those of files first; one of them holds instead of a stored one of its id."""
    taken = {rule.id for rule in written.rules}
    others = [rule for rule in stored if rule.id not in taken]
    begin = 1 + max((rule.order for rule in written.rules), default=-1)
    numbered = tuple(replace(rule, order=begin + at) for at, rule in enumerate(others))
    return replace(written, rules=written.rules + numbered)


def of_lists(rules: Sequence[Rule], lists: Collection[str]) -> tuple[Rule, ...]:
    """Stored rules, of which those that a list owns stand behind all others."""
    return tuple(
        replace(rule, is_from_list=True) if rule.owner in lists else rule for rule in rules
    )
