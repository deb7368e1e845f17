"""PURE: who explains a change of members to unaware members, when, and in which words.

Their software shows every set of people as a conversation of its own, and an anchor tells them why
there is another one. Nothing depends on its coming.

Source: groups-protocol.md 6.5
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from federation.groups.chain import StateChange
from federation.groups.effect import Founded, RoleGiven, RoleTaken
from federation.groups.state import ADMIN, OUTCAST, GroupState

# So long no further change may come, and so long it is put off at most.
QUIET: Final = timedelta(seconds=30)
PUT_OFF_MAX: Final = timedelta(minutes=5)
# What comes to light later explains nothing any more.
STALE_AFTER: Final = timedelta(minutes=10)

REMOVED: Final = "You have been removed from a group."


@dataclass(frozen=True, slots=True)
class Altered:
    """A change of who is a member.

    Attributes:
        subject: Who came or went; "" for all, where a group goes on as this one.
        word: The `chatNotice` of an anchor that explains it.
        by: Who asked for it, in their order.
        answers: What it answers, by id.
    """

    id: str
    at: datetime
    subject: str
    word: str
    by: tuple[str, ...]
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NotYet:
    """Another change may come until then."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Anchor:
    """What is to be explained, and by whom."""

    author: str
    changes: tuple[Altered, ...]

    @property
    def word(self) -> str:
        """The `chatNotice` of the last change."""
        return self.changes[-1].word


def alterations(changes: Iterable[StateChange]) -> list[Altered]:
    """Those of these changes that let somebody in or out, in their order.

    Args:
        changes: By epoch, from one on whose members nobody need know.
    """
    inside: dict[str, bool] = {}
    found: list[Altered] = []
    for change in changes:
        altered = _alteration(change, inside)
        if altered is not None:
            found.append(altered)
        if isinstance(change.effect, RoleGiven | RoleTaken):
            is_given = isinstance(change.effect, RoleGiven)
            inside[change.subject] = is_given and change.role != OUTCAST
    return found


def _alteration(change: StateChange, inside: Mapping[str, bool]) -> Altered | None:
    """What a change does to who is in, given who is known to be in or out."""
    subject = change.subject
    match change.effect:
        case Founded(description) if description.predecessor is not None:
            return _altered(change, "", "joined")
        case RoleGiven(role=role) if role == OUTCAST:
            return _altered(change, subject, "removed") if inside.get(subject, True) else None
        case RoleGiven() if _has_come(change, subject) and not inside.get(subject, False):
            return _altered(change, subject, "joined")
        case RoleTaken(role=role) if role != OUTCAST:
            has_left = _by(change)[:1] == (subject,)
            return _altered(change, subject, "left" if has_left else "removed")
        case _:
            return None


def _has_come(change: StateChange, subject: str) -> bool:
    """Whether an Add lets somebody in: it answers a yes of theirs, as no change of a role does."""
    return any(basis.actor == subject and basis.type != "Add" for basis in change.basis)


def _altered(change: StateChange, subject: str, word: str) -> Altered:
    answers = tuple(basis.id for basis in change.basis)
    return Altered(change.id, change.published, subject, word, _by(change), answers)


def _by(change: StateChange) -> tuple[str, ...]:
    return tuple(basis.actor for basis in change.basis if basis.actor)


def plan(
    altered: Sequence[Altered], state: GroupState, *, aware: Collection[str], now: datetime
) -> Anchor | NotYet | None:
    """Who says now what has changed; None if nobody does.

    Args:
        altered: The latest changes, in their order.
        state: After them.
        aware: Those of the members who speak the group protocol.
        now: For the waiting.
    """
    burst = _burst(altered)
    if not burst or now - burst[-1].at > STALE_AFTER:
        return None
    until = min(burst[-1].at + QUIET, burst[0].at + PUT_OFF_MAX)
    if now < until:
        return NotYet(until)
    author = _author(burst[-1], state, aware)
    return Anchor(author, tuple(burst)) if author else None


def _burst(altered: Sequence[Altered]) -> list[Altered]:
    """The last change, and those before it that each came soon before the next."""
    burst: list[Altered] = []
    for one in reversed(altered):
        if burst and burst[0].at - one.at >= QUIET:
            break
        burst.insert(0, one)
    return burst


def _author(last: Altered, state: GroupState, aware: Collection[str]) -> str:
    """Who asked for the change; if that is nobody who can speak here, an admin."""
    for person in last.by:
        if person in aware and state.is_member(person) and person != last.subject:
            return person
    admins = [one for one in state.people if one in aware and state.role_of(one) == ADMIN]
    return min(admins, default="")


def text(anchor: Anchor, state: GroupState, names: Mapping[str, str]) -> str:
    """What the anchor says, person by person.

    Args:
        anchor: By whom, and about what.
        state: After the changes.
        names: What each person is called; who has no name is left out of the list.
    """
    said = [_sentence(one, names) for one in anchor.changes]
    members = ", ".join(names[one] for one in state.people if one in names)
    return " ".join([*said, f"Members: {members}."])


def _sentence(change: Altered, names: Mapping[str, str]) -> str:
    if not change.subject:
        return "The group goes on here."
    who = _named(change.subject, names)
    if change.word == "left":
        return f"{who} left."
    asked = [one for one in change.by if one != change.subject]
    if change.word == "joined":
        return f"{_named(asked[0], names)} added {who}." if asked else f"{who} joined."
    return f"{_named(asked[0], names)} removed {who}." if asked else f"{who} was removed."


def farewell(title: str) -> str:
    """What somebody is told who was removed."""
    return f"You have been removed from the group “{title}”." if title else REMOVED


def closing(author: str) -> str:
    """What is said before a group ends."""
    return f"{author} closes this group. Nothing that is written here afterwards reaches anybody."


def _named(person: str, names: Mapping[str, str]) -> str:
    return names.get(person, "Somebody")
