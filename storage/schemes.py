"""Which signature scheme a host is known to take is a word in its `peer` row; "" while unknown."""

from datetime import datetime
from typing import Final

from storage.database import fetch, insert_many
from storage.times import to_ms

FIND: Final = "SELECT scheme FROM peer WHERE host = $1"

# Whoever told us has answered: a sign of life, which keeps the row from being reaped.
LEARN: Final = """ON CONFLICT (host) DO UPDATE SET scheme = EXCLUDED.scheme,
  reached_at = EXCLUDED.reached_at, missed_at = NULL, missed_days = 0"""


async def find_scheme(host: str) -> str:
    """The scheme that this host takes, or ""."""
    rows = await fetch(FIND, host)
    return str(rows[0]["scheme"]) if rows else ""


async def learn(host: str, scheme: str, at: datetime) -> None:
    """Keep what this host has taken, or says that it takes."""
    row = (host, scheme, to_ms(at))
    await insert_many("peer", ("host", "scheme", "reached_at"), [row], conflict=LEARN)
