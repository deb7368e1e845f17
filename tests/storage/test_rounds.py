"""Large tables are gone through in parts, from where the last part ended."""

from datetime import UTC, datetime, timedelta

import pytest

from storage import activities, seen
from storage.database import fetch, insert_many, transaction
from storage.times import to_ms

pytestmark = pytest.mark.usefixtures("database")

NOW = datetime(2026, 9, 3, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


async def keep(*names: str) -> None:
    rows = [(name, "https://a/u/al", "{}", to_ms(NOW)) for name in names]
    await insert_many("activity", ("id", "actor_uri", "document", "created_at"), rows)


async def refer_to(name: str) -> None:
    await insert_many("log_entry", ("log_uri", "seq", "activity_id"), [("https://a/l", 1, name)])


async def kept() -> list[str]:
    return sorted(row["id"] for row in await fetch("SELECT id FROM activity"))


async def test_what_nothing_refers_to_goes_part_by_part() -> None:
    await keep("a", "b", "c", "d", "e")
    await refer_to("a")
    await refer_to("d")

    counts = [await activities.reap(LATER, limit=2) for _ in range(3)]

    assert counts == [2, 2, 0]
    assert await kept() == ["a", "d"]


async def test_after_the_last_part_a_round_begins_anew() -> None:
    await keep("a", "b", "c")
    await refer_to("a")
    for _ in range(2):
        await activities.reap(LATER, limit=2)

    async with transaction():
        await fetch("DELETE FROM log_entry RETURNING id")
    await activities.reap(LATER, limit=2)

    assert await kept() == []


async def test_what_is_young_stays() -> None:
    await keep("a")

    await activities.reap(NOW, limit=2)

    assert await kept() == ["a"]


async def test_claims_go_part_by_part() -> None:
    claims = {seen.Triple("https://a/u/al", f"https://a/{n}", ""): "hash" for n in range(5)}
    async with transaction():
        await seen.claim(claims, NOW)

    counts = [await seen.reap(LATER, limit=2) for _ in range(3)]

    assert counts == [2, 2, 0]
    assert await fetch("SELECT id FROM seen") == []
