"""PURE: a group goes on at this node: its next home is made, and the others are told."""

from federation.activities.known import KnownConversation
from federation.activities.sending import own_id
from federation.activities.situation import Situation
from federation.groups import succession
from federation.groups.state import ADMIN, GroupState
from federation.pipeline.compose import Composed, Step, signed
from federation.pipeline.founding import founded
from federation.pipeline.item import ContinueGroup
from federation.protocol.build import request as build_request
from federation.protocol.build.request import Asking
from federation.protocol.verdict import Refused


def go_on(draft: ContinueGroup, situation: Situation) -> Composed | Refused:
    """Make the group that continues another, and move the other one to it.

    A successor does so when home is gone; an admin asks home for it otherwise.
    """
    old = situation.conversation
    if old is None or old.state is None or not old.is_in(draft.author):
        return Refused("no such conversation", status=404)
    refused = _refused(draft.author, old, old.state)
    if refused is not None:
        return refused
    target = situation.space.conversation(draft.conversation_id)
    left = {person for person in old.state.people if old.has_left(person)}
    state = succession.carried_over(old.state, target, left=left)
    asking = Asking(own_id(draft.author, situation), draft.author, old.uri, situation.now)
    move = Step(signed(build_request.move(asking, target), situation), situation)
    # Consent carries over (12.2).
    consented = filter(situation.is_local, state.people)
    made = founded(draft, state, situation, consented=tuple(consented))
    return Composed(draft.conversation_id, (move,), tuple(made))


def _refused(author: str, old: KnownConversation, state: GroupState) -> Refused | None:
    if old.closed:
        return Refused("the group is closed", status=409, notice="closed")
    if old.is_home:
        return Refused("the group has its home here", status=409)
    may_move = author in state.successors if old.gone_at else state.role_of(author) == ADMIN
    return None if may_move else Refused("not allowed in this group", notice="not-allowed")
