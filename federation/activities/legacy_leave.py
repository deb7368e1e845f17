"""At home an unaware member goes: by a word, or by blocking the conversation actor.

Source: groups-protocol.md 5.4
"""

from collections.abc import Sequence

from federation.activities import home, legacy_answer
from federation.activities.kind import ActivityKind, Shape, Waiting
from federation.activities.situation import Situation, json_text
from federation.protocol.activity import Activity
from federation.protocol.build.state_change import Answered, Removed
from federation.protocol.verdict import Allowed, Refused
from storage.changes import Change, KeepActivity


def removed(activity: Activity, basis_id: str, situation: Situation) -> Sequence[Change]:
    """Home's Remove of the speaker, which names what they said; then who takes over (4.6.5).

    Args:
        activity: By which they go.
        basis_id: Its id, or its Note's.
        situation: At home.
    """
    group = home.Group.at_home(situation.conversation)
    if group is None:
        return ()
    person, kind = activity.actor, activity.object_type or activity.type
    gone = Removed(person, group.state.role_of(person), {})
    decided = home.remove(group, gone, (Answered(basis_id, kind, person),), situation)
    keep = KeepActivity(activity.id, person, json_text(activity.document), situation.now)
    return [keep, *decided.changes, *home.settle(decided.group, situation).changes]


def read_block(activity: Activity) -> Activity:
    """Understand a Block: who blocks whom stands on every activity."""
    return activity


def authorize_block(block: Activity, situation: Situation) -> Allowed | Refused | Waiting:
    """Whether an unaware member, or somebody invited, blocks a conversation actor of ours."""
    conversation = situation.conversation
    if conversation is None or not conversation.is_home or conversation.uri != block.object_id:
        return Refused("a block is between people, and they are not told")
    is_there = conversation.state is not None and conversation.is_in(block.actor)
    if situation.speaker.aware or not (is_there or _is_invited(block, situation)):
        return Refused("not an unaware member")
    return Waiting("recover", conversation.uri) if conversation.recovering else Allowed()


def _is_invited(block: Activity, situation: Situation) -> bool:
    invitation = situation.invitation
    is_theirs = invitation is not None and invitation.invitee == block.actor
    return invitation is not None and is_theirs and invitation.state == "open"


def apply_block(block: Activity, situation: Situation) -> Sequence[Change]:
    """They leave; somebody invited has said no."""
    conversation, invitation = situation.conversation, situation.invitation
    if conversation is not None and conversation.is_in(block.actor):
        return removed(block, block.id, situation)
    if invitation is None:
        return ()
    return legacy_answer.declined(invitation, legacy_answer.DECLINED, situation)


BLOCK = ActivityKind(Shape("Block", "", "person"), read_block, authorize_block, apply_block)
