"""What is copied out of the database tells its copies that it has changed.

Memberships, spans and logs carry a stamp, and whoever writes such a row, or what is known of the
person in it, gives it another. They are random: a counter could come to one number twice, in a
transaction that is rolled back and in the next.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

# No caller has a use for choosing one, nor has a test: stamps are compared with each other alone.
from secrets import randbits  # noqa: TID251
from typing import Final

import msgspec

from storage.database import fetch, run

# The sum over a large group's rows must stay an integer of the database.
_BITS = 46

STAMP_PERSON: Final = "UPDATE membership SET stamp = $2 WHERE actor_uri = $1"

OF_CONVERSATIONS: Final = """
SELECT id,
  (SELECT CAST(COUNT(*) AS TEXT) || ':' || CAST(SUM(stamp) AS TEXT) FROM membership
    WHERE conversation_id = conversation.id) AS people,
  (SELECT CAST(COUNT(*) AS TEXT) || ':' || CAST(SUM(stamp) AS TEXT) FROM member_span
    WHERE conversation_id = conversation.id) AS spans,
  (SELECT json_object_agg(uri, stamp) FROM author_log
    WHERE conversation_id = conversation.id) AS logs
FROM conversation WHERE id = ANY($1)
"""


@dataclass(frozen=True, slots=True)
class Stamps:
    """What differs as soon as something of a conversation has been written.

    Attributes:
        people: For its memberships, its spans and what is known of its people, all together.
        logs: For each log, by its id.
    """

    people: tuple[str | None, str | None]
    logs: Mapping[str, int]


async def of_conversations(ids: Collection[str]) -> dict[str, Stamps]:
    """The stamps of these conversations, by conversation id."""
    found = await fetch(OF_CONVERSATIONS, sorted(ids)) if ids else []
    return {
        row["id"]: Stamps(
            (row["people"], row["spans"]),
            msgspec.json.decode(row["logs"] or "{}", type=dict[str, int]),
        )
        for row in found
    }


def new_stamp() -> int:
    """A stamp that no other write has given."""
    return randbits(_BITS)


async def stamp_person(uri: str) -> None:
    """Note that what is known of an actor has changed, wherever they are; after it was written."""
    await run(STAMP_PERSON, uri, new_stamp())
