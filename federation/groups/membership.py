"""How one person's standing in one conversation moves is a table, and nothing moves beside it."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from federation.protocol.verdict import Refused


class Standing(StrEnum):
    """Where a person stands; the words of the JSON API. No row is None."""

    INVITED = "invited"
    """Somebody they know has invited them."""
    REQUESTED = "requested"
    """A stranger has."""
    JOINING = "joining"
    """They accepted, and home has not confirmed."""
    JOINED = "joined"
    """They are a member."""
    LEFT = "left"
    """They went; only a new invitation brings them back."""
    REMOVED = "removed"
    """Home ended their membership, or the invitation before it became one."""
    BANNED = "banned"
    """They are an outcast."""
    REFUSED = "refused"
    """They declined."""
    CLOSED = "closed"
    """The conversation ended while they were in it or asked into it; nothing follows."""


class Event(StrEnum):
    """What can happen to a person's standing."""

    FOUNDED = "founded"
    """They made the conversation."""
    INVITED = "invited"
    INVITED_BY_STRANGER = "invited by a stranger"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    CONFIRMED = "confirmed"
    """A state change gives them a role other than outcast, and consent entitles it if needed."""
    LEFT = "left"
    REMOVED = "removed"
    """A state change takes their role."""
    BANNED = "banned"
    """A state change makes them an outcast."""
    WITHDRAWN = "withdrawn"
    """Their invitation was taken back, lapsed, or home refused their acceptance."""
    CLOSED = "closed"


Moves = Mapping[tuple[Standing | None, Event], Standing]

_S = Standing
_E = Event

# For people of this node. Whoever is confirmed without having accepted has not consented (4.3).
MOVES: Final[Moves] = MappingProxyType(
    {
        (None, _E.FOUNDED): _S.JOINED,
        (None, _E.INVITED): _S.INVITED,
        (None, _E.INVITED_BY_STRANGER): _S.REQUESTED,
        (None, _E.BANNED): _S.BANNED,
        (_S.INVITED, _E.INVITED): _S.INVITED,
        (_S.INVITED, _E.INVITED_BY_STRANGER): _S.INVITED,
        (_S.INVITED, _E.ACCEPTED): _S.JOINING,
        (_S.INVITED, _E.DECLINED): _S.REFUSED,
        (_S.INVITED, _E.WITHDRAWN): _S.REMOVED,
        (_S.INVITED, _E.BANNED): _S.BANNED,
        (_S.INVITED, _E.CLOSED): _S.CLOSED,
        (_S.REQUESTED, _E.INVITED): _S.INVITED,
        (_S.REQUESTED, _E.INVITED_BY_STRANGER): _S.REQUESTED,
        (_S.REQUESTED, _E.ACCEPTED): _S.JOINING,
        (_S.REQUESTED, _E.DECLINED): _S.REFUSED,
        (_S.REQUESTED, _E.WITHDRAWN): _S.REMOVED,
        (_S.REQUESTED, _E.BANNED): _S.BANNED,
        (_S.REQUESTED, _E.CLOSED): _S.CLOSED,
        (_S.JOINING, _E.INVITED): _S.JOINING,
        (_S.JOINING, _E.INVITED_BY_STRANGER): _S.JOINING,
        (_S.JOINING, _E.ACCEPTED): _S.JOINING,
        (_S.JOINING, _E.DECLINED): _S.REFUSED,
        (_S.JOINING, _E.CONFIRMED): _S.JOINED,
        (_S.JOINING, _E.LEFT): _S.LEFT,
        (_S.JOINING, _E.REMOVED): _S.REMOVED,
        (_S.JOINING, _E.WITHDRAWN): _S.REMOVED,
        (_S.JOINING, _E.BANNED): _S.BANNED,
        (_S.JOINING, _E.CLOSED): _S.CLOSED,
        (_S.JOINED, _E.CONFIRMED): _S.JOINED,
        (_S.JOINED, _E.INVITED): _S.JOINED,
        (_S.JOINED, _E.INVITED_BY_STRANGER): _S.JOINED,
        (_S.JOINED, _E.LEFT): _S.LEFT,
        (_S.JOINED, _E.REMOVED): _S.REMOVED,
        (_S.JOINED, _E.BANNED): _S.BANNED,
        (_S.JOINED, _E.CLOSED): _S.CLOSED,
        (_S.LEFT, _E.INVITED): _S.INVITED,
        (_S.LEFT, _E.INVITED_BY_STRANGER): _S.REQUESTED,
        (_S.LEFT, _E.LEFT): _S.LEFT,
        # Home's Remove follows the Leave.
        (_S.LEFT, _E.REMOVED): _S.LEFT,
        (_S.LEFT, _E.BANNED): _S.BANNED,
        (_S.REMOVED, _E.INVITED): _S.INVITED,
        (_S.REMOVED, _E.INVITED_BY_STRANGER): _S.REQUESTED,
        (_S.REMOVED, _E.LEFT): _S.REMOVED,
        (_S.REMOVED, _E.REMOVED): _S.REMOVED,
        (_S.REMOVED, _E.BANNED): _S.BANNED,
        # An unban; an invitation may follow.
        (_S.BANNED, _E.REMOVED): _S.REMOVED,
        (_S.BANNED, _E.BANNED): _S.BANNED,
        # Home, which lets nobody invite an outcast, has lifted the ban unheard.
        (_S.BANNED, _E.INVITED): _S.INVITED,
        (_S.BANNED, _E.INVITED_BY_STRANGER): _S.REQUESTED,
        (_S.REFUSED, _E.INVITED): _S.INVITED,
        (_S.REFUSED, _E.INVITED_BY_STRANGER): _S.REQUESTED,
        (_S.REFUSED, _E.DECLINED): _S.REFUSED,
        (_S.REFUSED, _E.BANNED): _S.BANNED,
    }
)

# For people of other nodes home's word is enough: their own node guards their consent.
REMOTE_MOVES: Final[Moves] = MappingProxyType(
    {
        **MOVES,
        (None, _E.CONFIRMED): _S.JOINED,
        (_S.INVITED, _E.CONFIRMED): _S.JOINED,
        (_S.REQUESTED, _E.CONFIRMED): _S.JOINED,
        (_S.LEFT, _E.CONFIRMED): _S.JOINED,
        (_S.REMOVED, _E.CONFIRMED): _S.JOINED,
        (_S.BANNED, _E.CONFIRMED): _S.JOINED,
        (_S.REFUSED, _E.CONFIRMED): _S.JOINED,
    }
)


def move(standing: Standing | None, event: Event, *, local: bool) -> Standing | Refused:
    """Answer where the event leads.

    Args:
        standing: Where the person stands, None if nowhere yet.
        event: What happened.
        local: Whether the person is of this node.

    Returns:
        Refused for what cannot happen there; the event then has no effect.
    """
    following = (MOVES if local else REMOTE_MOVES).get((standing, event))
    if following is None:
        return Refused("nothing of that kind can happen there", status=409)
    return following
