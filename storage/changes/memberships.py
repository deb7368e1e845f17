"""Who is in a conversation, how, and from which epoch to which."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class PutMembership:
    """A person's relation to a conversation becomes this; replaces the one before.

    Attributes:
        role: "admin", "moderator", "member", "outcast", or "" for somebody who is not a member.
        state: A state of federation/groups/membership.py.
        left_epoch: The epoch that the person's Leave named, while they are out by it.
    """

    conversation_id: str
    person: str
    local: bool
    role: str
    state: str
    at: datetime
    invitation_id: str = ""
    inviter: str = ""
    left_epoch: int | None = None


@dataclass(frozen=True, slots=True)
class OpenSpan:
    """A person is a member from this epoch on."""

    conversation_id: str
    person: str
    from_epoch: int


@dataclass(frozen=True, slots=True)
class CloseSpan:
    """A person is no member from this epoch on."""

    conversation_id: str
    person: str
    to_epoch: int
