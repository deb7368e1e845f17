"""Invitations to this node as rows; of the secret in a link only a hash is kept."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from storage.database import Row, fetch, insert_many, run
from storage.times import from_ms, to_ms

# More are not listed; they end by themselves.
LISTED_MAX: Final = 1000

FIND: Final = """
SELECT id, uses, uses_left, created_at, ends_at FROM sign_up_link WHERE token_hash = $1
"""
LISTED: Final = """
SELECT id, uses, uses_left, created_at, ends_at FROM sign_up_link
WHERE ends_at > $1 ORDER BY ends_at, id LIMIT $2
"""


@dataclass(frozen=True, slots=True)
class SignUpLink:
    """An invitation, without its secret."""

    id: str
    uses: int
    uses_left: int
    created_at: datetime
    ends_at: datetime

    def is_open(self, now: datetime) -> bool:
        """Whether somebody may still come by it."""
        return self.uses_left > 0 and now < self.ends_at


async def add(link: SignUpLink, token_hash: str) -> None:
    """Keep a new link."""
    columns = ("id", "token_hash", "uses", "uses_left", "created_at", "ends_at")
    times = to_ms(link.created_at), to_ms(link.ends_at)
    await insert_many(
        "sign_up_link", columns, [(link.id, token_hash, link.uses, link.uses_left, *times)]
    )


async def find(token_hash: str) -> SignUpLink | None:
    """The link with this secret, used up and ended ones too."""
    rows = await fetch(FIND, token_hash)
    return _read(rows[0]) if rows else None


async def listed(now: datetime) -> list[SignUpLink]:
    """The links whose time has not come, those that end soonest first."""
    return [_read(row) for row in await fetch(LISTED, to_ms(now), LISTED_MAX)]


COUNT_OPEN: Final = """
SELECT COUNT(*) AS n FROM sign_up_link WHERE uses_left > 0 AND ends_at > $1
"""


async def count_open(now: datetime) -> int:
    """By how many links somebody may still come."""
    return int((await fetch(COUNT_OPEN, to_ms(now)))[0]["n"])


USE: Final = """
UPDATE sign_up_link SET uses_left = uses_left - 1
WHERE token_hash = $1 AND uses_left > 0 AND ends_at > $2
"""


async def use(token_hash: str, now: datetime) -> bool:
    """Count one use; False if there was none left. Inside the transaction of what it is for."""
    return await run(USE, token_hash, to_ms(now)) > 0


DROP: Final = "DELETE FROM sign_up_link WHERE id = $1"


async def drop(link_id: str) -> bool:
    """End a link; whether there was one."""
    return await run(DROP, link_id) > 0


REAP: Final = """
DELETE FROM sign_up_link WHERE id IN (
  SELECT id FROM sign_up_link WHERE ends_at < $1 ORDER BY id LIMIT $2
)
"""


async def reap(before: datetime, *, limit: int = 1000) -> int:
    """Forget links that ended before this time; answer how many."""
    return await run(REAP, to_ms(before), limit)


def _read(row: Row) -> SignUpLink:
    return SignUpLink(
        id=row["id"],
        uses=row["uses"],
        uses_left=row["uses_left"],
        created_at=from_ms(row["created_at"]),
        ends_at=from_ms(row["ends_at"]),
    )
