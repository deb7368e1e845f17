"""Whom local people want to hear quietly."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from storage.database import Row, fetch, insert_many, run
from storage.times import to_ms

NOTHING: Final = "ON CONFLICT DO NOTHING"

IS_MUTED: Final = "SELECT 1 AS found FROM mute WHERE account_uri = $1 AND muted_uri = $2"

AMONG: Final = "SELECT muted_uri FROM mute WHERE account_uri = $1 AND muted_uri = ANY($2)"

LISTED: Final = """
SELECT id, muted_uri FROM mute WHERE account_uri = $1 AND id < $2 ORDER BY id DESC LIMIT $3
"""

REMOVE: Final = "DELETE FROM mute WHERE account_uri = $1 AND muted_uri = $2"


async def add(person: str, muted: str, at: datetime) -> None:
    """Let a local person hear somebody quietly."""
    columns = ("account_uri", "muted_uri", "created_at")
    await insert_many("mute", columns, [(person, muted, to_ms(at))], conflict=NOTHING)


async def remove(person: str, muted: str) -> bool:
    """Let them be heard as others; False if they were."""
    return await run(REMOVE, person, muted) > 0


async def is_muted(person: str, other: str) -> bool:
    """Whether a local person hears somebody quietly."""
    return bool(await fetch(IS_MUTED, person, other))


async def muted_among(person: str, others: Collection[str]) -> frozenset[str]:
    """Whom of these a local person hears quietly."""
    return frozenset(row["muted_uri"] for row in await fetch(AMONG, person, list(others)))


async def listed(person: str, *, before: int, limit: int) -> list[Row]:
    """Whom a local person hears quietly, newest first."""
    return await fetch(LISTED, person, before, limit)
