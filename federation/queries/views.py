"""PURE: what a person is shown, as frozen values; a front end writes them in its own words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import msgspec

from federation.queries.travel import NoticeView


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person as others see them.

    Attributes:
        acct: The handle without its leading @; "" for somebody nobody here has met.
        name: What they call themselves, or "".
        is_deleted: Whether the account is no more.
        icon: The URL of their picture; "" for none, and for strangers to the person who looks.
    """

    acct: str
    uri: str
    name: str
    is_deleted: bool = False
    icon: str = ""


@dataclass(frozen=True, slots=True)
class MemberView:
    """A member of a conversation, or somebody who was asked in.

    Attributes:
        aware: Whether their server takes part in groups.
        software: What an unaware person's server says it runs, or "".
        refusal: Why the invitation by whoever looks was not taken, in words; "" if it was.
    """

    person: PersonView
    role: str
    state: str
    aware: bool
    software: str = ""
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """What became of a message at one host.

    Attributes:
        state: waiting, delivered, sent, refused or failed.
        members: Handles of the people it is for there.
        reason: In words, or "".
        since: When it came to that, or was first tried.
        next_try_at: When a host that does not answer is asked again, or None.
    """

    host: str
    state: str
    members: tuple[str, ...]
    reason: str
    since: datetime
    next_try_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AttachmentView:
    """A file that a message shows.

    Attributes:
        media_type: For a file of another server what its author says.
        size: In bytes, where it is known.
        url: Where this person gets it; "" where it cannot be shown.
        thumbnail_url: Of a picture, or "".
        problem: A word that says why it cannot be shown, or "".
    """

    media_type: str
    description: str
    width: int | None
    height: int | None
    blurhash: str
    size: int | None
    url: str
    thumbnail_url: str
    problem: str


@dataclass(frozen=True, slots=True)
class CardView:
    """What the author's node says of a page that a message links to."""

    url: str
    title: str
    description: str


@dataclass(frozen=True, slots=True)
class UploadView:
    """A file as the person sees it who has uploaded it."""

    id: str
    media_type: str
    description: str
    width: int | None
    height: int | None
    blurhash: str
    size: int
    url: str
    thumbnail_url: str


@dataclass(frozen=True, slots=True)
class ReactionView:
    """How many people answered a message with one emoji.

    Attributes:
        is_mine: Whether the person who looks is among them.
    """

    emoji: str
    count: int
    is_mine: bool


# PERF: a struct, since what is added to it is added for every message and everybody who looks.
class MessageView(msgspec.Struct, frozen=True):
    """A message as one person sees it.

    Attributes:
        html: Sanitised; None, as `text`, where the body cannot be read or is deleted. None, so that
            nothing is a link, for those who have not accepted the conversation.
        placed_at: Its time in the order that all members see.
        reply_to: Our id of the message it answers, or "".
        addressed_to: The ids of the people it names.
        delivery: For its author alone; empty for others.
        attachments: Empty for those who have not accepted the conversation.
        removed_at: When the group's moderators removed it, or None.
        is_blocked: Whether the person who looks has blocked its author.
        is_muted: Whether they want to hear its author quietly.
        notices: What there is to know of how it came.
        card: As `attachments`; None for none.
        is_quiet: Whether notifications say nothing of what it says.
    """

    id: str
    uri: str
    conversation_id: str
    author: PersonView
    media_type: str
    text: str | None
    html: str | None
    placed_at: datetime
    edited_at: datetime | None
    deleted_at: datetime | None
    reply_to: str
    addressed_to: tuple[str, ...]
    provenance: str
    delivery: tuple[DeliveryView, ...]
    attachments: tuple[AttachmentView, ...] = ()
    reactions: tuple[ReactionView, ...] = ()
    removed_at: datetime | None = None
    is_blocked: bool = False
    is_muted: bool = False
    notices: tuple[NoticeView, ...] = ()
    card: CardView | None = None
    is_quiet: bool = False


@dataclass(frozen=True, slots=True)
class RequestView:
    """What a person asked of a group's home.

    Attributes:
        wish: invite, remove, ban, role, describe, close or move.
        subject: The handle of whom it is about, or "".
        state: waiting, refused or expired.
        notice: Why it was refused: a word of groups-protocol.md 4.5, or "".
    """

    wish: str
    subject: str
    state: str
    notice: str


@dataclass(frozen=True, slots=True)
class GapView:
    """Messages of somebody that are missing here, and that nobody had for a month.

    Attributes:
        count: How many entries of theirs, edits and reactions among them.
        is_hidden: Whether this node lets nothing in from their server; then it is said at once.
    """

    person: PersonView
    count: int
    since: datetime
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class DepartureView:
    """Somebody whose account is deleted, or who goes on as another.

    Attributes:
        moved_to: Who they are now; None for a deleted account.
    """

    person: PersonView
    moved_to: PersonView | None
    at: datetime


@dataclass(frozen=True, slots=True)
class KeptOutView:
    """A server that this node has stopped exchanging messages with, as its people are told.

    Attributes:
        reason: Which they may read, or None.
    """

    host: str
    since: datetime
    reason: str | None


@dataclass(frozen=True, slots=True)
class PreferencesView:
    """What a person has set for a conversation; nobody else is told.

    Attributes:
        is_archived: Put away until something comes; while muted, until it is taken out again.
        is_unread: Marked as unread by hand.
        is_muted: Whether it makes no noise.
        muted_until: When it is heard again; None for never, and for what is not muted.
        mutes_mentions: Whether what names or answers the person makes no noise either.
    """

    is_pinned: bool = False
    is_archived: bool = False
    is_unread: bool = False
    is_muted: bool = False
    muted_until: datetime | None = None
    mutes_mentions: bool = False


@dataclass(frozen=True, slots=True)
class DraftView:
    """What a person has begun to write.

    Attributes:
        reply_to: Our id of the message that it answers, or "".
        media: Uploads that go with it, in their order.
    """

    text: str
    reply_to: str
    media: tuple["UploadView", ...]
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class ConversationView:
    """A conversation as one person sees it.

    Attributes:
        uri: The conversation actor; "" for a direct conversation.
        role: Of the person who looks.
        state: Where the person who looks stands; a word of the JSON API.
        unread: Messages by others after the read mark.
        inviter: Who asked the person in, while that is open.
        title: Of a group; the one of then for who is out, as are `epoch` and `members`.
        settings: Of a group; empty for a direct conversation, and for who is out.
        icon: The picture's URL, or ""; as `settings`.
        successors: Handles of who takes over when home is gone, in their order; told to members.
        outcasts: Who is banned.
        waiting_for: The home that has not answered the person yet, or "".
        requests: What the person asked of home that waits, or lately came to nothing.
        home_gone_at: Since when home is taken for gone; None while it is there.
        moved_to: The conversation actor as which it goes on, or "".
        is_disputed: Whether its home has signed two states for one epoch.
        preferences: What the person who looks has set for it.
        draft: What they have begun to write there, or None.
        draft_updated_at: When they last wrote, sent or gave up a draft there; None for never.
        gaps: What could not be had for a month.
        departures: Whose accounts have ended or moved, in the order in which they did.
        kept_out: Servers of its people with which this node exchanges nothing any more, as far as
            the rule says that people are told in their conversations.
    """

    id: str
    uri: str
    kind: str
    title: str
    epoch: int
    role: str
    state: str
    unread: int
    members: tuple[MemberView, ...]
    inviter: PersonView | None
    last_message: MessageView | None
    settings: Mapping[str, object]
    icon: str = ""
    successors: tuple[str, ...] = ()
    outcasts: tuple[PersonView, ...] = ()
    waiting_for: str = ""
    requests: tuple[RequestView, ...] = ()
    home_gone_at: datetime | None = None
    moved_to: str = ""
    is_disputed: bool = False
    preferences: PreferencesView = PreferencesView()
    draft: DraftView | None = None
    draft_updated_at: datetime | None = None
    gaps: tuple[GapView, ...] = ()
    departures: tuple[DepartureView, ...] = ()
    kept_out: tuple[KeptOutView, ...] = ()


@dataclass(frozen=True, slots=True)
class FollowView:
    """Somebody who is followed, or follows.

    Attributes:
        state: "pending" or "accepted".
        is_mutual: Whether each of the two follows the other.
    """

    person: PersonView
    state: str
    is_mutual: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """An event of one person's stream.

    Attributes:
        id: Its number; grows. 0 for what is told in passing and not kept.
        data: JSON text where the event shows neither a message nor a conversation.
    """

    id: int
    person: str
    type: str
    shown: MessageView | ConversationView | None
    data: str = ""
