"""What a node would not enforce is named before it runs."""

import pytest

from federation.policy.enforced import not_enforced
from federation.policy.merge import merged
from tests.support.rules import policy, rule

DOMAIN = 'stage = "domain"\nwhen.domain = "bad.example"\n'


ACTOR = 'stage = "actor"\nwhen.bot = true\n'
LIMIT = 'limit = { key = "actor", rate = "1/hour", burst = 1, over = "hold" }'


def named(text: str) -> list[str]:
    return [str(each) for each in not_enforced(policy(text))]


@pytest.mark.parametrize("action", ["accept", "request", "hold", "reject", "drop"])
@pytest.mark.parametrize("stage", ["domain", "actor", "behaviour", "content"])
def test_what_is_judged_when_it_is_filed_is_enforced(stage: str, action: str) -> None:
    lines = f'stage = "{stage}"\nwhen.domain = "bad.example"\nwhen.aware = false\n'
    assert named(rule(f'{lines}action = "{action}"')) == []
    assert named(rule(f'{DOMAIN}direction = "both"\naction = "reject"')) == []


@pytest.mark.parametrize("action", ["accept", "reject", "drop"])
def test_what_is_asked_before_anything_is_read_is_enforced(action: str) -> None:
    lines = f'stage = "connection"\nwhen.path = "/"\nwhen.header.x = "a"\naction = "{action}"'
    assert named(rule(lines)) == []


def test_a_limit_before_the_answer_is_enforced() -> None:
    assert named(rule(ACTOR + f'action = "limit"\n{LIMIT}')) == []


def test_what_changes_what_is_shown_is_enforced() -> None:
    assert named(rule(DOMAIN + 'show = ["no_preview", "strip_media", "disable_links"]')) == []


def test_what_goes_out_is_enforced() -> None:
    assert named(rule(ACTOR + 'direction = "out"\naction = "drop"')) == []


def test_what_is_similar_is_enforced() -> None:
    similar = 'when.similar = { window = "10m", local_recipients = 5 }\n'
    lines = f'stage = "behaviour"\n{similar}action = "hold"\nthen = {{ hold_earlier = true }}'
    assert named(rule(lines)) == []


def test_what_is_said_for_all_is_enforced() -> None:
    text = 'mode = "observe"\nfederation = "approval"\non_error = "drop"\n'
    assert named(f'[policy]\n{text}[policy.disclosure]\nto_sender = "full"\n') == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[list]]\nid = "l"\nformat = "cidr"\nurl = "https://l.example"', "format cidr"),
    ],
)
def test_what_would_be_in_vain_is_named(text: str, said: str) -> None:
    found = named(text)

    assert any(said in each for each in found)
    assert all("is not enforced yet" in each for each in found)


@pytest.mark.parametrize(
    "line",
    [
        *('message = "accept"', 'group_invite = "accept"'),
        *("show_media = true", "show_links = true", "push = true"),
    ],
)
def test_what_would_choose_for_people_is_not_offered(line: str) -> None:
    (found,) = named(f"[policy.strangers]\n{line}")

    assert line.partition(" ")[0] in found
    assert "is not offered: whether strangers wait is each person's own choice" in found


def test_what_only_says_how_it_is_may_be_written() -> None:
    assert named("[policy.strangers]\nshow_media = false\nshow_links = false\npush = false") == []


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
