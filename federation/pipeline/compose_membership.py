"""PURE: the wishes about who is in a group: inviting, answering and leaving."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from federation.activities import direct
from federation.activities.invite import recorded
from federation.activities.known import KnownConversation
from federation.activities.sending import own, own_id
from federation.activities.situation import Situation
from federation.activities.state_change import told
from federation.pipeline.compose import Composed, Step, signed
from federation.pipeline.compose_note import place_of
from federation.pipeline.compose_unaware import invite_in_words, single_recipient
from federation.pipeline.item import AnswerInvitation, InvitePerson, LeaveConversation
from federation.protocol import strict_json
from federation.protocol.build import answer as build_answer
from federation.protocol.build import invitation as build_invitation
from federation.protocol.build import leave as build_leave
from federation.protocol.verdict import Refused
from storage.changes import Ask, Change, OpenSpan, PutMembership

OPEN_FOR: Final = timedelta(days=14)

NO_INVITATION: Final = Refused("you have no open invitation to this conversation", status=409)
# Where an answer comes too late, by the state of whoever gives it.
WITHOUT_INVITATION: Final[Mapping[str, Refused]] = {
    "joined": Refused("you are in this conversation already", status=409),
    "joining": Refused("you have accepted already; its home has yet to confirm it", status=409),
    "refused": Refused("you have declined this invitation already", status=409),
    "left": Refused("you have left this conversation; it takes a new invitation", status=409),
    "removed": Refused("you were removed from this conversation", status=409),
    "banned": Refused("you were banned from this conversation", status=409),
}

# The problem type of what a direct conversation does not do (contract.md).
DIRECT: Final = "direct-conversation"


def invite(draft: InvitePerson, situation: Situation) -> Composed | Refused:
    """Invite somebody to a group that is there."""
    conversation = situation.conversation
    if conversation is None or draft.author not in conversation.memberships:
        return Refused("no such conversation", status=404)
    if conversation.kind == "direct":
        return Refused("nobody can be added to a direct conversation", status=409, notice=DIRECT)
    refused = invitee_refused(draft.person, situation)
    if refused is not None:
        return refused
    step = invitation(draft.author, draft.person, situation)
    changes = invite_in_words(draft.author, draft.person, situation)
    if conversation.is_home:
        changes.append(recorded(step.activity, draft.person, conversation, situation))
    return Composed(conversation.id, (step,), tuple(changes))


def invitee_refused(person: str, situation: Situation) -> Refused | None:
    """Why somebody cannot be invited to a group, from what is known of them alone."""
    actor = situation.actors.get(person)
    if actor is None or actor.kind != "person":
        return Refused("nobody has that address", status=404)
    return single_recipient(actor, situation)


def invitation(inviter: str, person: str, situation: Situation) -> Step:
    """The step that invites one person to the situation's group."""
    conversation = situation.conversation
    document = build_invitation.invite(
        build_invitation.Invitation(
            id=own_id(inviter, situation),
            inviter=inviter,
            conversation=conversation.uri if conversation is not None else "",
            invitee=person,
            published=situation.now,
            ends_at=situation.now + OPEN_FOR,
        )
    )
    return Step(signed(document, situation), situation)


def answer(draft: AnswerInvitation, situation: Situation) -> Composed | Refused:
    """Say yes or no to an invitation, or to a stranger's direct conversation."""
    conversation = situation.conversation
    membership = conversation.memberships.get(draft.author) if conversation is not None else None
    if conversation is None or membership is None:
        return Refused("no such conversation", status=404)
    is_refused = conversation.kind == "direct" and membership.state == "refused"
    if membership.state not in {"invited", "requested"} and not (is_refused and draft.accepts):
        return WITHOUT_INVITATION.get(membership.state, NO_INVITATION)
    if conversation.kind == "direct":
        return _answer_direct(draft, conversation, situation)
    if membership.invitation_id in situation.answered:
        return _answer_add(draft, conversation, situation)
    if situation.invitation is None:
        return NO_INVITATION
    invite_document = strict_json.loads(situation.invitation.document.encode())
    answer_id = own_id(draft.author, situation)
    if not draft.accepts:
        document = build_answer.reject(
            invite_document, answer_id=answer_id, published=situation.now
        )
    else:
        name = situation.space.local_name(draft.author) or ""
        document = build_answer.accept(
            invite_document,
            answer_id=answer_id,
            chat_log=situation.space.log(name, situation.new_id()),
            published=situation.now,
        )
    return Composed(conversation.id, (Step(signed(document, situation), situation),))


def _answer_add(
    draft: AnswerInvitation, conversation: KnownConversation, situation: Situation
) -> Composed:
    """Home names them as a member, and this node had forgotten whether they agreed (4.3)."""
    membership, state = conversation.memberships[draft.author], conversation.state
    is_here = state is not None and state.is_member(draft.author)
    standing = ("joined" if is_here else "joining") if draft.accepts else "refused"
    put = PutMembership(
        conversation_id=conversation.id,
        person=draft.author,
        local=True,
        role=state.role_of(draft.author) if state is not None and draft.accepts else "",
        state=standing,
        at=situation.now,
    )
    changes: list[Change] = [put, *told([draft.author], situation)]
    if not draft.accepts:
        add = strict_json.loads(situation.answered[membership.invitation_id].encode())
        reject = build_answer.reject_add(
            add, answer_id=own_id(draft.author, situation), published=situation.now
        )
        changes += own(reject, [conversation.uri], situation)
    elif state is not None and is_here:
        changes.append(OpenSpan(conversation.id, draft.author, state.epoch))
    else:
        changes.append(Ask(situation.new_id(), "state", conversation.uri, situation.now))
    return Composed(conversation.id, changes=tuple(changes))


def _answer_direct(
    draft: AnswerInvitation, conversation: KnownConversation, situation: Situation
) -> Composed:
    """Nobody is told: a stranger learns of a yes only when one writes (chat-ux.md 9)."""
    put = PutMembership(
        conversation_id=conversation.id,
        person=draft.author,
        local=True,
        role="member",
        state="joined" if draft.accepts else "refused",
        at=situation.now,
    )
    set_going = direct.taken_up(conversation, situation) if draft.accepts else ()
    return Composed(conversation.id, changes=(put, *set_going, *told([draft.author], situation)))


def leave(draft: LeaveConversation, situation: Situation) -> Composed | Refused:
    """Leave a group by the last entry of one's log."""
    conversation = situation.conversation
    if conversation is None or draft.author not in conversation.memberships:
        return Refused("no such conversation", status=404)
    if conversation.kind == "direct":
        return Refused("a direct conversation cannot be left", status=409, notice=DIRECT)
    if not conversation.is_in(draft.author) or conversation.state is None:
        return Refused("you are not a member of this conversation", status=409)
    place = place_of(conversation, situation)
    document = build_leave.leave(
        draft.author,
        activity_id=own_id(draft.author, situation),
        place=place.group(),
        log=place.next_entry(draft.author, situation),
        published=situation.now,
    )
    return Composed(conversation.id, (Step(signed(document, situation), situation),))
