"""What a list recommends becomes few rules; what should not be taken over unseen is named."""

from dataclasses import replace

import pytest

from federation.policy.facts import Direction
from federation.policy.lists.adopt import (
    OWN,
    RULES_OF_LIST_MAX,
    UNCLEAR,
    adopt,
    adopt_subscribed,
)
from federation.policy.lists.entry import Entry
from federation.policy.lists.mastodon_csv import WITHOUT_MEDIA
from federation.policy.lists.written import write_toml
from federation.policy.merge import of_lists
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


def test_a_list_that_is_read_again_gives_the_same_rules_in_any_order() -> None:
    entries = [Entry(f"{name}.example", Action.REJECT) for name in "cab"]

    one = adopt_subscribed(entries, "list", own_hosts=OURS, priority=-3)
    other = adopt_subscribed(entries[::-1], "list", own_hosts=OURS, priority=-3)

    assert one == other
    assert [table["priority"] for table in one.tables] == [-3]
    plain = adopt_subscribed(entries, "list", own_hosts=OURS, priority=0)
    assert "priority" not in plain.tables[0]


def test_where_every_entry_has_a_reason_of_its_own_reasons_go_and_not_entries() -> None:
    count = RULES_OF_LIST_MAX + 1
    entries = [Entry(f"a{n}.example", Action.DROP, public_reason=str(n)) for n in range(count)]

    adopted = adopt_subscribed(entries, "list", own_hosts=OURS, priority=0)

    assert (len(adopted.tables), adopted.count) == (1, count)
    assert "public_reason" not in adopted.tables[0]


def test_only_rules_of_a_list_stand_behind_all_others() -> None:
    entries = [Entry("a.example", Action.DROP), Entry("b.example", Action.REJECT)]
    rules = policy(write_toml(adopt(entries, "list", own_hosts=OURS).tables)).rules
    rules = (rules[0], replace(rules[1], owner="al"))

    assert [rule.is_from_list for rule in of_lists(rules, {"list"})] == [True, False]
