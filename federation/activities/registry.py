"""Every kind of activity that has an effect here; what is not in this tuple has none."""

from collections.abc import Mapping
from typing import Any, Final

from federation.activities import (
    answer_invite,
    create_note,
    delete_note,
    depart,
    edit_note,
    flag,
    follow,
    invite,
    join,
    leave,
    legacy_leave,
    move,
    react,
    read_receipt,
    reject,
    relayed,
    remove_message,
    requests,
    state_change,
    withdraw,
)
from federation.activities.kind import ActivityKind, Shape
from federation.activities.situation import Situation
from federation.protocol.activity import Activity

KINDS: Final[tuple[ActivityKind[Any], ...]] = (
    create_note.KIND,
    edit_note.KIND,
    *delete_note.KINDS,
    *react.KINDS,
    read_receipt.KIND,
    *remove_message.KINDS,
    *relayed.KINDS,
    depart.DELETE,
    depart.MOVE,
    follow.FOLLOW,
    follow.UNDO,
    follow.ACCEPT,
    follow.REJECT,
    *flag.KINDS,
    invite.KIND,
    answer_invite.ACCEPT,
    answer_invite.REJECT,
    leave.KIND,
    legacy_leave.BLOCK,
    withdraw.KIND,
    join.KIND,
    *requests.KINDS,
    move.KIND,
    *state_change.KINDS,
    reject.BY_CONVERSATION,
    reject.OF_AN_ADD,
)

BY_SHAPE: Final[Mapping[Shape, ActivityKind[Any]]] = {kind.shape: kind for kind in KINDS}

# Verbs whose object is an actor or a conversation, whatever type an embedded one claims.
OF_AN_ACTOR: Final = frozenset({"Flag", "Follow", "Invite", "Join", "Leave"})
# Verbs whose object is a message, whatever type an embedded one claims.
OF_A_MESSAGE: Final = frozenset({"EmojiReact", "Like", "Read"})


# Verbs by which an actor says what becomes of itself.
OF_ONESELF: Final = frozenset({"Delete", "Move"})

# Verbs by which a member asks something about the conversation actor itself.
OF_A_GROUP: Final = frozenset({"Delete", "Move", "Update"})


def find_kind(activity: Activity, situation: Situation) -> ActivityKind[Any] | None:
    """The kind of an activity, or None when it has no effect here.

    An answer that names what it answers by id alone is of the kind of the thing held under that id.
    """
    speaker = situation.speaker.kind
    object_type = object_type_of(activity)
    object_type = _named_type(activity, situation) or object_type
    if not object_type and activity.type in {"Accept", "Reject", "Undo"} and speaker == "person":
        object_type = _held_type(activity, situation)
    return BY_SHAPE.get(Shape(activity.type, object_type, speaker))


def object_type_of(activity: Activity) -> str:
    """The type by which a kind is found, as far as the activity says it."""
    if activity.type in OF_AN_ACTOR | OF_A_MESSAGE:
        return ""
    if activity.type in OF_ONESELF and activity.object_id == activity.actor:
        return "Actor"
    return activity.object_type


def _named_type(activity: Activity, situation: Situation) -> str:
    """What a request or notice is about, told by the group that it names."""
    conversation = situation.conversation
    if conversation is None or not conversation.uri:
        return ""
    if activity.type == "Remove" and activity.target == conversation.context:
        return "Message"
    is_of_a_group = activity.object_id == conversation.uri and situation.speaker.kind == "person"
    return "Group" if is_of_a_group and activity.type in OF_A_GROUP else ""


def _held_type(activity: Activity, situation: Situation) -> str:
    if situation.invitation is not None and situation.invitation.id == activity.object_id:
        return "Invite"
    if situation.follow is not None and situation.follow.activity_id == activity.object_id:
        return "Follow"
    is_undone = activity.type == "Undo" and any(
        one.activity_id == activity.object_id
        for found in situation.reactions.values()
        for one in found
    )
    return "Like" if is_undone else ""
