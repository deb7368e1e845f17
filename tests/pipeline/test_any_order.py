"""Create, Update, Delete, Like and Undo end alike in any order and in any batches."""

import asyncio
import shutil
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from federation.activities.kind import Waiting
from federation.keyring import Keyring
from federation.pipeline import batch
from federation.pipeline.item import Received
from federation.pipeline.outcome import PutOff
from federation.pipeline.prepare import Tools
from federation.protocol.parse import parse_activity
from federation.protocol.timestamps import format_time
from node.entropy import Entropy
from storage import database
from storage.database import fetch, transaction
from storage.sealing import Sealer
from tests.support.home_town import ALICE, BOB, GROUP, NOW, SPACE, START
from tests.support.mold import url_of

LOG = f"{BOB}/log/1"
EXAMPLES = 12

SHOWN = """
SELECT uri, text, html, edited_at, deleted_at, published_at, t, epoch FROM message
WHERE author_uri = $1 ORDER BY uri
"""
REACTIONS = """
SELECT message_uri, emoji FROM reaction
WHERE liked_at > undone_at AND activity_id <> undone_id ORDER BY message_uri, emoji
"""
VERSIONS = "SELECT text, written_at FROM message_version ORDER BY written_at, text"
READERS = """
SELECT uri, recipient.actor_uri FROM recipient JOIN message ON message.id = recipient.message_id
WHERE author_uri = $1 ORDER BY uri
"""
ENTRIES = "SELECT seq FROM log_entry WHERE log_uri = $1 ORDER BY seq"


def entry(seq: int, verb: str, body: object) -> dict[str, Any]:
    """Bob's entry of this number, one second after the one before."""
    at = format_time(START + timedelta(minutes=10, seconds=seq))
    return {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": f"{BOB}/a/{seq}",
        "type": verb,
        "actor": BOB,
        "to": [ALICE, GROUP],
        "context": f"{GROUP}/context",
        "published": at,
        "chatEpoch": 4,
        "chatState": "z",
        "chatLog": LOG,
        "chatSeq": seq,
        **({"chatPrev": f"{BOB}/a/{seq - 1}"} if seq > 1 else {}),
        "object": body,
    }


def note(name: str, text: str, *, written: int, updated: int | None = None) -> dict[str, Any]:
    stamps = {"published": format_time(START + timedelta(minutes=10, seconds=written))}
    if updated is not None:
        stamps["updated"] = format_time(START + timedelta(minutes=10, seconds=updated))
    return {
        "id": f"{BOB}/n/{name}",
        "type": "Note",
        "attributedTo": BOB,
        "to": [ALICE, GROUP],
        "content": f"<p>{text}</p>",
        **stamps,
    }


def like(seq: int, name: str, emoji: str) -> dict[str, Any]:
    return entry(seq, "Like", f"{BOB}/n/{name}") | {"content": emoji}


KEPT, GONE = "kept", "gone"
STORY = (
    entry(1, "Create", note(KEPT, "one", written=1)),
    entry(2, "Create", note(GONE, "two", written=2)),
    like(3, KEPT, "🔥"),
    entry(4, "Update", note(KEPT, "one, better", written=1, updated=4)),
    entry(5, "Undo", like(3, KEPT, "🔥")),
    like(6, GONE, "👍"),
    entry(7, "Update", note(GONE, "two, better", written=2, updated=7)),
    like(8, KEPT, "🎉"),
    entry(9, "Delete", {"id": f"{BOB}/n/{GONE}", "type": "Tombstone"}),
    entry(10, "Update", note(KEPT, "one, best", written=1, updated=10)),
    like(11, KEPT, "🔥"),
    entry(12, "Undo", like(8, KEPT, "🎉")),
)


async def told(order: Sequence[int], sizes: Sequence[int], town: Path) -> dict[str, Any]:
    """What is held once everything has come in this order, in batches of these sizes."""
    with TemporaryDirectory() as folder:
        file = shutil.copy(town, Path(folder) / "home.db")
        async with database.opened(url_of(file)):
            tools = Tools(SPACE, Keyring(Sealer(b"\x01" * 32), SPACE), Entropy(lambda: NOW).new_id)
            waiting: list[dict[str, Any]] = []
            coming = [STORY[number] for number in order]
            for size in (*sizes, len(STORY)):
                arrived, coming = coming[:size], coming[size:]
                waiting = await worked_off(waiting + arrived, tools)
            assert waiting == []
            return {
                "messages": [dict(row) for row in await fetch(SHOWN, BOB)],
                "reactions": [dict(row) for row in await fetch(REACTIONS)],
                "versions": [dict(row) for row in await fetch(VERSIONS)],
                "readers": [dict(row) for row in await fetch(READERS, BOB)],
                "entries": [row["seq"] for row in await fetch(ENTRIES, LOG)],
                "bytes": "two" in str([dict(row) for row in await fetch("SELECT * FROM activity")]),
            }


async def worked_off(documents: list[dict[str, Any]], tools: Tools) -> list[dict[str, Any]]:
    """Batches of what is there until nothing moves; what still waits."""
    while documents:
        items = [Received(parse_activity(one), "", "", NOW) for one in documents]
        async with transaction():
            report = await batch.run(items, tools, NOW)
        left = [
            document
            for document, outcome in zip(documents, report.outcomes, strict=True)
            if isinstance(outcome, PutOff | Waiting)
        ]
        if len(left) == len(documents):
            break
        documents = left
    return documents


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    order=st.permutations(range(len(STORY))),
    sizes=st.lists(st.integers(1, len(STORY)), max_size=len(STORY)),
)
def test_any_order_ends_as_the_order_of_writing(town: Path, order: list[int], sizes: list[int]):
    causal = asyncio.run(told(range(len(STORY)), [1] * len(STORY), town))

    assert asyncio.run(told(order, sizes, town)) == causal
    assert [one["text"] for one in causal["messages"]] == [None, "one, best"]
    assert [one["emoji"] for one in causal["reactions"]] == ["🔥"]
    assert [one["text"] for one in causal["versions"]] == ["one", "one, better"]
    assert causal["entries"] == list(range(1, len(STORY) + 1))
    assert not causal["bytes"]
