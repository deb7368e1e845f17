"""What home decides: it answers requests one by one with the next state, signed, or with Reject."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from federation.activities.known import KnownConversation
from federation.activities.membership_effects import Epoch, effects
from federation.activities.sending import aware, own, sends
from federation.activities.situation import Situation, json_text
from federation.groups import chain, clock, departure
from federation.groups.departure import Close, NothingToDo, Promote
from federation.groups.description import Description
from federation.groups.state import ADMIN, MEMBER, OUTCAST, GroupState
from federation.protocol.activity import Activity
from federation.protocol.build import answer as build_answer
from federation.protocol.build import conversation as build_conversation
from federation.protocol.build import state_change as build
from federation.protocol.build.state_change import Answered, Removed
from federation.protocol.verdict import Refused
from storage.changes import Ask, Change, HearSuccessor, MoveAway, ShowEarlier


def basis_of(*activities: Mapping[str, Any]) -> tuple[Answered, ...]:
    """How a change names the activities that it answers."""
    return tuple(Answered(one["id"], one["type"], one["actor"]) for one in activities)


@dataclass(frozen=True, slots=True)
class Group:
    """A conversation whose home is here, with its state, and the stamp of its latest change."""

    conversation: KnownConversation
    state: GroupState
    changed_at: datetime

    @classmethod
    def at_home(cls, conversation: KnownConversation | None) -> "Group | None":
        """The group, if this node is its home; a closed one has no members who may ask."""
        if conversation is None or not conversation.is_home or conversation.state is None:
            return None
        return cls(conversation, conversation.state, conversation.changed_at)


@dataclass(frozen=True, slots=True)
class Decided:
    """What home decided: the changes, and the group as it stands after them."""

    group: Group
    changes: tuple[Change, ...]


def admit(group: Group, person: str, basis: Sequence[Answered], situation: Situation) -> Decided:
    """Make somebody a member who has said yes."""
    decided = give_role(group, Given(person, MEMBER), basis, situation)
    return replace(decided, changes=(*decided.changes, *_earlier(group, person, situation)))


def _earlier(group: Group, person: str, situation: Situation) -> list[Change]:
    """Others read at home what was before them; it lies before who lives there (9.4)."""
    place = group.conversation.id
    is_here = situation.is_local(person)
    return [
        ShowEarlier(place, person, each.since, each.until)
        for each in (situation.earlier if is_here else ())
    ]


def promote(group: Group, person: str, situation: Situation) -> Decided:
    """Make a member admin, since the last admin has gone (groups-protocol.md 4.6.5)."""
    return give_role(group, Given(person, ADMIN), (), situation)


@dataclass(frozen=True, slots=True)
class Given:
    """Who has which role from now on; `outcast` bans."""

    person: str
    role: str


def give_role(
    group: Group, given: Given, basis: Sequence[Answered], situation: Situation
) -> Decided:
    """Give somebody a role; a ban names the last numbers in the person's logs that count."""
    new = chain.with_role(group.state, given.person, given.role)
    heads = heads_of(given.person, group) if given.role == OUTCAST else None
    stamp = clock.stamp(situation.now, group.changed_at)
    document = build.add(
        new.to_json(),
        subject=given.person,
        change_id=_id(new),
        basis=basis,
        published=stamp,
        heads=heads,
    )
    return _enter(group, Signable(new, document, stamp, given.person, basis, heads), situation)


def heads_of(person: str, group: Group) -> dict[str, int]:
    """The highest number that home has of each of a person's logs that still count (4.6.2)."""
    logs = group.conversation.logs.values()
    return {log.uri: log.head for log in logs if log.author == person and log.final is None}


def remove(
    group: Group, removed: Removed, basis: Sequence[Answered], situation: Situation
) -> Decided:
    """End a membership."""
    new = chain.without(group.state, removed.subject)
    stamp = clock.stamp(situation.now, group.changed_at)
    document = build.remove(
        new.to_json(), removed=removed, change_id=_id(new), basis=basis, published=stamp
    )
    change = Signable(new, document, stamp, removed.subject, basis, removed.heads)
    return _enter(group, change, situation)


def describe(
    group: Group, description: Description, basis: Sequence[Answered], situation: Situation
) -> Decided:
    """Change name, icon, settings or successors; unaware members' servers are told too."""
    if situation.identity is None:
        raise ValueError("a group is described without what its document says")
    new = chain.described(group.state, description)
    stamp = clock.stamp(situation.now, group.changed_at)
    actor = build_conversation.actor(new.to_json(), identity=situation.identity, updated_at=stamp)
    document = build.update(
        new.to_json(), actor=actor, change_id=_id(new), basis=basis, published=stamp
    )
    change = Signable(new, document, stamp, basis=basis, is_for_all=True)
    return _enter(group, change, situation)


def move(group: Group, target: str, basis: Sequence[Answered], situation: Situation) -> Decided:
    """Go on as another conversation: the last change of this one (12.2)."""
    new = chain.closed(group.state)
    stamp = clock.stamp(situation.now, group.changed_at)
    document = build.move(
        new.to_json(), target=target, change_id=_id(new), basis=basis, published=stamp
    )
    decided = _enter(group, Signable(new, document, stamp, basis=basis), situation)
    heard = HearSuccessor(
        id=document["id"],
        conversation_id=group.conversation.id,
        mover=new.conversation,
        target=target,
        before=json_text(group.state.to_json()),
        at=situation.now,
    )
    # Our own people follow as everybody does, once the other group has been looked at.
    look = Ask(situation.new_id(), "succession", new.conversation, situation.now)
    away = MoveAway(group.conversation.id, target, situation.now)
    return Decided(decided.group, (*decided.changes, away, heard, look))


def close(group: Group, basis: Sequence[Answered], situation: Situation) -> Decided:
    """End a group: an admin asks for it, or no aware member is left."""
    new = chain.closed(group.state)
    stamp = clock.stamp(situation.now, group.changed_at)
    document = build.delete(new.to_json(), change_id=_id(new), basis=basis, published=stamp)
    return _enter(group, Signable(new, document, stamp, basis=basis), situation)


def refuse(request: Activity, verdict: Refused, situation: Situation) -> list[Change]:
    """Answer a member's request with a signed Reject that says why."""
    document = build_answer.refuse(
        request.document,
        answer_id=f"{_conversation(situation)}/reject/{situation.new_id()}",
        conversation=_conversation(situation),
        notice=verdict.notice,
        published=situation.now,
    )
    return own(document, [request.actor], situation)


def _conversation(situation: Situation) -> str:
    return situation.conversation.uri if situation.conversation is not None else ""


def _id(new: GroupState) -> str:
    return f"{new.conversation}/state/{new.epoch}"


@dataclass(frozen=True, slots=True)
class Signable:
    """A change that home is about to sign, and what follows from it.

    Attributes:
        subject: Whom it is about, or "".
        basis: What it answers.
        heads: Of the subject's logs, if it ends them.
        is_for_all: Whether unaware members' servers get it too.
    """

    new: GroupState
    document: Mapping[str, Any]
    stamp: datetime
    subject: str = ""
    basis: Sequence[Answered] = ()
    heads: Mapping[str, int] | None = None
    is_for_all: bool = False


def _enter(group: Group, change: Signable, situation: Situation) -> Decided:
    """Sign the change, let it take effect here, and owe it to all aware members, old and new."""
    new = change.new
    signed = situation.signers[new.conversation].sign(change.document, change.stamp)
    step = Epoch(
        conversation_id=group.conversation.id,
        old=group.state,
        new=new,
        document=signed,
        published=change.stamp,
        subject=change.subject,
        spent=tuple(one.id for one in change.basis if one.type == "Invite"),
        answered=tuple(one.id for one in change.basis),
        heads=change.heads or {},
        consented=frozenset({change.subject} & set(new.people)),
    )
    people = dict.fromkeys((*group.state.people, *new.people))
    audience = list(people) if change.is_for_all else aware(people, situation)
    owed = sends(
        signed,
        audience,
        situation,
        conversation_id=group.conversation.id,
        object_uri=signed["id"],
    )
    after = Group(group.conversation, new, change.stamp)
    return Decided(after, (*effects(step, situation), *owed))


def settle(group: Group, situation: Situation) -> Decided:
    """After somebody has gone: another admin if none is left, the end if nobody is able."""
    since = {
        span.person: span.from_epoch for span in group.conversation.spans if span.to_epoch is None
    }
    able = frozenset(aware(group.state.people, situation))
    match departure.after_removal(group.state, since=since, aware=able):
        case Promote(person):
            return promote(group, person, situation)
        case Close():
            return close(group, (), situation)
        case NothingToDo():
            return Decided(group, ())
