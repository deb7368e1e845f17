"""To whom of our people somebody may write or whom they may invite, by what each has chosen."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from federation.groups.doors import Door, entry
from storage import doors


@dataclass(frozen=True, slots=True)
class Doors:
    """How local people take what comes from somebody.

    Attributes:
        open: Those whom it reaches at once; it is a request to the others.
        closed: Those who take nothing of it.
    """

    open: frozenset[str] = frozenset()
    closed: frozenset[str] = frozenset()


NOBODY: Final = Doors()


async def doors_of(people: Collection[str], speaker: str, *, invites: bool) -> Doors:
    """How these take a first message of somebody, or their invitation."""
    if not people:
        return NOBODY
    chosen = await doors.of_people(people)
    ties = await doors.ties_with(people, speaker)
    entries = {
        person: entry(
            Door(each.writers, each.inviters, each.trusts_followed, each.mates_ask),
            ties.get(person, frozenset()),
            invites=invites,
        )
        for person, each in chosen.items()
    }
    return Doors(
        frozenset(person for person, way in entries.items() if way == "open"),
        frozenset(person for person, way in entries.items() if way == "closed"),
    )
