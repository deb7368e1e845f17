"""What tools say of a domain becomes an entry, and is read back as it was said."""

from datetime import UTC, datetime
from itertools import product
from typing import Any

import pytest

from federation.policy.lists.domain_block import NOOP, RANKS, DomainBlock, block_of, entry_of
from federation.policy.lists.entry import Entry, rules_of
from federation.policy.lists.said import said_by
from federation.policy.read_rule import read_rules
from federation.policy.rule import Action

NOW = datetime(2026, 12, 1, tzinfo=UTC)
ALL = [
    DomainBlock("bad.example", severity, media, reports, "why", "case 3", is_masked)
    for severity, media, reports, is_masked in product(RANKS, *([False, True],) * 3)
]


@pytest.mark.parametrize("block", ALL)
def test_a_block_is_read_back_from_its_rules_as_it_was_said(block: DomainBlock):
    entry = entry_of(block)
    tables = list(rules_of(entry, "r", "api"))
    if entry.says_nothing:
        assert (block.severity, tables) == (NOOP, [])
        return

    rules = read_rules(tables)

    assert isinstance(rules, tuple), rules
    (said,) = said_by(rules, NOW).entries
    assert block_of(said.entry) == block


@pytest.mark.parametrize(
    "entry",
    [
        Entry("bad.example", Action.ACCEPT),
        Entry("bad.example", Action.LIMIT),
        Entry("*.bad.example", Action.REJECT),
    ],
)
def test_what_cannot_be_said_so_is_none(entry: Entry):
    assert block_of(entry) is None


@pytest.mark.parametrize(
    ("mine", "theirs", "is_stricter"),
    [
        (("suspend",), ("suspend",), True),
        (("suspend",), ("silence", True, True), True),
        (("silence",), ("suspend",), False),
        (("silence",), ("silence",), True),
        (("silence",), ("silence", True), False),
        (("silence", True), ("silence", False, True), False),
        (("silence", False, True), ("noop", False, True), True),
        (("noop", True), ("silence",), False),
    ],
)
def test_blocks_are_compared_as_mastodon_compares_them(
    mine: tuple[Any, ...], theirs: tuple[Any, ...], *, is_stricter: bool
):
    first, second = DomainBlock("a.example", *mine), DomainBlock("b.example", *theirs)

    assert first.is_stricter_than(second) is is_stricter
