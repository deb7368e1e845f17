"""However much somebody has written, an archive of it takes no more memory to make."""

import tracemalloc
from pathlib import Path

from node.archive.uploads import Library
from node.archive.writing import write_archive
from storage import database
from storage.accounts import get_account
from storage.blobs import Blobs
from tests.media.sharing import Sharer
from tests.support.api_node import SPACE, START

MESSAGES = 10_000
ROOM_BYTES = 4 * 1024 * 1024
COPIES = """
WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {n})
INSERT INTO message ({columns}) SELECT {values} FROM message, number
"""
RECIPIENTS = """
INSERT INTO recipient (message_id, actor_uri, conversation_id, folder)
SELECT message.id, one.actor_uri, one.conversation_id, one.folder FROM message, recipient AS one
WHERE message.id <> one.message_id
"""
CHANGED = {
    "id": "substr(id, 1, 18) || printf('%08d', n)",
    "uri": "uri || '/' || n",
    "activity_id": "activity_id || '/' || n",
    "t": "t + n",
    # A kilobyte that is another one each time.
    "text": "n || ' ' || hex(randomblob(500))",
}


async def test_ten_thousand_messages_take_the_memory_of_some_pages(ana: Sharer, tmp_path: Path):
    place = await ana.person.start_group()
    await ana.person.say(place, "first")
    rows = await database.fetch("SELECT name FROM pragma_table_info('message')")
    names = [row["name"] for row in rows]
    values = ", ".join(CHANGED.get(name, f"message.{name}") for name in names)
    copies = COPIES.format(n=MESSAGES, columns=", ".join(names), values=values)
    async with database.transaction():
        await database.run(copies)
        await database.run(RECIPIENTS)
    size_bytes, largest_bytes = 0, 0

    async def sink(data: bytes) -> None:
        nonlocal size_bytes, largest_bytes
        size_bytes += len(data)
        largest_bytes = max(largest_bytes, len(data))

    account = await get_account("ana")
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        packed = await write_archive(
            account, Library(SPACE, Blobs(tmp_path)), sink, readme="", at=START
        )
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    (messages,) = [one for one in packed if one.name.endswith("messages.jsonl")]
    assert messages.size_bytes > MESSAGES * 1000
    assert size_bytes > ROOM_BYTES
    assert largest_bytes < ROOM_BYTES
    assert peak - before < ROOM_BYTES
