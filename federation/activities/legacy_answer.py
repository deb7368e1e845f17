"""At home an unaware person answers an invitation in words: yes makes a member, no ends it.

Source: groups-protocol.md 5.4
"""

from collections.abc import Sequence
from typing import Final

from federation.activities import answer_invite, home
from federation.activities.kind import Waiting
from federation.activities.known import KnownConversation, KnownInvitation
from federation.activities.message import Message
from federation.activities.place_message import text_of
from federation.activities.sending import own
from federation.activities.situation import Situation, json_text
from federation.activities.state_change import told
from federation.groups.legacy import Answer, read_answer
from federation.protocol.build import answer as build_answer
from federation.protocol.build.state_change import Answered
from federation.protocol.verdict import Allowed, Refused
from storage.changes import Change, KeepActivity, PutMembership, SetInvitation

NO_ANSWER: Final = Refused("not a member, and no answer to an invitation")
# What a yes comes too late for, and the word by which its inviter is told.
LATE: Final = {"expired": "expired", "withdrawn": "withdrawn"}
DECLINED: Final = "withdrawn"


def authorize(
    message: Message, conversation: KnownConversation, situation: Situation
) -> Allowed | Refused | Waiting:
    """Whether it answers an invitation that home knows.

    SECURITY: only what its author's own server has signed and sent here counts, and to the group
    alone; tests/network/conformance/test_answers_in_words.py.
    """
    invitation = situation.invitation
    if situation.source or message.updated is not None or message.widened_beyond(conversation.uri):
        return NO_ANSWER
    if invitation is None or invitation.invitee != message.activity.actor:
        return NO_ANSWER
    answer = read_answer(text_of(message))
    is_late = invitation.state in LATE and answer is Answer.YES
    if answer is Answer.OTHER or not (invitation.state == "open" or is_late):
        return NO_ANSWER
    return Waiting("recover", conversation.uri) if conversation.recovering else Allowed()


def apply(message: Message, situation: Situation) -> Sequence[Change]:
    """Admit, or end the invitation; its inviter learns why nothing came of it."""
    group, invitation = home.Group.at_home(situation.conversation), situation.invitation
    if group is None or invitation is None:
        return ()
    activity, person = message.activity, message.activity.actor
    keep = KeepActivity(activity.id, person, json_text(activity.document), situation.now)
    notice = _why_not(message, invitation, situation)
    if notice:
        return [keep, *declined(invitation, notice, situation)]
    basis = (
        Answered(invitation.id, "Invite", invitation.inviter),
        Answered(message.uri, "Note", person),
    )
    return [keep, *home.admit(group, person, basis, situation).changes]


def _why_not(message: Message, invitation: KnownInvitation, situation: Situation) -> str:
    """Why home does not let them in, as a word; "" if it does."""
    if read_answer(text_of(message)) is Answer.NO:
        return DECLINED
    if invitation.state in LATE:
        return LATE[invitation.state]
    verdict = answer_invite.may_enter(invitation, message.activity.actor, situation)
    return verdict.notice if isinstance(verdict, Refused) else ""


def declined(invitation: KnownInvitation, notice: str, situation: Situation) -> list[Change]:
    """The invitation is over; an inviter elsewhere gets a Reject of it."""
    conversation = situation.conversation
    if conversation is None:
        return []
    membership = conversation.memberships[invitation.invitee]
    changes: list[Change] = [
        SetInvitation(invitation.id, "rejected" if notice == DECLINED else "void", situation.now),
        PutMembership(
            conversation_id=conversation.id,
            person=invitation.invitee,
            local=False,
            role=membership.role,
            state="refused",
            at=situation.now,
            invitation_id=invitation.id,
            inviter=invitation.inviter,
        ),
        *told([invitation.inviter], situation),
    ]
    if not situation.is_local(invitation.inviter):
        document = build_answer.refuse(
            {"id": invitation.id, "actor": invitation.inviter},
            answer_id=f"{conversation.uri}/reject/{situation.new_id()}",
            conversation=conversation.uri,
            notice=notice,
            published=situation.now,
        )
        changes += own(document, [invitation.inviter], situation)
    return changes
