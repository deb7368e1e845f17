"""PURE: what a node does not do yet of what can be written; it refuses to run with such rules.

A rule that reads as if it protected somebody and does not is worse than none. What is built is
taken out of here with the tests that show it.
"""

from collections.abc import Callable, Iterator
from typing import Final

from federation.policy.facts import Stage
from federation.policy.problem import Problem
from federation.policy.rule import Action, Federation, Place, Policy, Rule, conditions_in

NOT_YET: Final = "is not enforced yet"
STAGES: Final = frozenset({Stage.DOMAIN})
ACTIONS: Final = frozenset({Action.ACCEPT, Action.REJECT, Action.DROP})
FACTS: Final = frozenset({"domain"})
TABLES: Final = frozenset({"disclosure"})
# What the node does, by key of `disclosure`: members read public reasons, and no list is published.
DISCLOSED: Final = {"to_members": True, "publish_list": "nobody"}
FEDERATIONS: Final = frozenset({Federation.OPEN, Federation.ALLOWLIST})
LIST_FORMATS: Final[frozenset[str]] = frozenset()


def not_enforced(policy: Policy) -> tuple[Problem, ...]:
    """What of a policy would be written in vain, by file and line."""
    return (*_of_all(policy), *_of_lists(policy), *_of_rules(policy))


def _of_all(policy: Policy) -> Iterator[Problem]:
    head = Place(next((rule.place.file for rule in policy.rules), ""))
    if policy.federation not in FEDERATIONS:
        yield Problem(head, "policy", f"federation {policy.federation} {NOT_YET}")
    for name in sorted(policy.tables.keys() - TABLES):
        yield Problem(head, "policy", f"{name} {NOT_YET}")
    for key, done in DISCLOSED.items():
        if policy.tables.get("disclosure", {}).get(key, done) != done:
            yield Problem(head, "policy", f"disclosure.{key} other than {done} {NOT_YET}")


def _of_lists(policy: Policy) -> Iterator[Problem]:
    for each in policy.lists:
        if each.format not in LIST_FORMATS or not each.file:
            yield Problem(each.place, f"list {each.id}", f"format {each.format} {NOT_YET}")


def _of_rules(policy: Policy) -> Iterator[Problem]:
    for rule in policy.rules:
        for key, is_in_vain in _CHECKS:
            if is_in_vain(rule):
                yield Problem(rule.place, f"rule {rule.id}", f"{key} {NOT_YET}")
        for fact in sorted({each.key for each in conditions_in(rule.when)} - FACTS):
            yield Problem(rule.place, f"rule {rule.id}", f"when.{fact} {NOT_YET}")


_CHECKS: Final[tuple[tuple[str, Callable[[Rule], bool]], ...]] = (
    ("its stage", lambda rule: rule.stage not in STAGES),
    ("its action", lambda rule: rule.action is not None and rule.action not in ACTIONS),
    ("show", lambda rule: bool(rule.show)),
    ("hold", lambda rule: rule.hold is not None),
    ("then", lambda rule: rule.hold_earlier),
    ("notify_members", lambda rule: rule.notify_members),
)
