"""What a node would not enforce is named before it runs."""

import pytest

from federation.policy.enforced import not_enforced
from federation.policy.merge import merged
from tests.support.rules import policy, rule

DOMAIN = 'stage = "domain"\nwhen.domain = "bad.example"\n'


def named(text: str) -> list[str]:
    return [str(each) for each in not_enforced(policy(text))]


@pytest.mark.parametrize("action", ["accept", "reject", "drop"])
def test_rules_on_a_domain_are_enforced(action: str) -> None:
    assert named(rule(f'{DOMAIN}action = "{action}"')) == []


def test_what_is_said_for_all_is_enforced() -> None:
    text = 'mode = "observe"\nfederation = "allowlist"\non_error = "drop"\n'
    assert named(f'[policy]\n{text}[policy.disclosure]\nto_sender = "full"\n') == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (rule(DOMAIN + 'action = "reject"\nnotify_members = true'), "notify_members"),
        ("[policy.disclosure]\nto_members = false", "disclosure.to_members other than True"),
        ('[policy.disclosure]\npublish_list = "public"', "disclosure.publish_list other than"),
        ('[policy.undo]\ngrace = "30d"', "undo"),
        ('[policy.shields]\ndefault_duration = "6h"', "shields"),
        ('[[list]]\nid = "l"\nformat = "plain"\nurl = "https://l.example"', "format plain"),
    ],
)
def test_what_would_be_in_vain_is_named(text: str, said: str) -> None:
    (only,) = named(text)

    assert said in only
    assert only.endswith("is not enforced yet")


def test_a_rule_of_a_file_holds_instead_of_a_stored_one_of_its_id() -> None:
    written = policy(
        rule(DOMAIN + 'action = "reject"', "a") + rule(DOMAIN + 'action = "drop"', "b")
    )
    stored = policy(rule(DOMAIN + 'action = "accept"', "b") + rule(DOMAIN + 'action = "drop"', "c"))

    whole = merged(written, stored.rules)

    assert [(each.id, each.action, each.order) for each in whole.rules] == [
        ("a", "reject", 0),
        ("b", "drop", 1),
        ("c", "drop", 2),
    ]
