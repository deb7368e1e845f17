"""A group that lost its last admin gets another, and one without aware members closes.

Source: groups-protocol.md 4.6
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass

from federation.groups.state import ADMIN, MODERATOR, GroupState


@dataclass(frozen=True, slots=True)
class Promote:
    """Make this person an admin."""

    person: str


@dataclass(frozen=True, slots=True)
class Close:
    """No aware member is left, so that nobody could ever change anything."""


@dataclass(frozen=True, slots=True)
class NothingToDo:
    """There is an admin."""


def after_removal(
    state: GroupState, *, since: Mapping[str, int], aware: Container[str]
) -> Promote | Close | NothingToDo:
    """Answer what home does once somebody is gone.

    The longest-standing moderator is promoted, else the longest-standing member; of equals the one
    with the smaller id. An unaware person cannot make use of the role and is passed over.

    Args:
        state: After the Remove.
        since: The epoch at which each member came.
        aware: Those who speak the profile.
    """
    able = [person for person in state.people if person in aware]
    if not able:
        return Close()
    if ADMIN in state.members.values():
        return NothingToDo()
    first = min(
        able,
        key=lambda person: (state.role_of(person) != MODERATOR, since[person], person.encode()),
    )
    return Promote(first)
