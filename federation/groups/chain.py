"""State changes are linked by epoch and hash, and each makes the next state of a group or none."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, assert_never

from federation.groups.affiliations import read_members
from federation.groups.description import Description, read_description
from federation.groups.effect import (
    Basis,
    Effect,
    Ended,
    Founded,
    Redescribed,
    RoleGiven,
    RoleTaken,
    read_basis,
    read_effect,
    read_heads,
)
from federation.groups.judgement import (
    BadHash,
    Contradiction,
    Duplicate,
    Gap,
    Judgement,
    NextState,
    OtherEpoch,
    TooLarge,
)
from federation.groups.size import MEMBERS_MAX
from federation.groups.state import ADMIN, OUTCAST, GroupState
from federation.protocol import json_ld
from federation.protocol.activity import Activity
from federation.protocol.errors import RemoteProtocolError


@dataclass(frozen=True, slots=True)
class StateChange:
    """A state change as its document claims it; whether it counts is asked of `judge`.

    Attributes:
        verb: Create, Add, Remove, Update, Delete or Move.
        prev_state: None at epoch 1.
        heads: A removed person's logs, and the last number in each that still counts.
        document: As received, with its proof.
    """

    id: str
    conversation: str
    verb: str
    effect: Effect
    epoch: int
    prev_state: str | None
    state_hash: str
    published: datetime
    basis: tuple[Basis, ...]
    heads: Mapping[str, int]
    document: Mapping[str, Any]

    @property
    def subject(self) -> str:
        """Whom an Add or Remove is about, else ""."""
        return self.effect.subject if isinstance(self.effect, RoleGiven | RoleTaken) else ""

    @property
    def role(self) -> str:
        """The role an Add gives, or that a Remove says was held, else ""."""
        return self.effect.role if isinstance(self.effect, RoleGiven | RoleTaken) else ""


def first_state(
    conversation: str, *, name: str, icon: str | None, settings: Mapping[str, Any], founder: str
) -> GroupState:
    """Make epoch 1 of a group that its founder is the admin of."""
    return GroupState(
        conversation=conversation,
        epoch=1,
        members={founder: ADMIN},
        name=name,
        icon=icon,
        settings=settings,
        successors=(),
        predecessor=None,
        prev=None,
    )


def with_role(state: GroupState, subject: str, role: str) -> GroupState:
    """Make the next epoch, in which somebody has this role; a ban ends a succession."""
    members = {**state.members, subject: role}
    if role == OUTCAST:
        return replace(_next(state), members=members, successors=_left_out(state, subject))
    return replace(_next(state), members=members)


def without(state: GroupState, subject: str) -> GroupState:
    """Make the next epoch, in which somebody has no role, nor is an outcast or successor."""
    members = {person: role for person, role in state.members.items() if person != subject}
    return replace(_next(state), members=members, successors=_left_out(state, subject))


def described(state: GroupState, description: Description) -> GroupState:
    """Make the next epoch, with what an Update says; its predecessor never changes."""
    return replace(
        _next(state),
        name=description.name,
        icon=description.icon,
        settings=description.settings,
        successors=description.successors,
    )


def closed(state: GroupState) -> GroupState:
    """Make the last epoch: nobody is a member, nobody succeeds."""
    return replace(_next(state), members={}, successors=())


def read_change(activity: Activity) -> StateChange:
    """Read a state change out of an authentic activity by a conversation actor.

    Raises:
        RemoteProtocolError: It is none: a verb without effect on the state, an object of another
            shape, or epoch, hash or time absent.

    Source: groups-protocol.md 4.1
    """
    if not activity.epoch or not activity.state or activity.published is None:
        raise RemoteProtocolError("a state change lacks its epoch, state or time", activity.id)
    is_first = activity.epoch == 1
    if is_first is not (activity.type == "Create") or is_first is not (not activity.prev_state):
        raise RemoteProtocolError("a state change does not fit its epoch", activity.id)
    return StateChange(
        id=activity.id,
        conversation=activity.actor,
        verb=activity.type,
        effect=read_effect(activity),
        epoch=activity.epoch,
        prev_state=activity.prev_state or None,
        state_hash=activity.state,
        published=activity.published,
        basis=read_basis(activity.document),
        heads=read_heads(activity),
        document=activity.document,
    )


def next_state(state: GroupState, change: StateChange) -> GroupState:
    """Compute what the change makes of a state, whether or not its claims fit."""
    effect = change.effect
    match effect:
        case Founded():
            return _composed(change, effect.description, effect.members)
        case RoleGiven():
            return with_role(state, effect.subject, effect.role)
        case RoleTaken():
            return without(state, effect.subject)
        case Redescribed():
            return described(state, effect.description)
        case Ended():
            return closed(state)
        case _:
            assert_never(effect)


def judge(change: StateChange, known: GroupState | None, *, held_hash: str = "") -> Judgement:
    """Say what a proven change makes of the state we hold.

    A Contradiction is found by comparing hashes of one epoch. A change that continues another
    past than ours is a BadHash, since the other change of that epoch is still to be seen.

    Args:
        change: By the conversation actor that `known` names.
        known: None when this node holds nothing of the group.
        held_hash: For an epoch two or more below ours: the hash kept of it, "" if there is none.
    """
    have = known.epoch if known else 0
    if change.epoch > have + 1:
        return Gap(have, change.epoch)
    if known and change.epoch <= have:
        kept = {have: known.hash, have - 1: known.prev}.get(change.epoch, held_hash)
        if not kept or kept == change.state_hash:
            return Duplicate()
        return Contradiction(change.epoch, kept, change.state_hash)
    state = next_state(known or _nothing(change.conversation), change)
    if (state.prev, state.hash) != (change.prev_state, change.state_hash):
        return BadHash(change.epoch, state.hash, change.state_hash)
    if len(state.people) > MEMBERS_MAX:
        return TooLarge(len(state.people))
    return NextState(state)


def adopt(
    actor: Mapping[str, Any], affiliations: Mapping[str, Any], change: StateChange
) -> GroupState | OtherEpoch | BadHash | TooLarge:
    """Start as a new member's node does: from home's documents and the change of their epoch.

    Args:
        actor: The conversation actor's document.
        affiliations: Fetched with it.
        change: The proven change of the epoch that both documents name.

    Raises:
        RemoteProtocolError: A document has the wrong shape, or is another group's.

    Source: groups-protocol.md 4.3
    """
    if json_ld.id_of(actor) != change.conversation:
        raise RemoteProtocolError("a group's documents are of different groups")
    if not actor.get("chatEpoch") == affiliations.get("chatEpoch") == change.epoch:
        return OtherEpoch(change.epoch)
    members = read_members(affiliations, change.conversation)
    state = _composed(change, read_description(actor), members)
    if state.hash != change.state_hash:
        return BadHash(change.epoch, state.hash, change.state_hash)
    if len(state.people) > MEMBERS_MAX:
        return TooLarge(len(state.people))
    return state


def _composed(
    change: StateChange, description: Description, members: Mapping[str, str]
) -> GroupState:
    return GroupState(
        conversation=change.conversation,
        epoch=change.epoch,
        members=members,
        name=description.name,
        icon=description.icon,
        settings=description.settings,
        successors=description.successors,
        predecessor=description.predecessor,
        prev=change.prev_state,
    )


def _nothing(conversation: str) -> GroupState:
    return GroupState(conversation, 0, {}, "", None, {}, (), None, None)


def _next(state: GroupState) -> GroupState:
    return replace(state, epoch=state.epoch + 1, prev=state.hash)


def _left_out(state: GroupState, subject: str) -> tuple[str, ...]:
    return tuple(person for person in state.successors if person != subject)
