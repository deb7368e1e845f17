"""A change of who is in a group with unaware members is to be explained to them.

Source: groups-protocol.md 6.5
"""

from typing import Final

from federation.activities.sending import aware
from federation.activities.situation import Situation
from federation.groups.anchors import QUIET
from federation.groups.state import GroupState
from storage.changes import Ask, Change

KIND: Final = "anchor"


def due(
    conversation_id: str, old: GroupState | None, new: GroupState, situation: Situation
) -> list[Change]:
    """Whether it falls to this node is looked at when no further change has come for a while."""
    before, after = set(old.people if old is not None else ()), set(new.people)
    people = before | after
    is_mixed = len(aware(people, situation)) < len(people)
    is_here = any(situation.is_local(person) for person in after)
    # Whoever begins to follow a group explains nothing, unless the group itself has just begun.
    is_known = old is not None or bool(new.predecessor)
    if before == after or not is_known or not is_mixed or not is_here:
        return []
    return [Ask(situation.new_id(), KIND, conversation_id, situation.now + QUIET)]
