"""Which servers local people want to hear nothing of."""

from datetime import datetime
from typing import Final

from storage.database import Row, fetch, insert_many, run
from storage.times import to_ms

NOTHING: Final = "ON CONFLICT DO NOTHING"

LISTED: Final = """
SELECT id, host FROM host_block WHERE account_uri = $1 AND id < $2 ORDER BY id DESC LIMIT $3
"""

REMOVE: Final = "DELETE FROM host_block WHERE account_uri = $1 AND host = $2"


async def add(person: str, host: str, at: datetime) -> None:
    """Hide everybody of a server from a local person."""
    columns = ("account_uri", "host", "created_at")
    await insert_many("host_block", columns, [(person, host, to_ms(at))], conflict=NOTHING)


async def remove(person: str, host: str) -> bool:
    """Hide them no longer; False if they were not hidden."""
    return await run(REMOVE, person, host) > 0


async def listed(person: str, *, before: int, limit: int) -> list[Row]:
    """The servers that a local person hides, newest first."""
    return await fetch(LISTED, person, before, limit)
