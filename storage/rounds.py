"""A large table is gone through a part at a time, each time from where the last one ended.

What is to be removed from it is few among many, and cannot be found without looking at each.
"""

from datetime import datetime
from typing import Any, Final

import msgspec

from storage.database import Row, fetch
from storage.settings import drop_setting, find_setting, put_setting
from storage.times import to_ms

PLACE: Final = "looked at"


async def next_part(
    name: str, sql: str, before: datetime, *, first: str | int, limit: int
) -> list[Row]:
    """The next rows older than this; fewer than `limit` when the round is over. In a transaction.

    Args:
        name: Of the round.
        sql: Selects `id` and `at`: rows with `at` below $1 and (`at`, `id`) behind $2 and $3 in
            that order, $4 at most.
        before: Milliseconds since 1970 go into the statement.
        first: What sorts before every id.
        limit: The most rows.
    """
    key = f"{PLACE}: {name}"
    held = await find_setting(key)
    place: tuple[int, Any] = msgspec.json.decode(held) if held else (0, first)
    rows = await fetch(sql, to_ms(before), place[0], place[1], limit)
    if len(rows) < limit:
        await drop_setting(key)
    else:
        last = max(rows, key=lambda row: (row["at"], row["id"]))
        await put_setting(key, msgspec.json.encode((last["at"], last["id"])).decode())
    return rows
