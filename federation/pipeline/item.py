"""What can be put on the road: an activity that arrived, or a wish of somebody here.

A wish (`Draft`) becomes an activity inside the transaction, once its number and time are known;
from there on it is performed like any other.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from federation.activities.message import Message
from federation.groups.wishes import Wish
from federation.protocol.activity import Activity
from federation.protocol.card import Card
from storage.changes import AddKey, ReportedMessage


# PERF: a struct, as Activity is.
class Received(msgspec.Struct, frozen=True):
    """An authenticated activity.

    Attributes:
        inbox_owner: The owner of the personal inbox it came to, or "".
        entry_id: Its row in the inbox queue, "" when it was fetched.
        source: As in `Situation`.
        steps: How many messages were asked for, one because of the other, until this one came.
        home_epoch: Of what was read in a group's history: the epoch when it came there.
        key_id: The key of the request that brought it, "" if it was fetched.
        said: What it says, where that has been read before.
        body: As it came, b"" where that is not kept.
    """

    activity: Activity
    inbox_owner: str
    entry_id: str
    received_at: datetime
    source: str = ""
    steps: int = 0
    home_epoch: int = 0
    key_id: str = ""
    said: Message | None = None
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Once:
    """A client's `Idempotency-Key`, kept with what the request made.

    Attributes:
        request_hash: Tells a repeat from another request under the same key.
    """

    account: str
    key: str
    request_hash: str


@dataclass(frozen=True, slots=True)
class StartGroup:
    """Make a group here, invite people, and perhaps say something.

    Attributes:
        username: The local name of its conversation actor, which carries 80 random bits.
        keys: The key pairs of its conversation actor, sealed.
        settings: Those that are others than usual.
    """

    author: str
    conversation_id: str
    username: str
    keys: tuple[AddKey, ...]
    title: str
    invitees: tuple[str, ...]
    text: str = ""
    once: Once | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StartDirect:
    """Open the conversation with these other people, without writing yet."""

    author: str
    people: tuple[str, ...]
    once: Once | None = None


@dataclass(frozen=True, slots=True)
class PostMessage:
    """Say something in a conversation.

    Attributes:
        reply_to: The id on the wire of the message that is answered, or "".
        media_ids: Uploads of the author's that it shows, in this order.
        notice: What it explains to unaware members, which aware ones are not shown, or "".
        card: What it says of a page that it links to.
    """

    author: str
    conversation_id: str
    text: str
    reply_to: str = ""
    media_ids: tuple[str, ...] = ()
    notice: str = ""
    card: Card | None = None
    once: Once | None = None


@dataclass(frozen=True, slots=True)
class EditMessage:
    """Let a message of one's own say something else.

    Attributes:
        message: Its id on the wire; likewise below.
    """

    author: str
    conversation_id: str
    message: str
    text: str
    once: Once | None = None


@dataclass(frozen=True, slots=True)
class DeleteMessage:
    """Delete a message of one's own, or ask for the removal of another's."""

    author: str
    conversation_id: str
    message: str
    once: Once | None = None


@dataclass(frozen=True, slots=True)
class ReactTo:
    """React to a message, or no longer."""

    author: str
    conversation_id: str
    message: str
    emoji: str
    reacts: bool = True
    once: Once | None = None


@dataclass(frozen=True, slots=True)
class InvitePerson:
    """Invite somebody to a group."""

    author: str
    conversation_id: str
    person: str
    once: Once | None = None


@dataclass(frozen=True, slots=True)
class AnswerInvitation:
    """Accept or decline an invitation, or a stranger's direct conversation."""

    author: str
    conversation_id: str
    accepts: bool
    once: Once | None = None


@dataclass(frozen=True, slots=True)
class LeaveConversation:
    """Leave a group."""

    author: str
    conversation_id: str
    once: Once | None = None


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """Ask the group's home for something, and carry it out at once if that is here.

    Attributes:
        is_quiet: Whether nobody tells an unaware person that they were removed.
    """

    author: str
    conversation_id: str
    wish: Wish
    once: Once | None = None
    is_quiet: bool = False


@dataclass(frozen=True, slots=True)
class WithdrawInvitation:
    """Take back the invitation that somebody has."""

    author: str
    conversation_id: str
    person: str
    once: Once | None = None


@dataclass(frozen=True, slots=True)
class JoinByLink:
    """Join a group by a link.

    Attributes:
        uri: The conversation actor that the link leads to, and what it is called there.
        conversation_id: Our id of the group, if it is not known here yet.
    """

    author: str
    link: str
    uri: str
    title: str
    conversation_id: str
    once: Once | None = None


@dataclass(frozen=True, slots=True)
class ContinueGroup:
    """Give a group another home, here.

    Attributes:
        predecessor: Our id of the group that is continued.
        username: The local name of the next conversation actor, which carries 80 random bits.
        keys: Its key pairs, sealed.
    """

    author: str
    predecessor: str
    conversation_id: str
    username: str
    keys: tuple[AddKey, ...]
    once: Once | None = None


@dataclass(frozen=True, slots=True)
class FollowPerson:
    """Follow somebody, or no longer."""

    author: str
    person: str
    follows: bool = True
    once: Once | None = None


@dataclass(frozen=True, slots=True)
class AnswerFollow:
    """Let somebody follow who waits for that, or decline."""

    author: str
    person: str
    accepts: bool
    once: Once | None = None


@dataclass(frozen=True, slots=True)
class ReportPerson:
    """Tell those who run this node about somebody.

    Attributes:
        messages: By whom it is about, as the author of the report sees them.
        forwards: Whether the server of that person is told too.
    """

    author: str
    report_id: str
    person: str
    messages: tuple[ReportedMessage, ...] = ()
    comment: str = ""
    forwards: bool = False
    once: Once | None = None


Draft = (
    StartGroup
    | StartDirect
    | PostMessage
    | EditMessage
    | DeleteMessage
    | ReactTo
    | InvitePerson
    | AnswerInvitation
    | LeaveConversation
    | ChangeGroup
    | WithdrawInvitation
    | JoinByLink
    | ContinueGroup
    | FollowPerson
    | AnswerFollow
    | ReportPerson
)
Item = Received | Draft
