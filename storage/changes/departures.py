"""An account ends, or goes on under another name."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class DeleteActor:
    """A remote person's account is deleted: what they said goes, and nobody addresses them."""

    uri: str
    host: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DeleteOwnActor:
    """A person of this node is deleted: what they said goes, and all that waits of theirs.

    Attributes:
        by: The Delete that says so to others, which is not held up.
    """

    uri: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class MoveActor:
    """A remote person goes on as another, who is a member of nothing by that."""

    uri: str
    target: str
    at: datetime
