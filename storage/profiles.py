"""What local people say of themselves."""

from dataclasses import dataclass
from typing import Final

import msgspec

from storage.database import fetch, run
from storage.stamps import stamp_person

FIND: Final = """
SELECT display_name, bio, details, COALESCE(actor.icon, '') AS icon FROM account
LEFT JOIN actor ON actor.uri = account.actor_uri WHERE actor_uri = $1
"""
SET: Final = "UPDATE account SET display_name = $2, bio = $3, details = $4 WHERE actor_uri = $1"
SET_NAME: Final = "UPDATE actor SET name = $2 WHERE uri = $1 AND local"
SET_ICON: Final = "UPDATE actor SET icon = $2 WHERE uri = $1 AND local"


@dataclass(frozen=True, slots=True)
class Profile:
    """What a person says of themselves.

    Attributes:
        name: What they call themselves, or "".
        bio: As they typed it.
        details: Pairs of a label and what stands beside it, as they typed it.
        icon: The URL of their picture, or ""; it has a way of its own to change.
    """

    name: str
    bio: str = ""
    details: tuple[tuple[str, str], ...] = ()
    icon: str = ""


async def find_profile(person: str) -> Profile | None:
    """What a local person says; None where there is no such account."""
    rows = await fetch(FIND, person)
    if not rows:
        return None
    details = msgspec.json.decode(rows[0]["details"], type=tuple[tuple[str, str], ...])
    return Profile(rows[0]["display_name"], rows[0]["bio"], details, rows[0]["icon"])


async def set_profile(person: str, profile: Profile) -> None:
    """Replace what a local person says; inside a transaction."""
    details = msgspec.json.encode(profile.details).decode()
    await run(SET, person, profile.name, profile.bio, details)
    await run(SET_NAME, person, profile.name)
    await stamp_person(person)


async def set_icon(person: str, url: str) -> None:
    """Show a local person by the picture at this URL, "" for none; inside a transaction."""
    await run(SET_ICON, person, url)
