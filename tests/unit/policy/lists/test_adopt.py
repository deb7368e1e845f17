"""What a list recommends becomes few rules; what should not be taken over unseen is named."""

import pytest

from federation.policy.facts import Direction
from federation.policy.lists.adopt import OWN, UNCLEAR, adopt
from federation.policy.lists.entry import Entry
from federation.policy.lists.mastodon_csv import WITHOUT_MEDIA
from federation.policy.lists.written import write_toml
from federation.policy.rule import Action
from tests.support.rules import policy

OURS = ("own.test", "chat.own.test")


def test_what_says_the_same_is_one_rule() -> None:
    entries = [
        Entry("a.example", Action.REJECT, show=WITHOUT_MEDIA),
        Entry("b.example", Action.REJECT, labels=("x",)),
        Entry("c.example", Action.REJECT, public_reason="Spam"),
        Entry("d.example", Action.DROP),
        Entry("*.e.example", Action.ACCEPT),
    ]

    adopted = adopt(entries, "list", own_hosts=OURS)
    rules = policy(write_toml(adopted.tables)).rules

    assert (len(rules), adopted.count, adopted.left_out) == (4, 5, {})
    first = adopted.tables[0]
    assert first["when"] == {"domain": ["a.example", "b.example"]}
    assert "show" not in first
    assert {rule.owner for rule in rules} == {"list"}
    assert rules[0].direction is Direction.BOTH
    assert [rule.id for rule in rules[1:]] == [
        *("list.c.example", "list.d.example", "list.below.e.example"),
    ]


def test_what_nobody_should_take_over_unseen_is_left_out_and_named() -> None:
    entries = [
        Entry("own.test", Action.REJECT),
        Entry("test", Action.REJECT, unclear="a whole top-level domain"),
        Entry("example", Action.REJECT, unclear="a whole top-level domain"),
        Entry("loud.example", Action.REQUEST, show=WITHOUT_MEDIA),
        Entry("pics.example", show=WITHOUT_MEDIA),
        Entry("flags.example", Action.REJECT, drops_reports=True),
    ]

    adopted = adopt(entries, "list", own_hosts=OURS)

    assert adopted.left_out == {
        OWN: ("own.test", "test"),
        UNCLEAR: ("example",),
    }
    assert [table["when"] for table in adopted.tables] == [
        {"domain": ["loud.example"]},
        {"domain": ["pics.example"]},
        {"domain": ["flags.example"]},
        {"domain": ["flags.example"], "type": ["Flag"]},
    ]


def test_a_long_list_is_a_few_rules_whose_ids_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("federation.policy.lists.adopt.DOMAINS_MAX", 3)
    entries = [Entry(f"d{n}.example", Action.REJECT) for n in range(7)]

    adopted = adopt(entries, "l" * 64, own_hosts=OURS)

    assert [len(table["when"]["domain"]) for table in adopted.tables] == [3, 3, 1]
    assert len({table["id"] for table in adopted.tables}) == 3
    assert all(len(table["id"]) <= 64 for table in adopted.tables)
