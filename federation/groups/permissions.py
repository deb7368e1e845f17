"""Who may do what in a group stands in one table, and one function reads it.

Source: groups-protocol.md 4.5; security.md 4.2
"""

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Final

from federation.groups.settings import read_settings
from federation.groups.state import ADMIN, MEMBER, MEMBER_ROLES, MODERATOR, OUTCAST, GroupState
from federation.protocol.verdict import Allowed, Refused, Verdict

NOBODY: Final = ""


class Action(Enum):
    """What somebody may want in a group; `subject` is whom it is done to."""

    POST = "post"
    """Write a message; no subject."""
    LEAVE = "leave"
    """Go; no subject."""
    INVITE = "invite"
    """Ask the subject to join."""
    WITHDRAW = "withdraw"
    """Take back an invitation that the subject made."""
    REMOVE = "remove"
    """Take the subject's role away, an outcast's too."""
    BAN = "ban"
    """Make the subject an outcast."""
    GIVE_ROLE = "give role"
    """Make the subject admin, moderator or member."""
    DESCRIBE = "describe"
    """Change name, icon, settings or successors; no subject."""
    REMOVE_MESSAGE = "remove message"
    """Take away a message that the subject wrote."""
    CLOSE = "close"
    """Close the group, or move it; no subject."""


def may(actor: str, action: Action, state: GroupState, *, subject: str = "") -> Verdict:
    """Say whether somebody may do this to the subject in this state.

    Returns:
        Refused with the notice `not-allowed`, or `banned` for an invitation of an outcast.
    """
    if action is Action.INVITE and state.role_of(subject) == OUTCAST:
        return Refused("that person is banned", notice="banned")
    lowest = _LOWEST_ROLE[action](actor, state, subject)
    if _rank(state.role_of(actor)) < _rank(lowest):
        return Refused("not allowed in this group", notice="not-allowed")
    return Allowed()


def _by_setting(_actor: str, state: GroupState, _subject: str) -> str:
    return read_settings(state.settings).invite


def _own_or_moderator(actor: str, _state: GroupState, subject: str) -> str:
    return MEMBER if subject == actor else MODERATOR


def _above_subject(_actor: str, state: GroupState, subject: str) -> str:
    return ADMIN if state.role_of(subject) in {ADMIN, MODERATOR} else MODERATOR


def _above_author(_actor: str, state: GroupState, subject: str) -> str:
    return ADMIN if state.role_of(subject) == ADMIN else MODERATOR


def _rank(role: str) -> int:
    return MEMBER_ROLES.index(role) if role in MEMBER_ROLES else -1


# A Leave is never refused, not even to somebody who is none any more; it then has no effect.
_LOWEST_ROLE: Final[Mapping[Action, Callable[[str, GroupState, str], str]]] = {
    Action.POST: lambda _actor, _state, _subject: MEMBER,
    Action.LEAVE: lambda _actor, _state, _subject: NOBODY,
    Action.INVITE: _by_setting,
    Action.WITHDRAW: _own_or_moderator,
    Action.REMOVE: _above_subject,
    Action.BAN: _above_subject,
    Action.GIVE_ROLE: lambda _actor, _state, _subject: ADMIN,
    Action.DESCRIBE: lambda _actor, _state, _subject: ADMIN,
    Action.REMOVE_MESSAGE: _above_author,
    Action.CLOSE: lambda _actor, _state, _subject: ADMIN,
}
