"""PURE: what rests on what an earlier item of a batch has changed waits for the next batch."""

from collections.abc import Sequence
from typing import Final

from federation.pipeline.item import Received
from federation.pipeline.needs import Needs
from federation.pipeline.prepare import Prepared
from storage import changes as c

# After one of these, later items about the same conversation would rest on what is true no more.
ALTERING: Final = (
    c.AddConversation,
    c.SetState,
    c.SetThread,
    c.MarkDisputed,
    c.PutMembership,
    c.PutInvitation,
    c.PutRequest,
    c.SetInvitation,
    c.OpenLog,
    c.CloseLog,
    c.PutFollow,
    c.DropFollow,
)


# After one of these, later items about the same message would.
ABOUT_A_MESSAGE: Final = (
    c.AddMessage,
    c.ReviseMessage,
    c.AddVersion,
    c.EraseMessage,
    c.HideMessage,
    c.PutTombstone,
    c.PutReaction,
    c.UndoReaction,
)


class Ledger:
    """What the items performed so far have changed, so that no other rests on it unseen."""

    def __init__(self) -> None:
        self.subjects: set[str] = set()
        self.drafted: set[str] = set()
        self.messages: set[str] = set()
        self.activities: set[tuple[str, str]] = set()
        self.invited: set[str] = set()

    def stands_in_the_way(self, prepared: Prepared) -> bool:
        """Whether the item rests on what an earlier one of the batch has changed."""
        item, needs = prepared.item, prepared.needs
        if needs is None:
            return False
        if prepared.subject in self.subjects or needs.messages & self.messages:
            return True
        if isinstance(item, Received):
            is_second = (item.activity.actor, item.activity.id) in self.activities
            return is_second or bool(_invited(item, needs) & self.invited)
        return prepared.subject in self.drafted

    def note(self, prepared: Prepared, changes: Sequence[c.Change]) -> None:
        """Keep in mind what an item changes."""
        item, needs = prepared.item, prepared.needs
        if isinstance(item, Received):
            self.activities.add((item.activity.actor, item.activity.id))
            self.invited |= _invited(item, needs) if needs is not None else frozenset()
        else:
            self.drafted.add(prepared.subject)
        for change in changes:
            if isinstance(change, ALTERING):
                self.subjects.add(prepared.subject)
            elif isinstance(change, ABOUT_A_MESSAGE):
                self.messages.add(change.uri)


def _invited(item: Received, needs: Needs) -> frozenset[str]:
    """Whom an Invite asks: how many open ones they have decides about the next (5.1.3)."""
    return needs.strangers_to if item.activity.type == "Invite" else frozenset()
