"""Who follows whom, as far as one of the two is here."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class PutFollow:
    """A follow becomes this; replaces the one between the same two.

    Attributes:
        state: "pending", "accepted" or "rejected".
    """

    follower: str
    followed: str
    activity_id: str
    state: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DropFollow:
    """A follow ends."""

    follower: str
    followed: str
