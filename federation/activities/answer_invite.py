"""Yes or no to an invitation: consent at the person's node, and home's decision about it.

Sources: groups-protocol.md 5.2; security.md 4.2 Consent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from federation.activities import home, inviting
from federation.activities.kind import ActivityKind, Shape, Waiting
from federation.activities.known import KnownInvitation
from federation.activities.sending import sends
from federation.activities.situation import Situation, json_text
from federation.activities.state_change import told
from federation.protocol import json_ld
from federation.protocol.activity import Activity
from federation.protocol.verdict import Allowed, Refused
from storage.changes import Change, KeepActivity, OpenLog, PutMembership, SetInvitation


@dataclass(frozen=True, slots=True)
class Answer:
    """What an invited person says.

    Attributes:
        invite_id: The Invite that is answered.
        conversation: The conversation it names, as embedded; "" where it is named by id alone.
        chat_log: The log that the person will write, "" with a Reject.
    """

    activity: Activity
    invite_id: str
    conversation: str
    chat_log: str
    accepts: bool


def read(activity: Activity) -> Answer:
    """Understand an Accept or Reject of an Invite."""
    inner = activity.object if isinstance(activity.object, Mapping) else {}
    return Answer(
        activity=activity,
        invite_id=activity.object_id,
        conversation=json_ld.id_of(inner.get("object")),
        chat_log=activity.log.log if activity.log is not None else "",
        accepts=activity.type == "Accept",
    )


def authorize(answer: Answer, situation: Situation) -> Allowed | Refused | Waiting:
    """Whether this invitation is open for this person to answer.

    SECURITY: the stored Invite decides, never the embedded one. Home that has not got it yet waits
    for it, or for a proof of the embedded one (inbound/repair.py).
    tests/unit/activities/test_what_is_stored_decides.py
    """
    invitation = situation.invitation
    if invitation is None or invitation.id != answer.invite_id:
        if situation.conversation is not None and situation.conversation.is_home:
            return Waiting("invitation", answer.invite_id)
        return Refused("there is no such invitation")
    conversation = situation.conversation
    if conversation is not None and conversation.uri != invitation.conversation_uri:
        return Refused("that invitation is to another conversation")
    if invitation.invitee != answer.activity.actor:
        return Refused("that invitation is for somebody else", notice="not-allowed")
    if invitation.state != "open":
        return Refused("that invitation is not open", notice=_notice(invitation.state))
    person = answer.activity.actor
    return may_enter(invitation, person, situation) if answer.accepts else Allowed()


def _notice(state: str) -> str:
    return {"spent": "no-change", "accepted": "no-change", "expired": "expired"}.get(
        state, "withdrawn"
    )


def may_enter(invitation: KnownInvitation, person: str, situation: Situation) -> Allowed | Refused:
    """Home checks the caps, bans and the inviter's right again at acceptance (5.2.4)."""
    if invitation.ends_at < situation.now:
        return Refused("the invitation has expired", status=409, notice="expired")
    group = home.Group.at_home(situation.conversation)
    if situation.by_us or group is None:
        return Allowed()
    verdict = inviting.may_invite(invitation.inviter, person, group.conversation, situation)
    if isinstance(verdict, Refused) and verdict.notice == "not-allowed":
        return Refused("its inviter has lost the right", notice="withdrawn")
    return verdict


def apply(answer: Answer, situation: Situation) -> Sequence[Change]:
    """Note the answer; at home a yes makes the next state; ours travels to home and the inviter."""
    conversation, activity = situation.conversation, answer.activity
    if conversation is None:
        return ()
    changes: list[Change] = [
        KeepActivity(activity.id, activity.actor, json_text(activity.document), situation.now)
    ]
    changes += _accepted(answer, situation) if answer.accepts else _declined(answer, situation)
    if situation.by_us and situation.invitation is not None:
        audience = [conversation.uri, situation.invitation.inviter]
        changes += sends(activity.document, audience, situation, conversation_id=conversation.id)
    return changes


def _accepted(answer: Answer, situation: Situation) -> list[Change]:
    conversation, invitation = situation.conversation, situation.invitation
    if conversation is None or invitation is None:
        return []
    log = OpenLog(
        answer.chat_log, conversation.id, answer.activity.actor, situation.by_us, situation.now
    )
    changes: list[Change] = [log] if answer.chat_log else []
    group = home.Group.at_home(conversation)
    if group is not None:
        basis = home.basis_of(
            {"id": invitation.id, "type": "Invite", "actor": invitation.inviter},
            answer.activity.document,
        )
        decided = home.admit(group, answer.activity.actor, basis, situation)
        return [*changes, *decided.changes]
    changes.append(SetInvitation(invitation.id, "accepted", situation.now))
    if situation.by_us:
        changes += _moved(answer, situation, "joining")
    return changes


def _declined(answer: Answer, situation: Situation) -> list[Change]:
    return [
        SetInvitation(answer.invite_id, "rejected", situation.now),
        *_moved(answer, situation, "refused"),
    ]


def _moved(answer: Answer, situation: Situation, state: str) -> list[Change]:
    conversation, invitation = situation.conversation, situation.invitation
    if conversation is None or invitation is None or conversation.is_in(answer.activity.actor):
        return []
    put = PutMembership(
        conversation_id=conversation.id,
        person=answer.activity.actor,
        local=situation.by_us,
        role="",
        state=state,
        at=situation.now,
        invitation_id=invitation.id,
        inviter=invitation.inviter,
    )
    return [put, *told({answer.activity.actor, invitation.inviter}, situation)]


ACCEPT = ActivityKind(Shape("Accept", "Invite", "person"), read, authorize, apply)
REJECT = ActivityKind(Shape("Reject", "Invite", "person"), read, authorize, apply)
