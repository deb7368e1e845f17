"""What a member may ask of home, and what home makes of it, are values and one pure judgement.

Source: groups-protocol.md 4.5 and 4.6
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from federation.groups import chain
from federation.groups.description import MAX_SUCCESSORS, Description
from federation.groups.permissions import Action, may
from federation.groups.settings import is_known_value
from federation.groups.state import ADMIN, OUTCAST, GroupState
from federation.protocol import canonical_json
from federation.protocol.verdict import Allowed, Refused, Verdict

NAME_CHARS_MAX: Final = 500
SETTINGS_BYTES_MAX: Final = 4096


@dataclass(frozen=True, slots=True)
class TakeRole:
    """Remove a member, or unban an outcast."""

    subject: str


@dataclass(frozen=True, slots=True)
class GiveRole:
    """Make a member admin, moderator or member; `outcast` bans, also who is no member."""

    subject: str
    role: str


@dataclass(frozen=True, slots=True)
class Describe:
    """Change what is set; None leaves it as it is.

    Attributes:
        icon: "" for none.
        settings: Only the keys that change.
    """

    name: str | None = None
    icon: str | None = None
    settings: Mapping[str, Any] | None = None
    successors: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class End:
    """Close the group."""


@dataclass(frozen=True, slots=True)
class Relocate:
    """Go on as the conversation `target`, which names this one as its predecessor."""

    target: str


Wish = TakeRole | GiveRole | Describe | End | Relocate

NOT_ALLOWED: Final = Refused("not allowed in this group", notice="not-allowed")
LAST_ADMIN: Final = Refused("a group keeps one admin", notice="not-allowed")
NO_CHANGE: Final = Refused("that changes nothing", status=409, notice="no-change")
CLOSED: Final = Refused("the group is closed", status=409, notice="closed")


def judge(actor: str, wish: Wish, state: GroupState, *, eligible: Callable[[str], bool]) -> Verdict:
    """Say whether home does what somebody asks for in this state.

    Args:
        actor: Who asks.
        wish: For what.
        state: The group's present state.
        eligible: Whether a person is aware and lives on another node than home, and so may succeed.

    Returns:
        Refused with the notice that the person gets.
    """
    if not state.people:
        return CLOSED
    if not state.is_member(actor):
        return NOT_ALLOWED
    match wish:
        case TakeRole():
            return _judge_taking(actor, wish.subject, state)
        case GiveRole():
            return _judge_giving(actor, wish, state)
        case Describe():
            return _judge_describing(actor, wish, state, eligible)
        case End() | Relocate():
            return may(actor, Action.CLOSE, state)


def _judge_taking(actor: str, subject: str, state: GroupState) -> Verdict:
    if not state.role_of(subject):
        return NO_CHANGE
    verdict = may(actor, Action.REMOVE, state, subject=subject)
    if isinstance(verdict, Allowed) and _is_last_admin(subject, state):
        return LAST_ADMIN
    return verdict


def _judge_giving(actor: str, wish: GiveRole, state: GroupState) -> Verdict:
    action = Action.BAN if wish.role == OUTCAST else Action.GIVE_ROLE
    verdict = may(actor, action, state, subject=wish.subject)
    if isinstance(verdict, Refused):
        return verdict
    if state.role_of(wish.subject) == wish.role:
        return NO_CHANGE
    if wish.role != OUTCAST and not state.is_member(wish.subject):
        # Nobody becomes a member without having said yes.
        return NOT_ALLOWED
    return LAST_ADMIN if _is_last_admin(wish.subject, state) else Allowed()


def _judge_describing(
    actor: str, wish: Describe, state: GroupState, eligible: Callable[[str], bool]
) -> Verdict:
    verdict = may(actor, Action.DESCRIBE, state)
    if isinstance(verdict, Refused):
        return verdict
    if not _is_sound(wish, state, eligible):
        return NOT_ALLOWED
    is_same = described(wish, state) == described(Describe(), state)
    return NO_CHANGE if is_same else Allowed()


def _is_sound(wish: Describe, state: GroupState, eligible: Callable[[str], bool]) -> bool:
    if len(wish.name or "") > NAME_CHARS_MAX:
        return False
    settings = wish.settings or {}
    if not all(is_known_value(key, value) for key, value in settings.items()):
        return False
    return _are_few(described(wish, state).settings) and _may_succeed(
        wish.successors or (), state, eligible
    )


def are_sound(settings: Mapping[str, Any]) -> bool:
    """Whether a group may have these settings, all of them together."""
    return _are_few(settings) and all(is_known_value(*each) for each in settings.items())


def _are_few(settings: Mapping[str, Any]) -> bool:
    return len(canonical_json.encode(settings)) <= SETTINGS_BYTES_MAX


def _may_succeed(
    people: Collection[str], state: GroupState, eligible: Callable[[str], bool]
) -> bool:
    are_few = len(people) <= MAX_SUCCESSORS and len(set(people)) == len(people)
    return are_few and all(state.is_member(one) and eligible(one) for one in people)


def _is_last_admin(person: str, state: GroupState) -> bool:
    admins = [one for one, role in state.members.items() if role == ADMIN]
    return admins == [person]


def described(wish: Describe, state: GroupState) -> Description:
    """What the group is called and set to afterwards; settings nobody named stay."""
    return Description(
        name=state.name if wish.name is None else wish.name,
        icon=state.icon if wish.icon is None else (wish.icon or None),
        settings={**state.settings, **(wish.settings or {})},
        successors=state.successors if wish.successors is None else wish.successors,
        predecessor=state.predecessor,
    )


def carried_out(wish: Wish, state: GroupState) -> GroupState:
    """The next epoch, in which the wish is true."""
    match wish:
        case TakeRole():
            return chain.without(state, wish.subject)
        case GiveRole():
            return chain.with_role(state, wish.subject, wish.role)
        case Describe():
            return chain.described(state, described(wish, state))
        case End() | Relocate():
            return chain.closed(state)


WORDS: Final[Mapping[type[Wish], str]] = {
    TakeRole: "remove",
    GiveRole: "role",
    Describe: "describe",
    End: "close",
    Relocate: "move",
}


def word_of(wish: Wish) -> str:
    """What a wish is called in a list of requests."""
    return "ban" if isinstance(wish, GiveRole) and wish.role == OUTCAST else WORDS[type(wish)]


def subject_of(wish: Wish) -> str:
    """Whom a wish is about, "" for the group itself."""
    return wish.subject if isinstance(wish, TakeRole | GiveRole) else ""
