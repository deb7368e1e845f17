"""What home passes on of an unaware member's message counts by home's word, until better comes.

Sources: groups-protocol.md 10 and 11
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace

from federation.activities import delete_note, edit_note, legacy_note, message, readers
from federation.activities.kind import ActivityKind, Shape, Waiting
from federation.activities.known import KnownConversation, Relaying
from federation.activities.message import Message
from federation.activities.situation import Situation
from federation.protocol import timestamps
from federation.protocol.activity import Activity
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.parse import parse_activity
from federation.protocol.verdict import Allowed, Refused
from storage.changes import Change

INNER = ("Create", "Update", "Delete")
NOT_FOLLOWED = Refused("not followed here")


@dataclass(frozen=True, slots=True)
class Relayed:
    """A wrapper and what is in it.

    Attributes:
        message: What a Create or Update says; None for a Delete.
        received_at: When home says that it got it.
    """

    wrapper: Activity
    inner: Activity
    message: Message | None
    received_at: datetime


def read(activity: Activity) -> Relayed:
    """Understand a wrapper.

    Raises:
        RemoteProtocolError: It holds no Create, Update or Delete of a Note, of one origin.
    """
    if not isinstance(activity.object, Mapping) or activity.published is None:
        raise RemoteProtocolError("a relay holds an activity and has its date")
    inner = parse_activity(activity.object, allow_http=activity.id.startswith("http:"))
    if inner.log is not None or inner.epoch is not None or inner.object_id == inner.actor:
        raise RemoteProtocolError("a relay holds what an unaware person said of a message")
    said = message.read(inner) if inner.type != "Delete" else None
    if said is not None and inner.object_type != "Note":
        raise RemoteProtocolError("a relay holds a Note")
    return Relayed(activity, inner, said, _received_at(activity) or activity.published)


def _received_at(activity: Activity) -> datetime | None:
    terms = activity.document.get("chatRelay")
    try:
        return timestamps.parse_time(terms.get("receivedAt")) if isinstance(terms, dict) else None
    except RemoteProtocolError:
        return None


def authorize(relayed: Relayed, situation: Situation) -> Allowed | Refused | Waiting:
    """Whether home may say this of its author.

    1. The wrapper is by the group's own home, and somebody here is in the group.
    2. The author is unaware, since aware people prove what they say.
    3. The author is a member; in history, was one.
    4. It deletes nothing that is held by better than home's word, and is of nobody else's message.

    A deletion counts for ever, whoever has left since.
    """
    conversation, inner = situation.conversation, relayed.inner
    is_deletion = inner.type == "Delete"
    # 1
    if conversation is None or conversation.uri != relayed.wrapper.actor or conversation.is_home:
        return NOT_FOLLOWED
    is_followed = is_deletion or _is_anybody_here(conversation, situation)
    if conversation.state is None or not is_followed:
        return NOT_FOLLOWED
    # 2
    author = situation.actors.get(inner.actor)
    if author is None:
        return Waiting("actor", inner.actor)
    if author.aware or author.local or author.kind != "person" or author.is_deleted:
        return Refused("its author speaks for themselves")
    # 3
    may_be_former = is_deletion or situation.source == "home"
    if not may_be_former and not conversation.is_in(inner.actor):
        return legacy_note.unless_stale(conversation, situation)
    # 4
    return _may_be_about(relayed, conversation, situation)


def _is_anybody_here(conversation: KnownConversation, situation: Situation) -> bool:
    return any(situation.is_local(person) for person in conversation.present())


def _may_be_about(
    relayed: Relayed, conversation: KnownConversation, situation: Situation
) -> Allowed | Refused:
    inner = relayed.inner
    known = situation.messages.get(inner.object_id)
    if known is None:
        return Allowed() if inner.type != "Delete" else Refused("there is no such message")
    if known.author != inner.actor or known.conversation_id != conversation.id:
        return Refused("the message is somebody else's, or stands elsewhere")
    if known.is_deleted or (inner.type == "Delete" and known.provenance != "relayed"):
        return Refused("the message is held already")
    return Allowed()


def apply(relayed: Relayed, situation: Situation) -> Sequence[Change]:
    """Show it as passed on by home, or let what was passed on before be edited or deleted.

    What came from its author's own server says what it says; whom that left out see it too.
    """
    said = _as_said(relayed, situation)
    if relayed.message is None:
        return delete_note.apply(delete_note.read(relayed.inner), said)
    here = frozenset(readers.local_readers(relayed.message, said))
    said = replace(said, fresh=here | {""})
    known = situation.messages.get(relayed.inner.object_id)
    if known is None or (relayed.inner.type == "Update" and known.provenance == "relayed"):
        return edit_note.apply(relayed.message, said)
    return readers.told(relayed.message, said, known.conversation_id, known.id)


def _as_said(relayed: Relayed, situation: Situation) -> Situation:
    """The situation of what is inside the wrapper."""
    terms = Relaying(relayed.wrapper.to, relayed.received_at)
    return replace(situation, speaker=situation.actors[relayed.inner.actor], relaying=terms)


KINDS = tuple(
    ActivityKind(Shape("Add", inner, "conversation"), read, authorize, apply) for inner in INNER
)
