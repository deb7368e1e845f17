"""PURE: one activity and its situation to an outcome; everything is judged here, whoever asks."""

from typing import Final

from federation.activities import home
from federation.activities.kind import Shape, Waiting
from federation.activities.message import Message
from federation.activities.registry import find_kind
from federation.activities.situation import Situation
from federation.pipeline.outcome import Applied, Ignored, KeptOut, Outcome
from federation.protocol.activity import Activity
from federation.protocol.verdict import Refused
from storage.changes import Change, PutRequest

# By these people ask something of home, whatever they are about.
DECIDED: Final = frozenset({"Accept", "Add", "Invite", "Join", "Leave", "Move", "Reject", "Remove"})


def perform(activity: Activity, situation: Situation, *, meaning: Message | None = None) -> Outcome:
    """Read, authorize and apply one activity.

    A member's request that home refuses is kept out with the Reject that the member is owed.

    Args:
        activity: Authenticated.
        situation: What was loaded for it.
        meaning: What a message says, where it has been read before.

    Raises:
        RemoteProtocolError: The activity has no meaning.
    """
    if situation.speaker.is_deleted:
        return Ignored("a deleted account")
    kind = find_kind(activity, situation)
    if kind is None:
        return Ignored(activity.type)
    conversation = situation.conversation
    if conversation is not None and conversation.recovering and _is_decided(kind.shape):
        return Waiting("recover", conversation.uri)
    said = kind.read(activity) if meaning is None else meaning
    verdict = kind.authorize(said, situation)
    if isinstance(verdict, Waiting):
        return verdict
    if isinstance(verdict, Refused):
        return KeptOut(verdict, _answer(activity, verdict, situation))
    return Applied(tuple(kind.apply(said, situation)))


def _is_decided(shape: Shape) -> bool:
    """Whether home answers an activity of this shape with a change of the group."""
    if shape.speaker != "person":
        return False
    return shape.verb in DECIDED or (
        shape.verb in {"Undo", "Update", "Delete"} and shape.object_type in {"Invite", "Group"}
    )


def _answer(activity: Activity, verdict: Refused, situation: Situation) -> tuple[Change, ...]:
    asked_elsewhere = verdict.notice and not situation.by_us and situation.speaker.aware
    if not asked_elsewhere or home.Group.at_home(situation.conversation) is None:
        return ()
    return (*home.refuse(activity, verdict, situation), *_record(activity, verdict, situation))


def _record(activity: Activity, verdict: Refused, situation: Situation) -> tuple[Change, ...]:
    """What home refuses counts among what its author asks; what is too much already does not."""
    if situation.conversation is None or verdict.notice == "rate":
        return ()
    record = PutRequest(
        id=activity.id,
        conversation_id=situation.conversation.id,
        person=activity.actor,
        wish=activity.type.lower(),
        subject="",
        state="refused",
        notice=verdict.notice,
        published_at=activity.published or situation.now,
        at=situation.now,
    )
    return (record,)
