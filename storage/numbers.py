"""What clients of Mastodon's API call an actor, a conversation, a message or a file by.

They compare ids as decimal numbers, and ours are none. A thing gets its number when one of them is
first shown it, and keeps it: the milliseconds of its time, and sixteen bits more.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from storage.database import Row, exclusive, fetch, transaction, update_many

BITS: Final = 16
# Enough for all that may stand beside each other in one millisecond.
STEPS_MAX: Final = 1 << BITS

_NUMBERS: Final = "SELECT <key> AS name, number, <at> AS made FROM <table> WHERE <key> = ANY($1)"
_NAMED: Final = "SELECT <key> AS name, number FROM <table> WHERE number = ANY($1)"


@dataclass(frozen=True, slots=True)
class Kind:
    """A table whose rows have numbers.

    Attributes:
        key: Its column of our ids.
        numbers: Asks for the numbers and times of some ids.
        named: Asks for the ids of some numbers.
    """

    table: str
    key: str
    numbers: str
    named: str


def _kind(table: str, key: str, at: str) -> Kind:
    numbers, named = (
        text.replace("<table>", table).replace("<key>", key).replace("<at>", at)
        for text in (_NUMBERS, _NAMED)
    )
    return Kind(table, key, numbers, named)


ACTORS: Final = _kind("actor", "uri", "created_at")
CONVERSATIONS: Final = _kind("conversation", "id", "created_at")
MEDIA: Final = _kind("media", "id", "created_at")
# By the time at which all members see it, as it was then.
MESSAGES: Final = _kind("message", "id", "t")
STATEMENTS: Final = tuple(
    text for kind in (ACTORS, CONVERSATIONS, MEDIA, MESSAGES) for text in (kind.numbers, kind.named)
)


async def numbers_of(kind: Kind, names: Collection[str]) -> dict[str, int]:
    """The numbers of those of these that are there; who has none gets one."""
    if not names:
        return {}
    rows = await fetch(kind.numbers, sorted(set(names)))
    found = {row["name"]: row["number"] for row in rows if row["number"] is not None}
    if len(found) < len(rows):
        found |= await _give(kind, [row["name"] for row in rows if row["number"] is None])
    return found


async def find_name(kind: Kind, number: int) -> str | None:
    """Our id of what has this number."""
    rows = await fetch(kind.named, [number])
    return str(rows[0]["name"]) if rows else None


async def names_of(kind: Kind, numbers: Collection[int]) -> dict[int, str]:
    """Our ids by number of those of these that are given."""
    rows = await fetch(kind.named, sorted(set(numbers))) if numbers else []
    return {row["number"]: str(row["name"]) for row in rows}


async def _give(kind: Kind, names: Sequence[str]) -> dict[str, int]:
    async with transaction():
        # Whoever came first has given some, and no two of one millisecond get the same.
        await exclusive(f"numbers of {kind.table}")
        rows = await fetch(kind.numbers, list(names))
        found = {row["name"]: row["number"] for row in rows if row["number"] is not None}
        wanted = [row for row in rows if row["number"] is None]
        given = await _free(kind, wanted)
        await update_many(kind.table, (kind.key,), ("number",), list(given.items()))
    return found | given


async def _free(kind: Kind, rows: Sequence[Row]) -> dict[str, int]:
    """A number for each of these that nothing has: the first one, or what comes behind it."""
    open_rows = {row["name"]: first_number(row["name"], row["made"]) for row in rows}
    given: dict[str, int] = {}
    for _ in range(STEPS_MAX):
        if not open_rows:
            break
        taken = {row["number"] for row in await fetch(kind.named, sorted(set(open_rows.values())))}
        left = {}
        for name, number in open_rows.items():
            if number in taken:
                left[name] = number + 1
            else:
                given[name] = number
                taken.add(number)
        open_rows = left
    return given


def first_number(name: str, made_ms: int) -> int:
    """The number that something gets unless another has it."""
    low = int.from_bytes(sha256(name.encode()).digest()[: BITS // 8])
    return max(made_ms, 0) << BITS | low


def made_at_ms(number: int) -> int:
    """The time in a number, in milliseconds."""
    return number >> BITS
