"""A message takes its place: among the conversation's messages, and in its author's log.

Source: groups-protocol.md 6.6 and 9.1.
"""

from datetime import datetime
from typing import NamedTuple

from federation.activities import notices, numbering, shown, unaware
from federation.activities.known import KnownMessage
from federation.activities.message import Message
from federation.activities.situation import Situation, json_text
from federation.content.plain import to_text
from federation.content.sanitize import clean_html
from federation.content.steering import clean_text
from federation.groups import order
from storage.changes import (
    AddMessage,
    AddVersion,
    Change,
    EraseMessage,
    HideMessage,
    KeepActivity,
    MoveMessage,
    TakeOriginal,
    Tell,
    Touch,
)


class Placed(NamedTuple):
    """The time that a message claims and may claim, and its place in the order."""

    published: datetime
    t: datetime


def place_of(message: Message, situation: Situation, conversation_id: str) -> Placed:
    """Where a message stands in the order of its conversation."""
    relaying = situation.relaying
    now = min(situation.now, relaying.received_at) if relaying is not None else situation.now
    # Nobody but an aware author was asked for a right clock when the message arrived.
    aware = situation.speaker.aware
    published = order.claim(message.published or now, arrived_at=now, aware=aware)
    parent = situation.messages.get(message.in_reply_to) or _newest(message, situation)
    if parent is not None and parent.conversation_id != conversation_id:
        parent = None
    parent_t = parent.t if parent is not None else None
    return Placed(published, order.place(published, parent_t, arrived_at=now, aware=aware))


def _newest(message: Message, situation: Situation) -> KnownMessage | None:
    """What one of ours answers is among what was looked at for that, and named by nobody else."""
    if not message.in_reply_to:
        return None
    return next((one for one in situation.newest if one.uri == message.in_reply_to), None)


def add(
    message: Message, situation: Situation, conversation_id: str, message_id: str
) -> list[Change]:
    """Keep the message at its place, and move the replies that came before it."""
    activity, now = message.activity, situation.now
    published, t = place_of(message, situation, conversation_id)
    is_deleted = is_tombstoned(message, situation)
    changes: list[Change] = [
        *([] if is_deleted else [_bytes(message, situation)]),
        AddMessage(
            id=message_id,
            uri=message.uri,
            conversation_id=conversation_id,
            author=activity.actor,
            activity_id=activity.id,
            type=activity.object_type,
            published_at=published,
            t=t,
            arrived_at=now,
            epoch=activity.epoch,
            in_reply_to=message.in_reply_to,
            reply_to=message.reply_to,
            media_type="text/html",
            html=None if is_deleted else clean_html(message.content),
            text=None if is_deleted else text_of(message),
            summary=None if is_deleted else summary_of(message),
            provenance=_provenance(situation),
            late=order.is_late(t, now),
            addressed_to=message.people,
            attachments=() if is_deleted else shown.kept(message, situation),
            edited_at=None if is_deleted else message.updated,
            notices=notices.noted(message, situation),
        ),
        *([] if unaware.is_anchor(message, situation) else [Touch(conversation_id, t, message_id)]),
        *numbering.numbered(activity, conversation_id, situation),
        *_ended(message, situation, message_id),
    ]
    held = order.Held(message.uri, message.in_reply_to, published, t)
    return [*changes, *_resettled(held, conversation_id, situation)]


def add_create(
    message: Message, situation: Situation, conversation_id: str, known: KnownMessage
) -> list[Change]:
    """A Create whose Update came first: what the message said before is a version of it."""
    activity = message.activity
    entry = numbering.numbered(activity, conversation_id, situation)
    is_first = message.updated is None and known.latest_id == known.activity_id
    if not is_first or known.is_deleted:
        return entry
    version = AddVersion(
        message_id=known.id,
        uri=known.uri,
        activity_id=activity.id,
        is_first=True,
        epoch=activity.epoch,
        written_at=known.published_at,
        html=clean_html(message.content),
        text=text_of(message),
        summary=summary_of(message),
    )
    return [_bytes(message, situation), version, *entry]


def take_original(message: Message, situation: Situation, known: KnownMessage) -> list[Change]:
    """What home had passed on has come from its author's server, and says what it says there.

    Source: groups-protocol.md 10.4
    """
    if known.is_deleted or known.edited_at is not None:
        return []
    return [
        TakeOriginal(
            message_id=known.id,
            uri=known.uri,
            activity_id=message.activity.id,
            document=json_text(message.activity.document),
            published_at=known.published_at,
            html=clean_html(message.content),
            text=text_of(message),
            summary=summary_of(message),
            attachments=shown.kept(message, situation),
            notices=notices.noted(message, situation),
        ),
        *(
            Tell(person, "message.updated", known.conversation_id, known.id, situation.now)
            for person in situation.readers.get(known.uri, ())
            if person not in situation.blocked_by
        ),
    ]


def _provenance(situation: Situation) -> str:
    if situation.relaying is not None:
        return "relayed"
    return "fetched" if situation.source == "origin" else "verified"


def text_of(message: Message) -> str:
    """What a message says, as plain text or as its author typed it."""
    return clean_text(message.source or "") or to_text(message.content)


def summary_of(message: Message) -> str | None:
    """The line that stands before a message, or None."""
    return to_text(message.summary) if message.summary else None


def is_tombstoned(message: Message, situation: Situation) -> bool:
    """Whether its author has deleted a message before it came."""
    tombs = situation.tombstones.get(message.uri, ())
    return any(tomb.actor == message.activity.actor for tomb in tombs)


def _bytes(message: Message, situation: Situation) -> KeepActivity:
    activity = message.activity
    return KeepActivity(activity.id, activity.actor, json_text(activity.document), situation.now)


def _ended(message: Message, situation: Situation, message_id: str) -> list[Change]:
    """The end of a message that was deleted or removed before it came (groups-protocol.md 7)."""
    group = situation.conversation.uri if situation.conversation is not None else ""
    changes: list[Change] = []
    for tomb in situation.tombstones.get(message.uri, ()):
        if tomb.actor == message.activity.actor:
            changes.append(EraseMessage(message_id, message.uri, tomb.deleted_at))
        elif tomb.actor == group:
            changes.append(HideMessage(message_id, message.uri, tomb.deleted_at))
    return changes


def _resettled(
    arrived: order.Held, conversation_id: str, situation: Situation
) -> list[MoveMessage]:
    """Replies that came before their parent move to their place after it."""
    ids = {
        known.uri: known.id
        for known in situation.messages.values()
        if known.conversation_id == conversation_id
    }
    replies = [reply for reply in situation.replies if reply.uri in ids]
    moved = order.resettle(arrived, replies) if replies else {}
    return [MoveMessage(ids[uri], t) for uri, t in moved.items() if uri in ids]
