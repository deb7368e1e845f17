"""Somebody comes in by a link: home lets them in or says why not, and their node waits.

Source: groups-protocol.md 5.3.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from federation.activities import home, inviting
from federation.activities.kind import ActivityKind, Shape
from federation.activities.known import KnownConversation
from federation.activities.requests import too_much
from federation.activities.sending import sends
from federation.activities.situation import Situation, json_text
from federation.activities.state_change import told
from federation.groups import permissions, size
from federation.groups.permissions import Action
from federation.groups.state import OUTCAST, GroupState
from federation.protocol import json_ld
from federation.protocol.activity import Activity
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.verdict import Allowed, Refused, Verdict
from storage.changes import Change, KeepActivity, OpenLog, PutMembership, UseLink

ENDED: Final = Refused("that link has ended", status=409, notice="expired")


@dataclass(frozen=True, slots=True)
class Joining:
    """Who joins what by which link, and the log they will write."""

    activity: Activity
    link: str
    chat_log: str


def read(activity: Activity) -> Joining:
    """Understand a Join.

    Raises:
        RemoteProtocolError: It names no link or no log.
    """
    link = json_ld.id_of(activity.document.get("instrument"))
    if not link or activity.log is None:
        raise RemoteProtocolError("a Join names its link and its log")
    return Joining(activity, link, activity.log.log)


def authorize(joining: Joining, situation: Situation) -> Allowed | Refused:
    """Whether the link still opens this group for this person."""
    conversation = situation.conversation
    if conversation is None or conversation.uri != joining.activity.object_id:
        return Refused("no such conversation", status=404)
    group = home.Group.at_home(conversation)
    if group is None:
        return Allowed() if situation.by_us else Refused("home decides that elsewhere")
    return too_much(joining.activity, conversation, situation) or _may_enter(
        joining.activity.actor, group, situation
    )


def _may_enter(person: str, group: home.Group, situation: Situation) -> Verdict:
    state, speaker = group.state, situation.speaker
    if not state.people:
        return Refused("the group is closed", status=409, notice="closed")
    if state.role_of(person) == OUTCAST:
        return Refused("that person is banned", notice="banned")
    if group.conversation.is_in(person):
        return Refused("a member already", status=409, notice="no-change")
    if not speaker.aware or speaker.kind != "person":
        return Refused("links are for people whose server takes part in groups")
    if not _is_open(group.conversation, state, situation):
        return ENDED
    return size.has_room(state, person, unaware=inviting.unaware(state, person, situation))


def _is_open(conversation: KnownConversation, state: GroupState, situation: Situation) -> bool:
    link = situation.link
    if link is None or link.conversation_id != conversation.id:
        return False
    if link.ends_at < situation.now or link.uses_left < 1 or not conversation.is_in(link.maker):
        return False
    return isinstance(permissions.may(link.maker, Action.INVITE, state), Allowed)


def apply(joining: Joining, situation: Situation) -> Sequence[Change]:
    """At home a member comes in; at the person's node they wait for home."""
    conversation, activity = situation.conversation, joining.activity
    if conversation is None:
        return ()
    changes: list[Change] = [
        KeepActivity(activity.id, activity.actor, json_text(activity.document), situation.now),
        OpenLog(joining.chat_log, conversation.id, activity.actor, situation.by_us, situation.now),
    ]
    group = home.Group.at_home(conversation)
    if group is not None and situation.link is not None:
        basis = home.basis_of(activity.document)
        decided = home.admit(group, activity.actor, basis, situation)
        return [*changes, UseLink(situation.link.id), *decided.changes]
    put = PutMembership(
        conversation_id=conversation.id,
        person=activity.actor,
        local=situation.by_us,
        role="",
        state="joining",
        at=situation.now,
    )
    owed = sends(activity.document, [conversation.uri], situation, conversation_id=conversation.id)
    return [*changes, put, *told([activity.actor], situation), *owed]


KIND = ActivityKind(Shape("Join", "", "person"), read, authorize, apply)
