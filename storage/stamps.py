"""What is copied out of the database tells its copies that it has changed.

Memberships and spans carry a stamp, and whoever writes such a row, or what is known of the person
in it, gives it another. They are random: a counter could come to one number twice, in a transaction
that is rolled back and in the next.
"""

# No caller has a use for choosing one, nor has a test: stamps are compared with each other alone.
from secrets import randbits  # noqa: TID251
from typing import Final

from storage.database import run

# The sum over a large group's rows must stay an integer of the database.
_BITS = 46

STAMP_PERSON: Final = "UPDATE membership SET stamp = $2 WHERE actor_uri = $1"


def new_stamp() -> int:
    """A stamp that no other write has given."""
    return randbits(_BITS)


async def stamp_person(uri: str) -> None:
    """Note that what is known of an actor has changed, wherever they are; after it was written."""
    await run(STAMP_PERSON, uri, new_stamp())
