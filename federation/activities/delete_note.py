"""A deletion is its author's word for ever, member or not, whichever of the two came first.

Sources: groups-protocol.md 7; security.md 4.1.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from federation.activities import numbering, relay
from federation.activities.kind import ActivityKind, Shape
from federation.activities.known import KnownConversation, KnownMessage
from federation.activities.sending import sends, surviving
from federation.activities.situation import Situation
from federation.protocol import timestamps
from federation.protocol.activity import Activity
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.verdict import Allowed, Refused
from storage.changes import CancelAbout, Change, DropMedia, EraseMessage, PutTombstone, Tell

# What a Delete may name or embed: an id alone, a Tombstone, or the object as it was.
OBJECT_TYPES: Final = ("", "Tombstone", "Note")


@dataclass(frozen=True, slots=True)
class Deletion:
    """What is deleted, and when its author did that; None if they do not say."""

    activity: Activity
    uri: str
    deleted_at: datetime | None


def read(activity: Activity) -> Deletion:
    """Understand a Delete of an object.

    Raises:
        RemoteProtocolError: It names none.
    """
    if not activity.object_id:
        raise RemoteProtocolError("a Delete names an object")
    deleted_at = activity.published
    if isinstance(activity.object, Mapping):
        try:
            deleted_at = timestamps.parse_time(activity.object.get("deleted"))
        except RemoteProtocolError:
            deleted_at = activity.published
    return Deletion(activity, activity.object_id, deleted_at)


def authorize(deletion: Deletion, situation: Situation) -> Allowed | Refused:
    """Nobody but its author deletes a message; about what is not known, anybody's word is kept."""
    known = situation.messages.get(deletion.uri)
    if known is not None and known.author != deletion.activity.actor:
        return Refused("the object belongs to somebody else")
    return Allowed()


def apply(deletion: Deletion, situation: Situation) -> Sequence[Change]:
    """Erase the message, or remember that it is deleted for when it comes."""
    activity, now = deletion.activity, situation.now
    known, conversation = situation.messages.get(deletion.uri), situation.conversation
    deleted_at = min(deletion.deleted_at or now, now)
    changes: list[Change] = []
    if conversation is not None:
        changes += numbering.kept(activity, conversation.id, situation)
    if known is None:
        place = conversation.id if conversation is not None else ""
        tomb = PutTombstone(deletion.uri, activity.actor, place, activity.id, deleted_at, now)
        return [*changes, tomb]
    if known.is_deleted:
        return changes
    changes += [EraseMessage(known.id, known.uri, deleted_at), DropMedia(known.id)]
    changes += [
        Tell(person, "message.deleted", known.conversation_id, known.id, now)
        for person in situation.readers.get(known.uri, ())
    ]
    changes += relay.later(activity, known, situation, is_end=True)
    if situation.by_us and conversation is not None:
        changes.append(CancelAbout(activity.actor, known.uri, "", now))
        owed = sends(
            activity.document,
            had_by(known, conversation),
            situation,
            conversation_id=conversation.id,
            object_uri=known.uri,
        )
        changes += surviving(owed)
    return changes


def had_by(known: KnownMessage, conversation: KnownConversation) -> tuple[str, ...]:
    """Everybody who ever got a message or may have read it at home, and home."""
    if conversation.state is None:
        return tuple(conversation.memberships)
    epoch = known.epoch or 0
    then = [span.person for span in conversation.spans if span.covers(epoch)]
    named = [uri for uri in known.addressed_to if uri in conversation.memberships]
    everybody = (*then, *named, *conversation.present(), conversation.uri)
    return tuple(uri for uri in dict.fromkeys(everybody) if uri != known.author)


KINDS = tuple(
    ActivityKind(Shape("Delete", object_type, "person"), read, authorize, apply)
    for object_type in OBJECT_TYPES
)
