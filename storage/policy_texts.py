"""Fingerprints of what strangers have sent within a day, the newest of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from storage.database import Row, fetch, insert_many, run
from storage.times import from_ms, to_ms

ROWS_MAX: Final = 20_000
# What other processes were writing when this one read is read again with what came since.
AGAIN: Final = 200
_LISTED_MAX: Final = 4_000


class KeptText(NamedTuple):
    """A fingerprint as it is stored.

    Attributes:
        exact: In hexadecimal digits, as `simhash`; "" for a text that is too short for one.
        media: Digests of files with a space between, as `links`: hosts.
    """

    at: datetime
    person: str
    actor_uri: str
    activity_id: str
    exact: str
    simhash: str
    media: str
    links: str


COLUMNS: Final = (
    *("at", "person", "actor_uri", "activity_id", "exact", "simhash", "media", "links"),
)
_ALL: Final = """SELECT id, at, person, actor_uri, activity_id, exact, simhash, media, links
FROM policy_text"""
SINCE: Final = f"{_ALL} WHERE id > $1 AND at > $2 ORDER BY id DESC LIMIT $3"

OLD: Final = """
DELETE FROM policy_text WHERE id IN (SELECT id FROM policy_text WHERE at < $1 LIMIT $2)
"""
# Beyond so many the oldest go earlier.
TOO_MANY: Final = """
DELETE FROM policy_text WHERE id <= (
  SELECT id FROM policy_text ORDER BY id DESC LIMIT 1 OFFSET $1
)
"""


async def since(last: int, after: datetime) -> dict[int, KeptText]:
    """What was kept after a row, and a few before it, the oldest first."""
    rows = await fetch(SINCE, last - AGAIN, to_ms(after), ROWS_MAX)
    return {row["id"]: _kept(row) for row in reversed(rows)}


async def add(texts: Sequence[KeptText]) -> None:
    """Keep these; inside a transaction."""
    rows = [
        (to_ms(one.at), *one[1:-2], one.media[:_LISTED_MAX], one.links[:_LISTED_MAX])
        for one in texts
    ]
    await insert_many("policy_text", COLUMNS, rows)


async def reap(before: datetime, *, limit: int = 1000) -> int:
    """Forget what is old, and what is beyond the number that is kept."""
    gone = await run(OLD, to_ms(before), limit)
    await run(TOO_MANY, ROWS_MAX)
    return gone


def _kept(row: Row) -> KeptText:
    words = {name: row[name] for name in COLUMNS}
    return KeptText(**{**words, "at": from_ms(row["at"])})
