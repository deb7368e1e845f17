"""What arrived and is judged by rules, with the local people for whom it is.

What takes away, answers or ends something is no case: it is its author's right, or consent. Nor is
what a group's home decides: membership is no policy.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from federation.activities.situation import Situation
from federation.pipeline.item import Received
from federation.pipeline.prepare import Prepared
from federation.protocol.activity import Activity
from federation.protocol.uri import host_of

NOT_JUDGED: Final = frozenset({"Accept", "Delete", "Leave", "Reject", "Remove", "Undo"})


@dataclass(frozen=True, slots=True)
class Case:
    """One item that rules are asked about.

    Attributes:
        persons: For whom it is judged, each by themselves; "" for nobody in particular.
    """

    item: Received
    situation: Situation
    persons: tuple[str, ...]

    @property
    def activity(self) -> Activity:
        """What arrived."""
        return self.item.activity

    @property
    def author(self) -> str:
        """Whose word it is."""
        return self.item.activity.actor

    @property
    def host(self) -> str:
        """Where its author is."""
        return host_of(self.author)

    @property
    def goes_as_a_whole(self) -> bool:
        """Whether nothing is stored if nobody here gets it; a group's message keeps its place."""
        conversation = self.situation.conversation
        is_message = self.item.activity.type == "Create"
        return not is_message or conversation is None or conversation.kind != "group"


def case_of(one: Prepared, fresh: Collection[str]) -> Case | None:
    """The case that an item is, if it is one.

    Args:
        one: The item.
        fresh: The local people whom it has not reached yet.
    """
    item, situation = one.item, one.situation
    if not isinstance(item, Received) or situation is None or one.error is not None:
        return None
    if situation.speaker.local or situation.speaker.kind == "conversation":
        return None
    # What is held takes the road again as if it had come by itself: it would lose its origin.
    if item.source:
        return None
    if item.activity.type in NOT_JUDGED:
        return None
    readers = tuple(sorted(set(fresh) - {""}))
    if item.activity.type == "Create" and readers:
        return Case(item, situation, readers)
    named = (item.activity.target, item.activity.object_id, *readers)
    person = next((uri for uri in named if uri and situation.is_local(uri)), "")
    return Case(item, situation, (person,))
