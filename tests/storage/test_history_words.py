"""What home says is read a page at a time, by a search that begins where the last page ended."""

from datetime import UTC, datetime

import pytest

from storage import database as db
from storage import readers

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
GROUP, ANOTHER = "https://home.test/c/01A", "https://home.test/c/01AB"


def ulid(number: int) -> str:
    return f"{number:026}"


async def say(group: str, *, relays: tuple[int, ...], removals: tuple[int, ...]) -> None:
    """Keep wrappers and removal notices of a group, by the numbers that their ids end in."""
    wrapped = [f"{group}/relay/{ulid(number)}" for number in relays]
    notices = [f"{group}/removal/{ulid(number)}" for number in removals]
    await db.insert_many(
        "activity",
        ("id", "actor_uri", "document", "created_at"),
        [(one, group, "{}", 1) for one in (*wrapped, *notices)],
    )
    await db.insert_many(
        "relay",
        ("id", "conversation_id", "message_uri", "is_end", "readers", "passed_to"),
        [(one, group[-26:], f"{one}/note", False, "", "[]") for one in wrapped],
    )
    await db.insert_many(
        "tombstone",
        ("uri", "actor_uri", "conversation_id", "activity_id", "deleted_at", "created_at"),
        [(f"{one}/note", group, "", one, 1, 1) for one in notices],
    )


@pytest.mark.usefixtures("database")
async def test_words_come_in_their_order_page_by_page():
    await say(GROUP, relays=(1, 4, 5, 9), removals=(2, 3, 7))
    await say(ANOTHER, relays=(1, 2, 6), removals=(8,))
    pages, after = [], ""

    while rows := await readers.words_of(GROUP, after=after, since=LONG_AGO, limit=2):
        pages.append([int(row["word"]) for row in rows])
        after = rows[-1]["word"]

    assert pages == [[1, 2], [3, 4], [5, 7], [9]]


@pytest.mark.usefixtures("database")
async def test_a_page_is_searched_for_from_its_beginning(database_url: str):
    args = [f"{GROUP}/{end}" for end in ("relay/", "relay0", "removal/", "removal0")]

    async with db.transaction():
        if database_url.startswith("sqlite"):
            plan = await db.fetch(f"EXPLAIN QUERY PLAN {readers.WORDS}", *args, 0, 100)
            steps = [row["detail"] for row in plan]
            begun = (
                ("SEARCH relay", "(id>? AND id<?)"),
                ("SEARCH tombstone", "(activity_id>? AND activity_id<?)"),
            )
        else:
            # Tables without rows would be read as a whole.
            await db.run("SET LOCAL enable_seqscan = off")
            plan = await db.fetch(f"EXPLAIN {readers.WORDS}", *args, 0, 100)
            steps = [row["QUERY PLAN"] for row in plan]
            begun = tuple(("Index Cond", f"> '{GROUP}/{kind}/'") for kind in ("relay", "removal"))

    for words in begun:
        assert any(all(word in step for word in words) for step in steps), steps
