"""A Leave counts at once at every node it reaches; home makes a Remove of it.

Sources: groups-protocol.md 4.6 (3 and 5), 9.1.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from federation.activities import home
from federation.activities.kind import ActivityKind, Shape, Waiting
from federation.activities.known import KnownConversation
from federation.activities.sending import aware, sends
from federation.activities.situation import Situation, json_text
from federation.activities.state_change import told
from federation.protocol.activity import Activity
from federation.protocol.build.state_change import Removed
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.verdict import Allowed, Refused
from storage.changes import (
    CancelSends,
    Change,
    CloseLog,
    KeepActivity,
    NoteEntry,
    PutMembership,
    SetInvitation,
)


@dataclass(frozen=True, slots=True)
class Farewell:
    """Who leaves which conversation."""

    activity: Activity
    conversation: str


def read(activity: Activity) -> Farewell:
    """Understand a Leave.

    Raises:
        RemoteProtocolError: It names no conversation.
    """
    if not activity.object_id:
        raise RemoteProtocolError("a Leave names a conversation")
    return Farewell(activity, activity.object_id)


def authorize(farewell: Farewell, situation: Situation) -> Allowed | Refused | Waiting:
    """Leaving is never refused to a member; an epoch ahead of ours waits for the state.

    A Leave of an earlier membership ends no later one, whoever sends it again.
    """
    conversation, activity = situation.conversation, farewell.activity
    if conversation is None or conversation.state is None:
        return Refused("not followed here")
    if conversation.uri != farewell.conversation or activity.epoch is None:
        return Refused("a Leave names one conversation and its epoch", status=400)
    if activity.epoch > conversation.epoch:
        return Waiting("state", conversation.uri)
    if not conversation.is_in(activity.actor):
        return Refused("not a member")
    if not conversation.is_since(activity.actor, activity.epoch):
        return Refused("that membership has ended before")
    return Allowed()


def apply(farewell: Farewell, situation: Situation) -> Sequence[Change]:
    """The person is out; home removes them from the state and finds another admin if need be."""
    conversation = situation.conversation
    if conversation is None:
        return ()
    # The person's own word comes last, so that it is what their membership says in the end.
    changes = [*_removed(farewell, situation), *_out(farewell, conversation, situation)]
    if situation.by_us:
        audience = [*aware(conversation.present(), situation), conversation.uri]
        changes += sends(
            farewell.activity.document, audience, situation, conversation_id=conversation.id
        )
    return changes


def _out(farewell: Farewell, conversation: KnownConversation, situation: Situation) -> list[Change]:
    activity, now = farewell.activity, situation.now
    person, held = activity.actor, conversation.memberships[activity.actor]
    changes: list[Change] = [
        KeepActivity(activity.id, person, json_text(activity.document), now),
        PutMembership(
            conversation_id=conversation.id,
            person=person,
            local=held.local,
            role="",
            state="left",
            at=now,
            inviter=held.inviter,
            left_epoch=activity.epoch,
        ),
    ]
    if activity.log is not None:
        entry = NoteEntry(
            log=activity.log.log,
            conversation_id=conversation.id,
            author=person,
            local=situation.by_us,
            seq=activity.log.seq,
            activity_id=activity.id,
            at=now,
        )
        changes += [entry, CloseLog(activity.log.log, conversation.id, person, activity.log.seq)]
    if held.invitation_id:
        changes.append(SetInvitation(held.invitation_id, "void", now))
    if not held.local and person in situation.actors:
        changes.append(CancelSends(conversation.id, person, situation.actors[person].host, now))
    return [*changes, *told(conversation.memberships, situation)]


def _removed(farewell: Farewell, situation: Situation) -> list[Change]:
    """At home: the Remove, with the Leave's own number as head; then who takes over (4.6.5)."""
    group = home.Group.at_home(situation.conversation)
    if group is None:
        return []
    activity = farewell.activity
    heads: Mapping[str, int] = {activity.log.log: activity.log.seq} if activity.log else {}
    removed = Removed(activity.actor, group.state.role_of(activity.actor), heads)
    decided = home.remove(group, removed, home.basis_of(activity.document), situation)
    return [*decided.changes, *home.settle(decided.group, situation).changes]


KIND = ActivityKind(Shape("Leave", "", "person"), read, authorize, apply)
