"""Rules that stand in no file are kept, name the set anew with each change, and go in the end."""

from datetime import UTC, datetime, timedelta

import pytest

from storage import stored_rules
from storage.database import transaction
from storage.policy_rules import find_versions
from storage.stored_rules import StoredRule

NOW = datetime(2026, 12, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def row(name: str, written: str = "{}", at: datetime = NOW) -> StoredRule:
    return StoredRule(name, written, at, at)


async def put(*rows: StoredRule, version: str = "v1") -> None:
    async with transaction():
        await stored_rules.put(rows, version)


@pytest.mark.usefixtures("database")
class TestStoredRules:
    async def test_rules_come_back_the_oldest_first(self):
        await put(row("b", at=NOW + DAY), row("c"), row("a", at=NOW + DAY))

        assert [each.id for each in await stored_rules.listed()] == ["c", "a", "b"]

    async def test_another_text_keeps_when_a_rule_was_made(self):
        await put(row("a"))
        await stored_rules.note_over(["a"], NOW)

        await put(row("a", '{"x":1}', NOW + DAY), version="v2")

        assert await stored_rules.listed() == [StoredRule("a", '{"x":1}', NOW, NOW + DAY, None)]
        assert (await find_versions()).stored == "v2"

    async def test_since_when_some_of_them_are_kept(self):
        await put(row("a"), row("b", at=NOW + DAY), row("c"))

        assert await stored_rules.made_at(["b", "file"]) == {"b": NOW + DAY}
        assert await stored_rules.made_at([]) == {}

    async def test_what_is_taken_away_names_the_set_anew_and_what_is_not_does_not(self):
        await put(row("a"), row("b"))

        async with transaction():
            gone = await stored_rules.remove(["a"], "v2")
            none = await stored_rules.remove(["a"], "v3")

        assert (gone, none) == (1, 0)
        assert (await find_versions()).stored == "v2"

    async def test_what_is_over_is_noted_once_and_goes_after_a_while(self):
        await put(row("a"), row("b"))

        assert await stored_rules.note_over(["a"], NOW) == 1
        assert await stored_rules.note_over(["a"], NOW + DAY) == 0
        assert await stored_rules.note_over([], NOW) == 0
        assert await stored_rules.reap(NOW) == 0
        assert await stored_rules.reap(NOW + DAY) == 1
        assert [each.id for each in await stored_rules.listed()] == ["b"]
