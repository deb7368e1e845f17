"""An invitation is taken back: whoever commits first, this or the answer, has decided.

Source: groups-protocol.md 5.2.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from federation.activities.kind import ActivityKind, Shape, Waiting
from federation.activities.known import KnownConversation, KnownInvitation
from federation.activities.sending import aware, sends
from federation.activities.situation import Situation, json_text
from federation.activities.state_change import told
from federation.groups import permissions
from federation.groups.permissions import Action
from federation.groups.state import ADMIN, MODERATOR
from federation.protocol import json_ld
from federation.protocol.activity import Activity
from federation.protocol.verdict import Allowed, Refused
from storage.changes import Change, KeepActivity, PutMembership, SetInvitation

OVER: Final = Refused("that invitation is not open", status=409, notice="no-change")


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Which invitation is taken back, and whose it is as embedded; "" where it is named by id."""

    activity: Activity
    invite_id: str
    invitee: str


def read(activity: Activity) -> Withdrawal:
    """Understand an Undo of an Invite."""
    inner = activity.object if isinstance(activity.object, Mapping) else {}
    return Withdrawal(activity, activity.object_id, json_ld.id_of(inner.get("target")))


def authorize(withdrawal: Withdrawal, situation: Situation) -> Allowed | Refused | Waiting:
    """Whether this person may take the invitation back, and it is open.

    SECURITY: the stored Invite decides, never the embedded one, which counts by its own proof
    alone (inbound/repair.py); tests/network/conformance/test_requests.py.
    """
    invitation, conversation = situation.invitation, situation.conversation
    if invitation is None or invitation.id != withdrawal.invite_id:
        is_ours = conversation is not None and conversation.is_home
        if is_ours or situation.is_local(withdrawal.invitee):
            return Waiting("invitation", withdrawal.invite_id)
        return Refused("there is no such invitation")
    if conversation is None or conversation.uri != invitation.conversation_uri:
        return Refused("not followed here")
    if not _may(withdrawal.activity.actor, invitation, conversation):
        return Refused("not allowed in this group", notice="not-allowed")
    return Allowed() if invitation.state == "open" else OVER


def _may(actor: str, invitation: KnownInvitation, conversation: KnownConversation) -> bool:
    if conversation.state is not None:
        verdict = permissions.may(
            actor, Action.WITHDRAW, conversation.state, subject=invitation.inviter
        )
        return isinstance(verdict, Allowed)
    # The invited person's node knows the members as home has shown them.
    shown = conversation.memberships.get(actor)
    is_moderator = shown is not None and shown.role in {ADMIN, MODERATOR}
    return is_moderator or actor == invitation.inviter


def apply(withdrawal: Withdrawal, situation: Situation) -> Sequence[Change]:
    """The invitation is over here; ours goes to the invited person and to home."""
    conversation, invitation = situation.conversation, situation.invitation
    activity, now = withdrawal.activity, situation.now
    if conversation is None or invitation is None:
        return ()
    changes: list[Change] = [
        KeepActivity(activity.id, activity.actor, json_text(activity.document), now),
        SetInvitation(invitation.id, "withdrawn", now),
    ]
    held = conversation.memberships.get(invitation.invitee)
    if held is not None and held.state in {"invited", "requested"}:
        changes.append(
            PutMembership(
                conversation_id=conversation.id,
                person=invitation.invitee,
                local=held.local,
                role="",
                state="removed",
                at=now,
                invitation_id=held.invitation_id,
                inviter=held.inviter,
            )
        )
    changes += told({activity.actor, invitation.invitee, invitation.inviter}, situation)
    if situation.by_us:
        audience = [*aware([invitation.invitee], situation), conversation.uri]
        changes += sends(activity.document, audience, situation, conversation_id=conversation.id)
    return changes


KIND = ActivityKind(Shape("Undo", "Invite", "person"), read, authorize, apply)
