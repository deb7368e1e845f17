"""Values of the node itself, each under a name."""

from collections.abc import Sequence
from typing import Final

from storage.database import fetch, insert_many, run

TABLE: Final = "setting"
COLUMNS: Final = ("key", "value")

# The value under a name.
GET: Final = "SELECT value FROM setting WHERE key = $1"

# The values under some names.
GET_SOME: Final = "SELECT key, value FROM setting WHERE key = ANY($1)"

# Forget a value, if it is still this one.
TAKE: Final = "DELETE FROM setting WHERE key = $1 AND value = $2"

# The later value holds.
REPLACE: Final = "ON CONFLICT (key) DO UPDATE SET value = excluded.value"
KEEP: Final = "ON CONFLICT (key) DO NOTHING"


async def find_setting(key: str) -> str | None:
    """The value under this name, or None."""
    rows = await fetch(GET, key)
    return str(rows[0]["value"]) if rows else None


async def find_settings(keys: Sequence[str]) -> dict[str, str]:
    """The values under these names, of those that are there."""
    return {row["key"]: str(row["value"]) for row in await fetch(GET_SOME, list(keys))}


async def put_setting(key: str, value: str) -> None:
    """Store a value; one that was there is replaced."""
    await insert_many(TABLE, COLUMNS, [(key, value)], conflict=REPLACE)


async def settle_setting(key: str, value: str) -> str:
    """Store a value unless there is one, and answer the one that holds.

    Transaction: expects to run inside one.
    """
    await insert_many(TABLE, COLUMNS, [(key, value)], conflict=KEEP)
    rows = await fetch(GET, key)
    return str(rows[0]["value"])


async def take_setting(key: str, value: str) -> bool:
    """Remove this value; True for the one caller who did."""
    return await run(TAKE, key, value) == 1


DROP: Final = "DELETE FROM setting WHERE key = $1"


async def drop_setting(key: str) -> None:
    """Forget what is under this name."""
    await run(DROP, key)
