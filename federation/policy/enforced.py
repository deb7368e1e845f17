"""PURE: what a node does not do yet of what can be written; it refuses to run with such rules.

A rule that reads as if it protected somebody and does not is worse than none. What is built is
taken out of here with the tests that show it.
"""

from collections.abc import Iterator
from typing import Final

from federation.policy.facts import HEADER
from federation.policy.problem import Problem
from federation.policy.rule import Action, Place, Policy, conditions_in

NOT_YET: Final = "is not enforced yet"
# docs/decisions/0038
NOT_OFFERED: Final = "is not offered: whether strangers wait is each person's own choice"
FACTS: Final = frozenset(
    {
        *("cidr", "cidr_list", "path", "user_agent", "body_size"),
        *("domain", "domain_first_seen", "software", "software_version", "aware"),
        *("federation_known", "local_account_age", "new_contacts", "media_digest", "encrypted"),
        *("actor", "actor_name", "actor_type", "actor_first_seen", "actor_published"),
        *("has_icon", "bot", "instrument"),
        *("type", "object_type", "relation", "recipients", "local_recipients", "mentions"),
        "similar",
        *("group_size", "object_age", "links", "attachments", "reports"),
        *("text", "text_length", "language", "link_domain", "media_type", "hashtag", "emoji"),
    }
)
TABLES: Final = frozenset({"disclosure", "shields", "strangers", "undo"})
CIDR: Final = "cidr"
LIST_FORMATS: Final = frozenset(
    {CIDR, "fires", "json", "mastodon-csv", "mastodon-instance", "plain", "merge"}
)


def not_enforced(policy: Policy) -> tuple[Problem, ...]:
    """What of a policy would be written in vain, by file and line."""
    return (*_of_all(policy), *_of_lists(policy), *_of_rules(policy))


def _of_all(policy: Policy) -> Iterator[Problem]:
    head = Place(next((rule.place.file for rule in policy.rules), ""))
    for name in sorted(policy.tables.keys() - TABLES):
        yield Problem(head, "policy", f"{name} {NOT_YET}")
    for key in ("message", "group_invite"):
        if policy.tables.get("strangers", {}).get(key) is Action.ACCEPT:
            yield Problem(head, "policy", f"strangers.{key} accept {NOT_OFFERED}")
    for key in ("show_media", "show_links", "push"):
        if policy.tables.get("strangers", {}).get(key, False):
            yield Problem(head, "policy", f"strangers.{key} {NOT_OFFERED}")


def _of_lists(policy: Policy) -> Iterator[Problem]:
    for each in policy.lists:
        # Networks are read with the configuration, and what is on other lists while the node runs.
        if each.format not in LIST_FORMATS or (each.format == CIDR and not each.file):
            yield Problem(each.place, f"list {each.id}", f"format {each.format} {NOT_YET}")


def _of_rules(policy: Policy) -> Iterator[Problem]:
    for rule in policy.rules:
        for fact in sorted({each.key for each in conditions_in(rule.when)} - FACTS):
            if fact.startswith(HEADER):
                continue
            yield Problem(rule.place, f"rule {rule.id}", f"when.{fact} {NOT_YET}")
