"""What one process does for all is done by one at a time, and by another when that one is gone."""

from datetime import UTC, datetime, timedelta

from storage import leases
from storage.database import Database

NOW = datetime(2026, 9, 3, 12, tzinfo=UTC)

MINUTE = timedelta(minutes=1)


async def test_a_lease_belongs_to_whoever_came_first(database: Database):
    assert await leases.take("upkeep", "one", NOW, lasts=MINUTE)

    assert not await leases.take("upkeep", "two", NOW, lasts=MINUTE)
    assert await leases.take("another thing", "two", NOW, lasts=MINUTE)


async def test_whoever_has_it_prolongs_it(database: Database):
    await leases.take("upkeep", "one", NOW, lasts=MINUTE)

    assert await leases.take("upkeep", "one", NOW + MINUTE / 2, lasts=MINUTE)

    assert not await leases.take("upkeep", "two", NOW + MINUTE, lasts=MINUTE)


async def test_whoever_is_silent_for_too_long_has_lost_it(database: Database):
    await leases.take("upkeep", "one", NOW, lasts=MINUTE)

    assert await leases.take("upkeep", "two", NOW + MINUTE, lasts=MINUTE)

    assert not await leases.take("upkeep", "one", NOW + MINUTE, lasts=MINUTE)


async def test_only_whoever_has_it_gives_it_back(database: Database):
    await leases.take("upkeep", "one", NOW, lasts=MINUTE)

    await leases.give_back("upkeep", "two")
    assert not await leases.take("upkeep", "two", NOW, lasts=MINUTE)
    await leases.give_back("upkeep", "one")

    assert await leases.take("upkeep", "two", NOW, lasts=MINUTE)
