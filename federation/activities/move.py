"""A group goes on elsewhere: home says so, or a successor does once home is gone.

Whether a successor's word counts is asked of the group it names, by a repair
(inbound/successors.py); until then it is only kept.

Source: groups-protocol.md 12.2.
"""

from collections.abc import Sequence
from typing import Final

from federation.activities import requests
from federation.activities.kind import ActivityKind, Shape
from federation.activities.known import KnownConversation
from federation.activities.requests import Request
from federation.activities.sending import aware, sends
from federation.activities.situation import Situation, json_text
from federation.activities.state_change import told
from federation.groups.succession import GONE_AFTER
from federation.groups.wishes import Relocate
from federation.protocol import uri
from federation.protocol.activity import Activity
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.verdict import Allowed, Refused
from storage.changes import Ask, Change, HearSuccessor, KeepActivity, MoveAway

NOT_LISTED: Final = Refused("not a successor of this group")


def read(activity: Activity) -> Request:
    """Understand a Move.

    Raises:
        RemoteProtocolError: It names no other conversation.
    """
    if not activity.target or activity.target == activity.object_id:
        raise RemoteProtocolError("a Move names where the group goes on")
    return Request(activity, activity.object_id, Relocate(activity.target))


def authorize(request: Request, situation: Situation) -> Allowed | Refused:
    """An admin may ask home; a listed successor may speak where home is not."""
    conversation = situation.conversation
    if conversation is None or conversation.state is None:
        return Refused("not followed here")
    is_successor = request.activity.actor in conversation.state.successors
    if conversation.is_home:
        if is_successor and _was_away(request.activity, situation):
            return Allowed()
        return requests.authorize(request, situation)
    if situation.by_us and conversation.gone_at is None:
        return requests.authorize(request, situation)
    if not is_successor or not uri.same_origin(request.activity.target, request.activity.actor):
        return NOT_LISTED
    return Allowed()


def _was_away(activity: Activity, situation: Situation) -> bool:
    """Whether this home had itself been out of everybody's reach when the successor acted."""
    if situation.absence is None or activity.published is None:
        return False
    since, until = situation.absence
    return since + GONE_AFTER <= activity.published <= until


def apply(request: Request, situation: Situation) -> Sequence[Change]:
    """Home signs the same Move; a successor of ours tells everybody; others' words are kept."""
    conversation = situation.conversation
    if conversation is None:
        return ()
    if conversation.is_home or (situation.by_us and conversation.gone_at is None):
        return requests.apply(request, situation)
    activity, now = request.activity, situation.now
    keep = KeepActivity(activity.id, activity.actor, json_text(activity.document), now)
    heard = heard_of(activity, activity.actor, conversation, situation)
    if not situation.by_us:
        return [keep, *heard]
    audience = [*aware(conversation.present(), situation), conversation.uri]
    return [
        keep,
        *heard,
        MoveAway(conversation.id, activity.target, now),
        *sends(activity.document, audience, situation, conversation_id=conversation.id),
        *told(conversation.memberships, situation),
    ]


def heard_of(
    activity: Activity, mover: str, conversation: KnownConversation, situation: Situation
) -> list[Change]:
    """Keep where a group may go on, with its last state, and look there."""
    if conversation.state is None:
        return []
    return [
        HearSuccessor(
            id=activity.id,
            conversation_id=conversation.id,
            mover=mover,
            target=activity.target,
            before=json_text(conversation.state.to_json()),
            at=situation.now,
        ),
        Ask(situation.new_id(), "succession", conversation.uri, situation.now),
    ]


KIND: Final = ActivityKind(Shape("Move", "Group", "person"), read, authorize, apply)
