"""How far people have read, as far as they tell."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from storage.changes import PutReceipt
from storage.database import Row, fetch, insert_many, run
from storage.times import to_ms

PUT: Final = """ON CONFLICT (conversation_id, actor_uri) DO UPDATE SET
  message_id = EXCLUDED.message_id, published_at = EXCLUDED.published_at
WHERE receipt.published_at <= EXCLUDED.published_at"""


async def put(changes: Sequence[PutReceipt]) -> None:
    """Keep receipts, of each person in each conversation the one published last."""
    newest = {
        (p.conversation_id, p.person): p for p in sorted(changes, key=lambda p: p.published_at)
    }
    columns = ("conversation_id", "actor_uri", "message_id", "published_at")
    rows = [
        (p.conversation_id, p.person, p.message_id, to_ms(p.published_at)) for p in newest.values()
    ]
    await insert_many("receipt", columns, rows, conflict=PUT)


# Who gave a sign of life in a conversation since a moment, by a message or a receipt.
ACTIVE: Final = """
SELECT author_uri AS person, 'message' AS sign FROM message
WHERE conversation_id = $1 AND published_at > $2
UNION
SELECT actor_uri AS person, 'receipt' AS sign FROM receipt
WHERE conversation_id = $1 AND published_at > $2
"""

OF_CONVERSATION: Final = """
SELECT actor_uri, message_id, published_at FROM receipt WHERE conversation_id = $1
"""

WITH_RECEIPTS: Final = "SELECT actor_uri FROM account WHERE actor_uri = ANY($1) AND receipts"


async def signs_of_life(conversation_id: str, since: datetime) -> list[Row]:
    """Who wrote or read since: rows of `person` and `sign`, "message" or "receipt"."""
    return await fetch(ACTIVE, conversation_id, to_ms(since))


async def of_conversation(conversation_id: str) -> list[Row]:
    """The receipts in a conversation."""
    return await fetch(OF_CONVERSATION, conversation_id)


async def givers(people: Collection[str]) -> frozenset[str]:
    """Those of the local people who have receipts turned on."""
    rows = await fetch(WITH_RECEIPTS, sorted(people))
    return frozenset(row["actor_uri"] for row in rows)


REAP: Final = """
DELETE FROM receipt WHERE id IN (SELECT id FROM receipt WHERE published_at < $1 LIMIT $2)
"""


async def reap(before: datetime, *, limit: int = 1000) -> int:
    """Forget receipts older than this; answer how many."""
    return await run(REAP, to_ms(before), limit)
