"""An Invite: home records it, the invited person is asked, and nobody is a member by it.

Sources: groups-protocol.md 5.1; security.md 4.2.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from federation.activities.inviting import may_be_behind, may_invite, within_limits
from federation.activities.kind import ActivityKind, Shape, Waiting
from federation.activities.known import KnownConversation
from federation.activities.sending import aware, own, own_id, sends
from federation.activities.situation import Situation, json_text
from federation.groups import doors, membership
from federation.groups.membership import Event, Standing
from federation.protocol import timestamps
from federation.protocol.activity import Activity
from federation.protocol.build import answer as build_answer
from federation.protocol.build.invitation import OPEN_FOR_MAX
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.verdict import Allowed, Refused
from storage.changes import (
    Ask,
    Change,
    KeepActivity,
    PutInvitation,
    PutMembership,
    PutRequest,
    Tell,
)

# Open invitations and first messages by strangers that one person may have (groups-protocol 5.1.3).
OPEN_REQUESTS_MAX = 20
UNWILLING = Refused("that person does not want to be asked again", 409, "not-allowed")


@dataclass(frozen=True, slots=True)
class Invitation:
    """Who is invited to which conversation, and until when."""

    activity: Activity
    conversation: str
    invitee: str
    ends_at: datetime


def read(activity: Activity) -> Invitation:
    """Understand an Invite.

    Raises:
        RemoteProtocolError: Conversation, invited person or a readable end are missing, or the end
            is more than 30 days ahead of its own date.
    """
    if not activity.object_id or not activity.target or activity.published is None:
        raise RemoteProtocolError("an Invite names a conversation, a person and its date")
    end = activity.document.get("endTime")
    if not isinstance(end, str):
        raise RemoteProtocolError("an Invite names its end")
    ends_at = timestamps.parse_time(end)
    if ends_at - activity.published > OPEN_FOR_MAX + timedelta(minutes=1):
        raise RemoteProtocolError("an Invite is open for at most 30 days")
    return Invitation(activity, activity.object_id, activity.target, ends_at)


def authorize(invitation: Invitation, situation: Situation) -> Allowed | Refused | Waiting:
    """Whether home lets this member invite, and whether there is somebody here to be asked.

    The node of the invited person shows nothing before it has seen the conversation at its home.
    """
    refused = _fault(invitation, situation)
    if refused is not None:
        return refused
    conversation = situation.conversation
    is_home = conversation is not None and conversation.is_home
    closed = _closed(invitation, situation)
    if closed is not None and (situation.by_us or is_home):
        return closed
    if _is_unwilling(invitation, conversation):
        return UNWILLING if is_home else Allowed()
    if conversation is not None and conversation.is_followed():
        verdict = may_invite(invitation.activity.actor, invitation.invitee, conversation, situation)
        if conversation.is_home and isinstance(verdict, Allowed):
            return within_limits(invitation.invitee, conversation, situation)
        if isinstance(verdict, Refused) or situation.by_us:
            is_behind = may_be_behind(verdict, conversation, situation)
            return Waiting("conversation", conversation.uri) if is_behind else verdict
    return _at_the_invited_persons_node(invitation, situation)


def _closed(invitation: Invitation, situation: Situation) -> Refused | None:
    """Why the person, who is here, takes no invitation of this inviter, or None."""
    invitee = situation.actors.get(invitation.invitee)
    if invitee is None or invitation.invitee not in situation.closed_to:
        return None
    reason = doors.sentence(invitee.name or invitee.acct, invites=True)
    return Refused(reason, notice=doors.CONTACTS_ONLY if situation.by_us else "not-allowed")


def _fault(invitation: Invitation, situation: Situation) -> Refused | None:
    """Why nobody can make anything of it, or None."""
    conversation = situation.conversation
    if invitation.ends_at < situation.now:
        return Refused("the invitation has expired", notice="expired")
    if conversation is not None and conversation.uri != invitation.conversation:
        return Refused("the invitation names two conversations")
    if situation.invitation is not None:
        return Refused("the invitation is known already")
    return None


def _is_unwilling(invitation: Invitation, conversation: KnownConversation | None) -> bool:
    """Whether somebody here never wants to be asked into that group again (5.1.4)."""
    held = conversation.memberships.get(invitation.invitee) if conversation is not None else None
    return held is not None and held.local and held.is_unwilling


def _at_the_invited_persons_node(
    invitation: Invitation, situation: Situation
) -> Allowed | Refused | Waiting:
    invitee = situation.actors.get(invitation.invitee)
    if invitee is None or not invitee.local or invitee.kind != "person":
        return Refused("nobody here is invited")
    if invitation.invitee in situation.blocked_by:
        return Refused("the inviter is blocked")
    conversation = situation.conversation
    if conversation is None and situation.is_local(invitation.conversation):
        return Refused("there is no such conversation", status=404)
    # Home shows the members of now; whoever is none of them shows nobody the group.
    if conversation is None or not conversation.shows(invitation.activity.actor):
        return Waiting("conversation", invitation.conversation)
    is_asked = _is_stranger(invitation, situation) and invitation.invitee not in situation.closed_to
    if is_asked and situation.open_requests >= OPEN_REQUESTS_MAX:
        return Refused("too many open requests", status=429, retry_after_s=3600)
    return Allowed()


def _is_stranger(invitation: Invitation, situation: Situation) -> bool:
    return invitation.invitee not in situation.known_to


def apply(invitation: Invitation, situation: Situation) -> Sequence[Change]:
    """Record the invitation, ask the person when they are here, and send it when it is ours."""
    conversation, activity, now = situation.conversation, invitation.activity, situation.now
    if conversation is None or activity.published is None:
        return ()
    if _is_unwilling(invitation, conversation) or invitation.invitee in situation.closed_to:
        return _rejected(invitation, conversation, situation)
    changes: list[Change] = [
        KeepActivity(activity.id, activity.actor, json_text(activity.document), now),
        PutInvitation(
            id=activity.id,
            conversation_uri=invitation.conversation,
            inviter=activity.actor,
            invitee=invitation.invitee,
            state="open",
            published_at=activity.published,
            ends_at=invitation.ends_at,
            at=now,
        ),
    ]
    if conversation.is_home and not situation.by_us:
        changes.append(recorded(activity, invitation.invitee, conversation, situation))
    if conversation.is_home and invitation.invitee not in situation.actors:
        # Their node may see the group only once home knows them.
        changes.append(Ask(situation.new_id(), "actor", invitation.invitee, now))
    changes += _invited(invitation, conversation, situation)
    changes += [
        Tell(person, "conversation", conversation.id, "", now)
        for person in {invitation.invitee, activity.actor}
        if situation.is_local(person) and person not in situation.blocked_by
    ]
    if situation.by_us:
        # An unaware person is asked in words (pipeline/compose_unaware.py).
        audience = [*aware([invitation.invitee], situation), conversation.uri]
        changes += sends(activity.document, audience, situation, conversation_id=conversation.id)
    return changes


def _rejected(
    invitation: Invitation, conversation: KnownConversation, situation: Situation
) -> list[Change]:
    """The person's node says no by itself, and shows nothing."""
    person = invitation.invitee
    document = build_answer.reject(
        invitation.activity.document,
        answer_id=own_id(person, situation),
        published=situation.now,
    )
    audience = [conversation.uri, invitation.activity.actor]
    return own(document, audience, situation, conversation_id=conversation.id)


def recorded(
    invite: Activity, invitee: str, conversation: KnownConversation, situation: Situation
) -> PutRequest:
    """Home's record of an invitation, by which it counts them."""
    return PutRequest(
        id=invite.id,
        conversation_id=conversation.id,
        person=invite.actor,
        wish="invite",
        subject=invitee,
        state="applied",
        notice="",
        published_at=invite.published or situation.now,
        at=situation.now,
    )


def _invited(
    invitation: Invitation, conversation: KnownConversation, situation: Situation
) -> list[Change]:
    """Who is asked, unless they have said yes already, or cannot be asked."""
    person, local = invitation.invitee, situation.is_local(invitation.invitee)
    held = conversation.memberships.get(person)
    stranger = local and _is_stranger(invitation, situation)
    state = membership.move(
        Standing(held.state) if held is not None else None,
        Event.INVITED_BY_STRANGER if stranger else Event.INVITED,
        local=local,
    )
    if state not in {Standing.INVITED, Standing.REQUESTED}:
        return []
    put = PutMembership(
        conversation_id=conversation.id,
        person=person,
        local=local,
        role="",
        state=str(state),
        at=situation.now,
        invitation_id=invitation.activity.id,
        inviter=invitation.activity.actor,
    )
    return [put]


KIND = ActivityKind(Shape("Invite", "", "person"), read, authorize, apply)
