"""A group grows to its cap and no further: 1,000 when all are aware, 50 otherwise."""

from collections.abc import Collection
from typing import Final

from federation.groups.state import GroupState
from federation.protocol.verdict import Allowed, Refused, Verdict

MEMBERS_MAX: Final = 1000
MEMBERS_MAX_WITH_UNAWARE: Final = 50
# Of a direct conversation, its author included.
DIRECT_MAX: Final = 50


def has_room(state: GroupState, person: str, *, unaware: Collection[str]) -> Verdict:
    """Say whether home may invite or add one more person.

    Args:
        state: The group as it is.
        person: Who would come; a member already needs no room.
        unaware: Those among the members and this person who do not speak the profile.

    Returns:
        Refused with the notice `full` or `unaware-limit`.

    Source: groups-protocol.md 2
    """
    people = {*state.people, person}
    if len(people) > MEMBERS_MAX:
        return Refused(f"This group is full ({MEMBERS_MAX} people).", notice="full")
    if len(people) > MEMBERS_MAX_WITH_UNAWARE and not people.isdisjoint(unaware):
        most = MEMBERS_MAX_WITH_UNAWARE
        reason = f"With somebody on other software a group has at most {most} people."
        return Refused(reason, notice="unaware-limit")
    return Allowed()
