"""What a home has wrapped is kept for as long as somebody may read it or be told of its end."""

from datetime import UTC, datetime, timedelta

import pytest

from storage import database as db
from storage import relays
from storage.changes import PutRelay
from storage.times import to_ms

NOW = datetime(2026, 9, 3, 12, tzinfo=UTC)
DAY = timedelta(days=1)
GROUP = "https://home.test/c/01A"
BO = "https://beta.test/u/bo"


async def wrap(name: str, *, is_end: bool = False, passed_to: tuple[str, ...] = (BO,)) -> None:
    """Keep a wrapper, made now."""
    columns = ("id", "actor_uri", "document", "created_at")
    relay = f"{GROUP}/relay/{name}"
    await db.insert_many("activity", columns, [(relay, GROUP, "{}", to_ms(NOW))])
    kept = PutRelay(relay, "01A", f"https://masto.test/{name}", (), passed_to, is_end=is_end)
    async with db.transaction():
        await relays.put([kept])


async def close_the_group() -> None:
    columns = ("id", "uri", "kind", "is_home", "created_at", "changed_at", "closed_at")
    row = ("01A", GROUP, "group", True, 1, 1, to_ms(NOW))
    await db.insert_many("conversation", columns, [row])


async def kept() -> set[str]:
    return {row["id"].rpartition("/")[2] for row in await db.fetch("SELECT id FROM relay")}


@pytest.mark.usefixtures("database")
async def test_the_end_of_a_message_is_told_for_its_time():
    await wrap("told")
    await wrap("ended", is_end=True)

    early, late = await relays.reap(NOW), await relays.reap(NOW + DAY)

    assert (early, late) == (0, 1)
    assert await kept() == {"told"}


@pytest.mark.usefixtures("database")
async def test_a_closed_group_keeps_those_to_whom_a_deletion_would_be_passed_on():
    await wrap("to all", passed_to=())
    await wrap("to some")
    await close_the_group()

    early, late = await relays.reap(NOW), await relays.reap(NOW + DAY)

    assert (early, late) == (0, 1)
    assert await kept() == {"to some"}


@pytest.mark.usefixtures("database")
async def test_some_go_at_a_time():
    for number in range(3):
        await wrap(str(number), is_end=True)

    counts = [await relays.reap(NOW + DAY, limit=2) for _ in range(3)]

    assert counts == [2, 1, 0]
