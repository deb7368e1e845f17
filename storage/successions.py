"""Successors' Moves as rows, and where a conversation went on."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from storage.changes import AbandonGroup, HearSuccessor, MoveAway
from storage.database import Row, fetch, insert_many, run
from storage.times import to_ms


async def hear(heard: Sequence[HearSuccessor]) -> None:
    """Keep Moves until it is clear which of them count. Inside a transaction."""
    columns = (
        *("id", "conversation_id", "mover_uri", "target_uri", "state", "before", "created_at"),
    )
    rows = [
        (h.id, h.conversation_id, h.mover, h.target, "heard", h.before, to_ms(h.at)) for h in heard
    ]
    await insert_many("succession", columns, rows, conflict="ON CONFLICT DO NOTHING")


MOVE_AWAY: Final = """
UPDATE conversation SET moved_to = $2, closed_at = COALESCE(closed_at, $3) WHERE id = $1
"""


async def move_away(moves: Sequence[MoveAway]) -> None:
    """End conversations that go on elsewhere. Inside a transaction."""
    for move in moves:
        await run(MOVE_AWAY, move.conversation_id, move.target, to_ms(move.at))


ABANDON: Final = """
UPDATE conversation SET closed_at = $2 WHERE uri = $1 AND is_home AND closed_at IS NULL
"""


async def abandon(groups: Sequence[AbandonGroup]) -> None:
    """End groups of ours that were made for nothing. Inside a transaction."""
    for group in groups:
        await run(ABANDON, group.uri, to_ms(group.at))


HEARD: Final = """
SELECT id, mover_uri, target_uri, state, before FROM succession
WHERE conversation_id = $1 AND state <> 'refused' ORDER BY created_at, id
"""


async def of_conversation(conversation_id: str) -> list[Row]:
    """The Moves of a conversation's successors that may count, the oldest first."""
    return await fetch(HEARD, conversation_id)


SETTLE: Final = "UPDATE succession SET state = $2 WHERE id = $1"


async def settle(move_id: str, state: str) -> None:
    """Note that a Move was "followed" or "refused"."""
    await run(SETTLE, move_id, state)


REAP: Final = """
DELETE FROM succession WHERE id IN (
  SELECT id FROM succession WHERE created_at < $1 ORDER BY id LIMIT $2
)
"""


async def reap(before: datetime, *, limit: int = 1000) -> int:
    """Forget Moves heard before this time; answer how many."""
    return await run(REAP, to_ms(before), limit)
