"""Items of one batch do not see each other, and none is lost by that."""

from typing import Any

from federation.pipeline import batch
from federation.pipeline.item import Received
from federation.pipeline.outcome import Applied, Ignored, KeptOut, PutOff
from federation.pipeline.prepare import Tools
from federation.protocol.parse import parse_activity
from federation.protocol.timestamps import format_time
from storage.database import fetch, transaction
from tests.support.home_town import ALICE, LEGACY, NOW


def direct_note(number: int) -> dict[str, Any]:
    """A direct message to Alice, as unaware software writes it."""
    uri = f"{LEGACY}/statuses/{number}"
    return {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": f"{uri}/activity",
        "type": "Create",
        "actor": LEGACY,
        "to": [ALICE],
        "published": format_time(NOW),
        "object": {
            "id": uri,
            "type": "Note",
            "attributedTo": LEGACY,
            "to": [ALICE],
            "tag": [{"type": "Mention", "href": ALICE, "name": "@alice@home.test"}],
            "content": f"<p>message {number}</p>",
            "published": format_time(NOW),
        },
    }


def received(document: dict[str, Any]) -> Received:
    return Received(parse_activity(document), "", "", NOW)


async def run(tools: Tools, *documents: dict[str, Any]) -> list[type[object]]:
    async with transaction():
        report = await batch.run([received(one) for one in documents], tools, NOW)
    return [type(outcome) for outcome in report.outcomes]


async def shown() -> list[str]:
    rows = await fetch("SELECT text FROM message WHERE author_uri = $1 ORDER BY text", LEGACY)
    return [row["text"] for row in rows]


async def test_a_message_that_is_put_off_is_shown_by_the_next_batch(tools: Tools):
    first = await run(tools, direct_note(1), direct_note(2))
    second = await run(tools, direct_note(2))

    assert first == [Applied, PutOff]
    assert second == [Applied]
    assert await shown() == ["message 1", "message 2"]


async def test_one_activity_twice_in_a_batch_is_shown_once(tools: Tools):
    first = await run(tools, direct_note(1), direct_note(1))
    second = await run(tools, direct_note(1))

    assert first == [Applied, PutOff]
    assert second == [Ignored]
    assert await shown() == ["message 1"]


async def test_a_post_to_followers_that_mentions_somebody_is_no_conversation(tools: Tools):
    document = direct_note(1)
    document["cc"] = [f"{LEGACY}/followers"]

    assert await run(tools, document) == [KeptOut]
    assert await shown() == []
