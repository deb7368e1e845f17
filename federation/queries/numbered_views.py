"""PURE: what clients of Mastodon's API are shown by number, as frozen values."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class FaceView:
    """A person, or a group that shows itself as one.

    Attributes:
        number: What clients call them by; its greater part is the time since which they are known.
        domain: What stands behind the @ in their handle.
        icon: The URL of their picture, where anybody may fetch it from this node; or "".
        is_deleted: Whether the account is no more.
    """

    number: int
    uri: str
    username: str
    domain: str
    name: str
    icon: str
    is_local: bool
    is_bot: bool
    is_group: bool
    is_deleted: bool
    known_since: datetime


@dataclass(frozen=True, slots=True)
class AnsweredView:
    """The message before another, in whichever sense: the one that it answers, or the last one.

    Attributes:
        message_id: Our id of it.
        author: The id of who said it.
    """

    message_id: str
    author: str


@dataclass(frozen=True, slots=True)
class RelationView:
    """How a person stands to another. Whether the other has blocked them, nobody is told.

    Attributes:
        is_requested: Whether the person has asked to follow, and waits.
    """

    uri: str
    is_following: bool = False
    is_requested: bool = False
    is_follower: bool = False
    is_blocked: bool = False
    is_muted: bool = False


@dataclass(frozen=True, slots=True)
class NotificationView:
    """Something that somebody is told of.

    Attributes:
        number: What clients call it by; it grows with the time.
        kind: mention, favourite, follow or follow_request.
        person: The id of whose deed it is.
        message_id: Our id of the message that it is about, or "".
    """

    number: int
    kind: str
    at: datetime
    person: str
    message_id: str = ""
