"""Invitations, which at the invited person's node are also the record of consent."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class PutInvitation:
    """An invitation is recorded; one that is known already stays as it is.

    Attributes:
        state: "open", "accepted", "spent", "rejected", "withdrawn", "expired" or "void".
    """

    id: str
    conversation_uri: str
    inviter: str
    invitee: str
    state: str
    published_at: datetime
    ends_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class SetInvitation:
    """An invitation's state becomes this.

    Attributes:
        conversation_uri: Of no other conversation than this one; "" for any.
    """

    id: str
    state: str
    at: datetime
    conversation_uri: str = ""
