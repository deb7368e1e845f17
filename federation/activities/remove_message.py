"""The moderators of a group remove a message: a member asks, home says so, aware nodes hide it.

Sources: groups-protocol.md 4.5 and 7.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from federation.activities import home, requests
from federation.activities.kind import ActivityKind, Shape
from federation.activities.known import KnownConversation, KnownMessage
from federation.activities.sending import aware, own, sends
from federation.activities.situation import Situation, json_text
from federation.activities.state_change import told
from federation.groups import clock, permissions, wishes
from federation.groups.effect import read_basis
from federation.groups.permissions import Action
from federation.protocol.activity import Activity
from federation.protocol.build import removal as build
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.verdict import Allowed, Refused
from storage.changes import (
    Change,
    HideMessage,
    KeepActivity,
    PutRequest,
    PutTombstone,
    SettleRequest,
    Tell,
)

WISH: Final = "remove-message"


@dataclass(frozen=True, slots=True)
class Removal:
    """Which message is to go, or is gone."""

    activity: Activity
    message: str


def read(activity: Activity) -> Removal:
    """Understand a Remove from a group's context.

    Raises:
        RemoteProtocolError: It names no message.
    """
    if not activity.object_id:
        raise RemoteProtocolError("a removal names a message")
    return Removal(activity, activity.object_id)


def authorize_request(removal: Removal, situation: Situation) -> Allowed | Refused:
    """Whether home lets this member remove that message."""
    conversation, message = situation.conversation, situation.messages.get(removal.message)
    if conversation is None or conversation.state is None:
        return Refused("no such conversation", status=404)
    if not conversation.is_home and not situation.by_us:
        return Refused("home decides that elsewhere")
    too_much = requests.too_much(removal.activity, conversation, situation)
    if too_much is not None:
        return too_much
    if message is None or message.conversation_id != conversation.id:
        return Refused("there is no such message", status=404, notice="no-change")
    return _judged(removal.activity.actor, message, conversation)


def _judged(
    actor: str, message: KnownMessage, conversation: KnownConversation
) -> Allowed | Refused:
    state = conversation.state
    if conversation.closed or state is None:
        return wishes.CLOSED
    if not conversation.is_in(actor):
        return wishes.NOT_ALLOWED
    if message.is_removed or message.is_deleted:
        return wishes.NO_CHANGE
    return permissions.may(actor, Action.REMOVE_MESSAGE, state, subject=message.author)


def apply_request(removal: Removal, situation: Situation) -> Sequence[Change]:
    """Home removes it at once; another node asks home and waits."""
    conversation, activity = situation.conversation, removal.activity
    if conversation is None:
        return ()
    keep = KeepActivity(activity.id, activity.actor, json_text(activity.document), situation.now)
    if home.Group.at_home(conversation) is not None:
        recorded = _recorded(removal, "applied", conversation, situation)
        return [keep, recorded, *_removed(removal, conversation, situation)]
    return [
        keep,
        _recorded(removal, "waiting", conversation, situation),
        *sends(activity.document, [conversation.uri], situation, conversation_id=conversation.id),
        *told([activity.actor], situation),
    ]


def _recorded(
    removal: Removal, state: str, conversation: KnownConversation, situation: Situation
) -> PutRequest:
    return PutRequest(
        id=removal.activity.id,
        conversation_id=conversation.id,
        person=removal.activity.actor,
        wish=WISH,
        subject="",
        state=state,
        notice="",
        published_at=removal.activity.published or situation.now,
        at=situation.now,
    )


def _removed(
    removal: Removal, conversation: KnownConversation, situation: Situation
) -> list[Change]:
    """The notice, signed by the conversation and owed to all aware members."""
    document = build.removal(
        conversation.uri,
        notice_id=f"{conversation.uri}/removal/{situation.new_id()}",
        message=removal.message,
        context=conversation.context,
        basis=home.basis_of(removal.activity.document),
        published=clock.stamp(situation.now, None),
    )
    return [
        *own(
            document,
            aware(conversation.present(), situation),
            situation,
            conversation_id=conversation.id,
            object_uri=removal.message,
        ),
        *_hidden(removal.message, document["id"], conversation, situation),
    ]


def authorize_notice(removal: Removal, situation: Situation) -> Allowed | Refused:
    """Nobody but the conversation itself removes another's message, and only its own."""
    conversation, message = situation.conversation, situation.messages.get(removal.message)
    if conversation is None or conversation.uri != removal.activity.actor:
        return Refused("not followed here")
    if message is not None and message.conversation_id != conversation.id:
        return Refused("that message is not of this conversation")
    return Allowed()


def apply_notice(removal: Removal, situation: Situation) -> Sequence[Change]:
    """Hide the message, now or when it comes, and settle what was asked."""
    conversation, activity, now = situation.conversation, removal.activity, situation.now
    if conversation is None:
        return ()
    return [
        KeepActivity(activity.id, activity.actor, json_text(activity.document), now),
        *_hidden(removal.message, activity.id, conversation, situation),
        *(
            SettleRequest(basis.id, conversation.id, "applied", "", now)
            for basis in read_basis(activity.document)
        ),
    ]


def _hidden(
    message_uri: str, notice_id: str, conversation: KnownConversation, situation: Situation
) -> list[Change]:
    now, message = situation.now, situation.messages.get(message_uri)
    tomb = PutTombstone(message_uri, conversation.uri, conversation.id, notice_id, now, now)
    if message is None or message.is_removed:
        return [tomb]
    heard = [
        Tell(person, "message.updated", conversation.id, message.id, now)
        for person in situation.readers.get(message.uri, ())
    ]
    return [tomb, HideMessage(message.id, message.uri, now), *heard]


KINDS = (
    ActivityKind(Shape("Remove", "Message", "person"), read, authorize_request, apply_request),
    ActivityKind(Shape("Remove", "Message", "conversation"), read, authorize_notice, apply_notice),
)
