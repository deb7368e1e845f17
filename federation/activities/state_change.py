"""A state change by a conversation actor is the only source of membership.

What arrives is judged against the chain that this node holds; what home decides itself (home.py)
is fit by making. Both come to the same `effects`.

Sources: groups-protocol.md 4.1 to 4.4; security.md 4.2.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from federation.activities import put_out
from federation.activities.kind import ActivityKind, Shape, Waiting
from federation.activities.known import KnownConversation
from federation.activities.membership_effects import Epoch, effects
from federation.activities.roster import KnownMembership
from federation.activities.sending import own, own_id
from federation.activities.situation import Situation, json_text
from federation.groups import chain
from federation.groups.chain import StateChange
from federation.groups.effect import RoleGiven
from federation.groups.judgement import BadHash, Contradiction, Gap, NextState, TooLarge
from federation.groups.state import OUTCAST, GroupState
from federation.protocol.activity import Activity
from federation.protocol.build import answer as build_answer
from federation.protocol.verdict import Allowed, Refused
from storage.changes import (
    Ask,
    Change,
    HearSuccessor,
    KeepActivity,
    MarkDisputed,
    PutMembership,
    Tell,
)

# How a person stands who has said yes, or never said no: an Add of them needs nothing more.
CONSENTED = frozenset({"joining", "joined"})


@dataclass(frozen=True, slots=True)
class Arrived:
    """A state change as it arrived."""

    activity: Activity
    change: StateChange


def read(activity: Activity) -> Arrived:
    """Understand a state change.

    Raises:
        RemoteProtocolError: It is none, see groups.chain.read_change.
    """
    return Arrived(activity, chain.read_change(activity))


def authorize(arrived: Arrived, situation: Situation) -> Allowed | Refused | Waiting:
    """Whether the change fits the chain, as far as this node follows it.

    A node that holds no state of the group starts from home's documents once somebody here has
    said yes; a gap, or a hash that does not fit, is repaired from there as well.
    """
    conversation = _own(arrived, situation)
    if conversation is None and situation.is_restored and _is_uninvited(arrived, situation):
        return Waiting("conversation", arrived.activity.actor)
    if conversation is None:
        return Allowed() if _is_uninvited(arrived, situation) else Refused("not followed here")
    # What home has signed and lost comes back from members by its own proof (4.4.6).
    is_lost = conversation.is_home and situation.source == "member"
    if (conversation.is_home and not is_lost) or conversation.disputed:
        return Refused("the conversation is disputed, or its home is here")
    if conversation.state is None:
        return _before_the_first_state(arrived, conversation, situation)
    return _after(conversation.state, arrived, conversation, situation)


def _after(
    state: GroupState, arrived: Arrived, conversation: KnownConversation, situation: Situation
) -> Allowed | Refused | Waiting:
    match chain.judge(arrived.change, state, held_hash=situation.held_hash):
        case Gap() if put_out.is_the_end_here(arrived.change, conversation, situation):
            return Allowed()
        case Gap() | BadHash():
            return Waiting("state", conversation.uri)
        case judgement:
            return _TOO_LARGE if isinstance(judgement, TooLarge) else Allowed()


_TOO_LARGE = Refused("the group is too large")


def _is_uninvited(arrived: Arrived, situation: Situation) -> bool:
    """Whether it makes one of our people a member of a group that nobody here was invited to."""
    effect = arrived.change.effect
    return isinstance(effect, RoleGiven) and situation.is_local(effect.subject)


def _own(arrived: Arrived, situation: Situation) -> KnownConversation | None:
    """The conversation of the actor who speaks.

    SECURITY: an activity may name other conversations in its object; nobody but its own actor
    changes a conversation. tests/unit/activities/test_state_change.py
    """
    conversation = situation.conversation
    if conversation is None or conversation.uri != arrived.activity.actor:
        return None
    return conversation


def _before_the_first_state(
    arrived: Arrived, conversation: KnownConversation, situation: Situation
) -> Allowed | Refused | Waiting:
    states = {m.state for m in conversation.memberships.values() if m.local}
    if states & CONSENTED:
        return Waiting("state", conversation.uri)
    return Allowed() if _is_uninvited(arrived, situation) else Refused("not followed here")


def apply(arrived: Arrived, situation: Situation) -> Sequence[Change]:
    """Enter the epoch, keep evidence of a contradiction, or refuse an Add without consent."""
    conversation, change = _own(arrived, situation), arrived.change
    unasked = reject_unasked(change, conversation, situation)
    if conversation is None or conversation.state is None:
        return unasked
    judgement = chain.judge(change, conversation.state, held_hash=situation.held_hash)
    if isinstance(judgement, Contradiction):
        return _disputed(arrived, conversation, situation)
    if isinstance(judgement, Gap):
        return put_out.effects(change, conversation, situation)
    if not isinstance(judgement, NextState):
        return ()
    epoch = Epoch(
        conversation_id=conversation.id,
        old=conversation.state,
        new=judgement.state,
        document=arrived.activity.document,
        published=change.published,
        subject=change.subject,
        heads=change.heads,
        spent=tuple(basis.id for basis in change.basis if basis.type == "Invite"),
        answered=tuple(basis.id for basis in change.basis),
    )
    return [*effects(epoch, situation), *unasked, *_moved(arrived, situation)]


def _moved(arrived: Arrived, situation: Situation) -> list[Change]:
    """Home says where the group goes on: whether it really does is looked at there (12.2)."""
    activity, conversation = arrived.activity, situation.conversation
    if activity.type != "Move" or not activity.target or conversation is None:
        return []
    if conversation.state is None:
        return []
    heard = HearSuccessor(
        id=activity.id,
        conversation_id=conversation.id,
        mover=activity.actor,
        target=activity.target,
        before=json_text(conversation.state.to_json()),
        at=situation.now,
    )
    return [heard, Ask(situation.new_id(), "succession", conversation.uri, situation.now)]


def _disputed(
    arrived: Arrived, conversation: KnownConversation, situation: Situation
) -> list[Change]:
    """Both states are kept; local members are told; nothing further is applied (4.4.3)."""
    activity = arrived.activity
    keep = KeepActivity(activity.id, activity.actor, json_text(activity.document), situation.now)
    return [keep, MarkDisputed(conversation.id), *told(conversation.memberships, situation)]


def told(people: Iterable[str], situation: Situation) -> list[Change]:
    """An event for each local person that the conversation changed."""
    conversation = situation.conversation
    if conversation is None:
        return []
    return [
        Tell(person, "conversation", conversation.id, "", situation.now)
        for person in people
        if situation.is_local(person)
    ]


def reject_unasked(
    change: StateChange, conversation: KnownConversation | None, situation: Situation
) -> list[Change]:
    """Nobody here becomes a member without having said yes: the Add is answered with Reject."""
    effect = change.effect
    if not isinstance(effect, RoleGiven) or effect.role == OUTCAST:
        return []
    if not situation.is_local(effect.subject) or effect.subject not in situation.signers:
        return []
    membership = conversation.memberships.get(effect.subject) if conversation is not None else None
    if membership is not None and membership.state in CONSENTED:
        return []
    if _is_leaving(effect.subject, membership, conversation):
        return []
    if situation.is_restored and conversation is not None:
        return _asked_again(change, effect.subject, conversation, situation)
    document = build_answer.reject_add(
        change.document,
        answer_id=own_id(effect.subject, situation),
        published=situation.now,
    )
    return own(document, [change.conversation], situation)


def _is_leaving(
    person: str, membership: KnownMembership | None, conversation: KnownConversation | None
) -> bool:
    """Whether home gives a role to a member whose Leave is on its way to it.

    A Reject that came first would end their membership where home has heard them last, and take
    back what they said after that.
    """
    state = conversation.state if conversation is not None else None
    has_left = membership is not None and membership.state == "left"
    return has_left and state is not None and state.is_member(person)


def _asked_again(
    change: StateChange, person: str, conversation: KnownConversation, situation: Situation
) -> list[Change]:
    """After a restore they may have said yes and this node forgot it: they are asked (4.3)."""
    put = PutMembership(
        conversation_id=conversation.id,
        person=person,
        local=True,
        role="",
        state="invited",
        at=situation.now,
        invitation_id=change.id,
    )
    keep = KeepActivity(change.id, change.conversation, json_text(change.document), situation.now)
    return [keep, put, *told([person], situation)]


KINDS = tuple(
    ActivityKind(Shape(verb, object_type, "conversation"), read, authorize, apply)
    for verb, object_type in (
        ("Create", "Group"),
        ("Add", "Relationship"),
        ("Remove", "Relationship"),
        ("Update", "Group"),
        ("Delete", "Actor"),
        ("Move", "Actor"),
    )
)
