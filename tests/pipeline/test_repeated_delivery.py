"""Delivering an activity many times, in any order, comes to the same as delivering it once."""

from typing import Any

import pytest

from federation.pipeline import batch
from federation.pipeline.item import Received
from federation.pipeline.outcome import PutOff
from federation.pipeline.prepare import Tools
from federation.protocol.parse import parse_activity
from federation.protocol.timestamps import format_time
from storage.database import fetch, transaction
from tests.support.home_town import ALICE, DAN, GROUP, LEGACY, NOW, SAM
from tests.support.shuffle import shuffled


def direct_note(number: int, parent: int | None) -> dict[str, Any]:
    uri = f"{LEGACY}/statuses/{number}"
    note = {
        "id": uri,
        "type": "Note",
        "attributedTo": LEGACY,
        "to": [ALICE],
        "content": f"<p>{number}</p>",
        "published": format_time(NOW),
    }
    if parent is not None:
        note["inReplyTo"] = f"{LEGACY}/statuses/{parent}"
    return {
        "id": f"{uri}/activity",
        "type": "Create",
        "actor": LEGACY,
        "to": [ALICE],
        "object": note,
    }


FOLLOW = {"id": f"{SAM}/a/1", "type": "Follow", "actor": SAM, "object": ALICE}
REFUSED = {
    "id": f"{SAM}/a/2",
    "type": "Invite",
    "actor": SAM,
    "object": GROUP,
    "target": DAN,
    "to": [DAN, GROUP],
    "published": format_time(NOW),
    "endTime": "2026-09-20T00:00:00.000Z",
}
SENT = [direct_note(1, None), direct_note(2, 1), direct_note(3, 2), FOLLOW, REFUSED]


async def deliver(tools: Tools, documents: list[dict[str, Any]]) -> None:
    """All of them, and what was put off again, until nothing is."""
    items = [Received(parse_activity(one), "", "", NOW) for one in documents]
    while items:
        async with transaction():
            report = await batch.run(items, tools, NOW)
        pairs = zip(items, report.outcomes, strict=True)
        items = [item for item, outcome in pairs if isinstance(outcome, PutOff)]


MESSAGES = "SELECT uri, t FROM message WHERE author_uri = $1 ORDER BY uri"
READERS = """
SELECT m.uri, r.actor_uri FROM recipient AS r JOIN message AS m ON m.id = r.message_id
WHERE m.author_uri = $1 ORDER BY m.uri
"""
COUNTED = """
SELECT (SELECT count(*) FROM follow) AS follow, (SELECT count(*) FROM delivery) AS delivery,
  (SELECT count(*) FROM event) AS event
"""


async def held() -> dict[str, Any]:
    """What the database holds of it all."""
    (counted,) = await fetch(COUNTED)
    return {
        "messages": [(row["uri"], row["t"]) for row in await fetch(MESSAGES, LEGACY)],
        "readers": [(row["uri"], row["actor_uri"]) for row in await fetch(READERS, LEGACY)],
        **{table: counted[table] for table in ("follow", "delivery", "event")},
    }


@pytest.mark.parametrize("seed", range(3))
async def test_any_order_and_any_number_equals_once(tools: Tools, seed: int):
    twice = [SENT[number % len(SENT)] for number in shuffled(2 * len(SENT), seed)]

    await deliver(tools, twice)
    once = await held()
    await deliver(tools, list(reversed(twice)))

    assert await held() == once
    assert [uri for uri, _ in sorted(once["messages"], key=lambda row: row[1])] == [
        f"{LEGACY}/statuses/{number}" for number in (1, 2, 3)
    ]
    assert once["readers"] == [(f"{LEGACY}/statuses/{number}", ALICE) for number in (1, 2, 3)]
    assert once["follow"] == 1
    # An Accept of the Follow, and one Reject of the Invite.
    assert once["delivery"] == 2


async def test_a_follow_that_ends_at_once_has_ended(tools: Tools):
    undo = {"id": f"{SAM}/a/3", "type": "Undo", "actor": SAM, "object": FOLLOW}

    await deliver(tools, [FOLLOW, undo])

    assert (await held())["follow"] == 0


async def test_of_two_contents_under_one_id_the_first_stays_and_it_is_said_once(
    tools: Tools, caplog: pytest.LogCaptureFixture
):
    said = direct_note(1, None)
    other = {**said, "object": {**said["object"], "content": "<p>something else</p>"}}

    for document in (said, said, other, other, {**said, "proof": {"type": "DataIntegrityProof"}}):
        await take(tools, document)

    conflicts = [one for one in caplog.records if vars(one).get("action") == "activity.conflict"]
    rows = await fetch("SELECT text FROM message WHERE uri = $1", said["object"]["id"])
    assert [row["text"] for row in rows] == ["1"]
    assert [vars(one)["activity"] for one in conflicts] == [said["id"]]


async def take(tools: Tools, document: dict[str, Any]) -> None:
    async with transaction():
        await batch.run([Received(parse_activity(document), "", "", NOW)], tools, NOW)
