"""What changes about a conversation as a whole."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class AddConversation:
    """A conversation becomes known here.

    Attributes:
        uri: The conversation actor of a group; "" for a direct conversation.
        kind: "group" or "direct".
        home_host: The host of the conversation actor; "" for a direct conversation.
        context: The `context` URL that its messages carry; "" while no message has brought one.
        thread: The `conversation` value that its messages repeat, likewise.
        people_hash: What identifies a direct conversation's set of people; "" for a group.
        shown_settings: JSON text of a group's settings as its home shows them, until there is a
            state; "" for none.
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
    at: datetime
    shown_settings: str = ""


@dataclass(frozen=True, slots=True)
class SetState:
    """A group enters an epoch; the signed change is kept as activity `activity_id`.

    Attributes:
        state: JSON text of the GroupState.
        closed: Whether the conversation ends with this epoch.
        history: How far back members may read what arrives from here on.
        icon: The URL of the group's picture, or "".
    """

    conversation_id: str
    epoch: int
    hash: str
    state: str
    title: str
    closed: bool
    activity_id: str
    published_at: datetime
    at: datetime
    history: str = ""
    icon: str = ""


@dataclass(frozen=True, slots=True)
class SetThread:
    """A conversation learns the context and thread that its messages repeat.

    Attributes:
        context_t: The place of the direct message that brought the context; None for a group.
        thread_t: The place of the one that brought the thread; likewise.
    """

    conversation_id: str
    context: str
    thread: str
    context_t: datetime | None = None
    thread_t: datetime | None = None


@dataclass(frozen=True, slots=True)
class MarkDisputed:
    """Home signed two states for one epoch; no further state is applied."""

    conversation_id: str


@dataclass(frozen=True, slots=True)
class FollowHome:
    """A dispute is over: home's chain holds, and what was held from this epoch on does not."""

    conversation_id: str
    from_epoch: int


@dataclass(frozen=True, slots=True)
class Touch:
    """A message was added: the conversation's newest time and last line move, never backwards."""

    conversation_id: str
    newest_t: datetime
    message_id: str


@dataclass(frozen=True, slots=True)
class ReadAnew:
    """A group's history at its home is read from its first page, when it is read next."""

    conversation_id: str
