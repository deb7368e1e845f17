"""What is copied out of the database tells its copies that it has changed.

Memberships, spans and logs carry a stamp, and whoever writes such a row, or what is known of the
person in it, gives it another. A stamp is a moment with chance in its lowest bits: a counter could
come to one number twice, in a transaction that is rolled back and in the next. Copies are true if
the sums of their stamps are those of the database. That later stamps are greater only says where
to look first for what has changed; where a clock was set back, more is read.
"""

import time
from collections.abc import Collection
from dataclasses import dataclass

# No caller has a use for choosing a stamp, nor has a test: they are compared with each other alone.
from secrets import randbits  # noqa: TID251
from typing import Final

from storage.database import fetch, run

# The sum over a large group's rows must stay an integer of the database.
_SUMMED: Final = (1 << 46) - 1
# Of the nanoseconds that a stamp counts.
_BY_CHANCE: Final = (1 << 10) - 1

STAMP_PERSON: Final = "UPDATE membership SET stamp = $2 WHERE actor_uri = $1"

_SUM: Final = "CAST(COUNT(*) AS TEXT) || ':' || CAST(COALESCE(SUM(stamp & <summed>), 0) AS TEXT)"

OF_CONVERSATIONS: Final = """
SELECT id,
  (SELECT <sum> FROM membership WHERE conversation_id = conversation.id) AS people,
  (SELECT <sum> FROM member_span WHERE conversation_id = conversation.id) AS spans,
  (SELECT <sum> FROM author_log WHERE conversation_id = conversation.id) AS logs
FROM conversation WHERE id = ANY($1)
""".replace("<sum>", _SUM).replace("<summed>", str(_SUMMED))


@dataclass(frozen=True, slots=True)
class Stamps:
    """What differs as soon as something of a conversation has been written.

    Attributes:
        people: For its memberships, its spans and what is known of its people, all together.
        logs: For its logs: how many there are, and the sum of `in_sum` of their stamps.
    """

    people: tuple[str, str]
    logs: tuple[int, int]


async def of_conversations(ids: Collection[str]) -> dict[str, Stamps]:
    """The stamps of these conversations, by conversation id."""
    found = await fetch(OF_CONVERSATIONS, sorted(ids)) if ids else []
    return {row["id"]: Stamps((row["people"], row["spans"]), _read(row["logs"])) for row in found}


def _read(summed: str) -> tuple[int, int]:
    count, _, total = summed.partition(":")
    return int(count), int(total)


def in_sum(stamp: int) -> int:
    """What a stamp adds to a sum of stamps."""
    return stamp & _SUMMED


def new_stamp() -> int:
    """A stamp that no other write has given; greater than those of earlier writes."""
    return time.time_ns() & ~_BY_CHANCE | randbits(_BY_CHANCE.bit_length())


async def stamp_person(uri: str) -> None:
    """Note that what is known of an actor has changed, wherever they are; after it was written."""
    await run(STAMP_PERSON, uri, new_stamp())
