"""A Reject between home and a member: of a request that home refuses, or of an Add without consent.

Sources: groups-protocol.md 4.3 and 4.5.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from federation.activities import home
from federation.activities.kind import ActivityKind, Shape
from federation.activities.situation import Situation, json_text
from federation.activities.state_change import told
from federation.protocol import json_ld, strict_json
from federation.protocol.activity import Activity
from federation.protocol.build.answer import NOTICES
from federation.protocol.build.state_change import Removed
from federation.protocol.verdict import Allowed, Refused
from storage.changes import (
    AbandonGroup,
    Change,
    KeepActivity,
    PutMembership,
    PutRequest,
    SetInvitation,
    SettleRequest,
)

# Requests about who comes in, which a membership waits for.
COMING_IN: Final = frozenset({"Accept", "Invite", "Join"})


@dataclass(frozen=True, slots=True)
class Rejection:
    """Which activity is refused."""

    activity: Activity
    request_id: str


def read(activity: Activity) -> Rejection:
    """Understand a Reject by a conversation, or of an Add."""
    return Rejection(activity, activity.object_id)


def authorize(rejection: Rejection, situation: Situation) -> Allowed | Refused:
    """Only whom our request went to can refuse it."""
    request = _request(rejection, situation)
    if request is None or rejection.activity.actor not in json_ld.ids_of(request.get("to")):
        return Refused("that was never asked")
    conversation = situation.conversation
    if conversation is None or conversation.uri != rejection.activity.actor:
        return Refused("not followed here")
    return Allowed()


def _request(rejection: Rejection, situation: Situation) -> Mapping[str, object] | None:
    """Our own activity that is refused, as it was sent."""
    text = situation.answered.get(rejection.request_id)
    if text is None:
        return None
    request = strict_json.loads(text.encode())
    return request if situation.is_local(json_ld.id_of(request.get("actor"))) else None


def apply(rejection: Rejection, situation: Situation) -> Sequence[Change]:
    """The wish comes to nothing; with an invitation nobody waits for the person any more."""
    conversation, request = situation.conversation, _request(rejection, situation)
    if conversation is None or request is None:
        return ()
    if request["type"] not in COMING_IN:
        return _refused(rejection, request, situation)
    is_answer = request["type"] == "Accept"
    invite_id = json_ld.id_of(request.get("object")) if is_answer else rejection.request_id
    invitee = json_ld.id_of(request.get("target" if request["type"] == "Invite" else "actor"))
    membership = conversation.memberships.get(invitee)
    changes: list[Change] = [SetInvitation(invite_id, "void", situation.now)]
    if request["type"] == "Invite":
        changes += _uninvited(rejection, request, situation)
    if membership is None or membership.state not in {"invited", "requested", "joining"}:
        return changes
    put = PutMembership(
        conversation_id=conversation.id,
        person=invitee,
        local=membership.local,
        role="",
        state="refused",
        at=situation.now,
        invitation_id=invite_id,
        inviter=membership.inviter,
    )
    changes.append(put)
    # An inviter has been told of it already.
    if is_answer or request["type"] == "Join":
        changes += told({invitee, json_ld.id_of(request.get("actor"))}, situation)
    return changes


def _uninvited(
    rejection: Rejection, request: Mapping[str, object], situation: Situation
) -> Sequence[Change]:
    """Whoever invited is told why home does not let them."""
    conversation, inviter = situation.conversation, json_ld.id_of(request.get("actor"))
    if conversation is None:
        return ()
    refused = PutRequest(
        id=rejection.request_id,
        conversation_id=conversation.id,
        person=inviter,
        wish="invite",
        subject=json_ld.id_of(request.get("target")),
        state="refused",
        notice=_word(rejection),
        published_at=situation.now,
        at=situation.now,
    )
    return [refused, *told([inviter], situation)]


def _word(rejection: Rejection) -> str:
    notice = rejection.activity.document.get("chatNotice")
    return notice if isinstance(notice, str) and notice in NOTICES else "not-allowed"


def _refused(
    rejection: Rejection, request: Mapping[str, object], situation: Situation
) -> Sequence[Change]:
    """Whoever asked is told why home does not do it."""
    conversation = situation.conversation
    if conversation is None:
        return ()
    settled = SettleRequest(
        rejection.request_id, conversation.id, "refused", _word(rejection), situation.now
    )
    changes: list[Change] = [settled, *told([json_ld.id_of(request.get("actor"))], situation)]
    if request["type"] == "Move":
        changes.append(AbandonGroup(json_ld.id_of(request.get("target")), situation.now))
    return changes


def authorize_add(rejection: Rejection, situation: Situation) -> Allowed | Refused:
    """A member whom home added, and who says that they never agreed."""
    group = home.Group.at_home(situation.conversation)
    if group is None:
        return Refused("home decides that elsewhere")
    activity = rejection.activity
    if not group.state.is_member(activity.actor):
        return Refused("not a member")
    # An old Reject, sent again by anybody, ends no membership that was agreed to since.
    refused = activity.object.get("chatEpoch")
    if not isinstance(refused, int) or not group.conversation.is_since(activity.actor, refused):
        return Refused("that Add has been outdated")
    return Allowed()


def apply_add(rejection: Rejection, situation: Situation) -> Sequence[Change]:
    """Home issues the Remove that it then owes (4.3)."""
    group, activity = home.Group.at_home(situation.conversation), rejection.activity
    if group is None:
        return ()
    # What may be refused is a role that a member was given: what they have said stays.
    heads = home.heads_of(activity.actor, group)
    removed = Removed(activity.actor, group.state.role_of(activity.actor), heads)
    decided = home.remove(group, removed, home.basis_of(activity.document), situation)
    keep = KeepActivity(activity.id, activity.actor, json_text(activity.document), situation.now)
    return [keep, *decided.changes, *home.settle(decided.group, situation).changes]


BY_CONVERSATION = ActivityKind(Shape("Reject", "", "conversation"), read, authorize, apply)
OF_AN_ADD = ActivityKind(Shape("Reject", "Add", "person"), read, authorize_add, apply_add)
