"""Join links as rows; of the secret in a link only its hash is kept."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Final

from storage.changes import UseLink
from storage.database import Row, fetch, insert_many, run
from storage.times import to_ms


def hash_of(token: str) -> str:
    """What is stored of a link's secret."""
    return sha256(token.encode()).hexdigest()


# The link's id, its secret, whose it is, and until when.
async def add(  # noqa: PLR0913
    link_id: str,
    token: str,
    *,
    conversation_id: str,
    maker: str,
    uses: int,
    made_at: datetime,
    ends_at: datetime,
) -> None:
    """Keep a new link."""
    columns = (
        *("id", "token_hash", "conversation_id", "maker_uri", "uses_left"),
        *("created_at", "ends_at"),
    )
    row = (link_id, hash_of(token), conversation_id, maker, uses, to_ms(made_at), to_ms(ends_at))
    await insert_many("join_link", columns, [row])


_COLUMNS: Final = "id, conversation_id, maker_uri, uses_left, created_at, ends_at"

# The columns are a constant; what callers give is a parameter.
_FOUND: Final = f"SELECT {_COLUMNS} FROM join_link WHERE"  # noqa: S608

FIND: Final = f"{_FOUND} token_hash = $1"
OF_GROUP: Final = f"{_FOUND} conversation_id = $1 AND ends_at > $2 AND uses_left > 0 ORDER BY id"


async def find(token: str) -> Row | None:
    """The link with this secret, used up and ended ones too."""
    rows = await fetch(FIND, hash_of(token))
    return rows[0] if rows else None


async def of_group(conversation_id: str, now: datetime) -> list[Row]:
    """The links into a group that can still be used, the oldest first."""
    return await fetch(OF_GROUP, conversation_id, to_ms(now))


USE: Final = "UPDATE join_link SET uses_left = uses_left - 1 WHERE id = $1 AND uses_left > 0"


async def use(uses: Sequence[UseLink]) -> None:
    """Count what was used. Inside a transaction."""
    for one in uses:
        await run(USE, one.link_id)


DROP: Final = "DELETE FROM join_link WHERE id = $1 AND conversation_id = $2"


async def drop(link_id: str, conversation_id: str) -> bool:
    """End a link; whether there was one."""
    return await run(DROP, link_id, conversation_id) > 0


MAKER: Final = "SELECT maker_uri FROM join_link WHERE id = $1 AND conversation_id = $2"


async def find_maker(link_id: str, conversation_id: str) -> str | None:
    """Who made a link of this group."""
    rows = await fetch(MAKER, link_id, conversation_id)
    return str(rows[0]["maker_uri"]) if rows else None


REAP: Final = """
DELETE FROM join_link WHERE id IN (
  SELECT id FROM join_link WHERE ends_at < $1 ORDER BY id LIMIT $2
)
"""


async def reap(before: datetime, *, limit: int = 1000) -> int:
    """Forget links that ended before this time; answer how many."""
    return await run(REAP, to_ms(before), limit)
