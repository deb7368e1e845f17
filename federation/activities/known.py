"""What this node holds about the things an activity names, as frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from federation.activities.author_logs import KnownLog, Logs
from federation.activities.roster import PRESENT, KnownMembership, Roster, Span
from federation.groups.state import GroupState
from federation.protocol.build.note import EXPLICIT_MEMBERS_MAX
from storage.changes import Attachment

# In a direct conversation that was opened and not written in: the others are shown nothing of it.
UNHEARD: Final = "unheard"

LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class KnownConversation:
    """A conversation this node takes part in, or has been invited to.

    Attributes:
        roster: Who is in it, who was, and the verified state of a group.
        newest_t: The greatest sort time shown, or None while it is empty.
        changed_at: When its state was last changed, by the stamp of that change.
        gone_at: Since when its home counts as gone; None while it is there.
        recovering: At home: whether members may hold changes that are lost here, so that nothing
            is decided.
        context_t: The place of the direct message that brought the context.
        thread_t: The place of the one that brought the thread.
        checked_at: When home was last asked whether there is more, or None.
        written: The logs of its authors.
    """

    id: str
    uri: str
    kind: str
    is_home: bool
    home_host: str
    title: str
    context: str
    thread: str
    people_hash: str
    disputed: bool
    closed: bool
    newest_t: datetime | None
    changed_at: datetime
    roster: Roster
    gone_at: datetime | None = None
    recovering: bool = False
    context_t: datetime = LONG_AGO
    thread_t: datetime = LONG_AGO
    checked_at: datetime | None = None
    written: Logs = field(default_factory=Logs)

    @property
    def state(self) -> GroupState | None:
        """The state of a group; None for a direct one, and before our first member has joined."""
        return self.roster.state

    @property
    def memberships(self) -> Mapping[str, KnownMembership]:
        """Everybody's relation to it, by person."""
        return self.roster.memberships

    @property
    def is_compact(self) -> bool:
        """Whether a message names the conversation actor alone, since the others are too many."""
        return self.state is not None and len(self.state.people) > EXPLICIT_MEMBERS_MAX

    @property
    def logs(self) -> Mapping[str, KnownLog]:
        """The logs of its authors, by id."""
        return self.written.by_id

    @property
    def spans(self) -> tuple[Span, ...]:
        """When who was a member."""
        return self.roster.spans

    @property
    def epoch(self) -> int:
        """The group's epoch as held here; 0 before the first verified state."""
        return self.state.epoch if self.state is not None else 0

    def was_member(self, person: str, epoch: int) -> bool:
        """Whether the person was a member at an epoch held here."""
        return any(span.covers(epoch) for span in self.roster.spans_of(person))

    def is_since(self, person: str, epoch: int) -> bool:
        """Whether the person's present membership was running at an epoch."""
        return any(
            span.to_epoch is None and span.from_epoch <= epoch
            for span in self.roster.spans_of(person)
        )

    def members_at(self, epoch: int) -> tuple[str, ...]:
        """The people who were members at an epoch and have not left since by their own word."""
        return self.roster.members_at(epoch)

    def has_left(self, person: str) -> bool:
        """Whether the person's own Leave keeps them out, until a later Add names them again."""
        return self.roster.has_left(person)

    def is_in(self, person: str) -> bool:
        """Whether the person is a member now and has not left."""
        membership = self.memberships.get(person)
        if membership is None or membership.state not in PRESENT:
            return False
        return self.state is None or self.state.is_member(person)

    def may_speak(self, person: str) -> bool:
        """Whether a person of ours is a member now, also by home's word.

        Whoever has left and comes back stands in the state held until home has heard of both, and
        what they said by that state would be taken back.
        """
        return self.is_in(person) and self.memberships[person].state == "joined"

    def is_followed(self) -> bool:
        """Whether the state held is the group's, as far as is known; who is out has an old one."""
        if self.state is None or self.is_home:
            return self.state is not None
        return bool(self.present_here())

    def shows(self, person: str) -> bool:
        """Whether the person is a member, as far as home has told; an old state does not say."""
        if self.is_followed():
            return self.is_in(person)
        membership = self.memberships.get(person)
        return membership is not None and membership.state in PRESENT

    def present(self) -> tuple[str, ...]:
        """The people to whom a message of now goes: the group's members, or a direct set."""
        return self.roster.present

    def present_here(self) -> tuple[str, ...]:
        """Those of the present people who are local."""
        return self.roster.present_here

    def unheard(self) -> tuple[str, ...]:
        """Local people of a direct conversation in which nobody has written to them yet."""
        if self.kind == "group":
            return ()
        return tuple(one.person for one in self.memberships.values() if one.state == UNHEARD)


@dataclass(frozen=True, slots=True)
class Shared:
    """A conversation in which the speaker is, and our people who see them there."""

    conversation_id: str
    is_home: bool
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadMessage:
    """A message by the speaker that somebody here sees."""

    id: str
    conversation_id: str
    person: str


@dataclass(frozen=True, slots=True)
class KnownInvitation:
    """An invitation held here, with the JSON text of the Invite as it was signed."""

    id: str
    conversation_uri: str
    inviter: str
    invitee: str
    state: str
    ends_at: datetime
    document: str


@dataclass(frozen=True, slots=True)
class AskedLately:
    """How much somebody has asked of a group's home lately.

    Attributes:
        requests: Within an hour, invitations left out.
        invitations: Within a day.
    """

    requests: int = 0
    invitations: int = 0


@dataclass(frozen=True, slots=True)
class KnownLink:
    """A link by which people join a group of ours."""

    id: str
    conversation_id: str
    maker: str
    uses_left: int
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class KnownMessage:
    """A message held here, as far as order, replies and its later life need it.

    Attributes:
        epoch: The epoch its author named, or None outside groups.
        edited_at: When it came to say what it says, or None if it always did.
        is_deleted: Whether its author has deleted it.
        is_removed: Whether the moderators of its group have removed it.
        activity_id: Its Create, or the Update that came first.
        latest_id: The Update that brought what it says, "" if none did.
    """

    id: str
    uri: str
    conversation_id: str
    author: str
    published_at: datetime
    t: datetime
    in_reply_to: str
    addressed_to: tuple[str, ...]
    provenance: str
    epoch: int | None = None
    edited_at: datetime | None = None
    is_deleted: bool = False
    is_removed: bool = False
    activity_id: str = ""
    latest_id: str = ""


@dataclass(frozen=True, slots=True)
class KnownReaction:
    """What somebody answered a message with, on or taken back.

    Attributes:
        icon: The picture of an emoji that is no character, or "".
        activity_id: The Like, "" if only its Undo has come.
        undone_id: The Like that was undone last, or "".
    """

    message: str
    person: str
    emoji: str
    icon: str
    activity_id: str
    liked_at: datetime
    undone_id: str
    undone_at: datetime

    @property
    def is_on(self) -> bool:
        """Whether it is shown."""
        return self.liked_at > self.undone_at and self.activity_id != self.undone_id


@dataclass(frozen=True, slots=True)
class KnownRelay:
    """How home has passed on a message: who alone may read it there, and whom it was sent to."""

    readers: tuple[str, ...]
    passed_to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Relaying:
    """What a home says of what it passes on.

    Attributes:
        to: Whom it left out, or its member list for what all may read; nobody for anything else.
    """

    to: tuple[str, ...]
    received_at: datetime


@dataclass(frozen=True, slots=True)
class KnownTombstone:
    """The word of its author, or of its group, that a message is not to be shown."""

    actor: str
    deleted_at: datetime


@dataclass(frozen=True, slots=True)
class KnownUpload:
    """A file that somebody here has uploaded.

    Attributes:
        account: Whose it is.
        shown_by: Our id of the message that shows it, or whose picture it is as an actor; ""
            where nobody is shown by it.
        shown: What a message that shows it keeps of it.
    """

    id: str
    account: str
    shown_by: str
    shown: Attachment


@dataclass(frozen=True, slots=True)
class KnownFollow:
    """A follow of which one side is here."""

    follower: str
    followed: str
    activity_id: str
    state: str
