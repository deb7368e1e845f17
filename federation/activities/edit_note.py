"""An edit: a message says something else from a moment on, and keeps its place and its readers.

Sources: groups-protocol.md 7; security.md 4.1.
"""

from collections.abc import Sequence
from datetime import datetime

from federation.activities import (
    create_note,
    numbering,
    place_message,
    relay,
    shown,
    standing,
)
from federation.activities.kind import ActivityKind, Shape, Waiting
from federation.activities.known import KnownConversation, KnownMessage
from federation.activities.message import Message, read
from federation.activities.sending import sends
from federation.activities.situation import Situation
from federation.content.sanitize import clean_html
from federation.groups import order
from federation.protocol.verdict import Allowed, Refused
from storage.changes import AddVersion, CancelAbout, Change, ReviseMessage, Tell


def authorize(message: Message, situation: Situation) -> Allowed | Refused | Waiting:
    """Whether this is its author's, who is still one of those who talk there.

    An edit of what is not known is judged as its creation.
    """
    known, conversation = situation.messages.get(message.uri), situation.conversation
    if message.updated is None:
        return Refused("an edit says when it was made", status=400)
    if known is None or conversation is None:
        return create_note.authorize(message, situation)
    if known.author != message.activity.actor:
        return Refused("the object belongs to somebody else")
    return standing.may_take_part(message.activity, conversation, situation)


def apply(message: Message, situation: Situation) -> Sequence[Change]:
    """Let the message say what its author wrote last; what came too late changes nothing."""
    known, conversation = situation.messages.get(message.uri), situation.conversation
    if known is None or conversation is None:
        return create_note.apply(message, situation)
    if known.is_deleted:
        return numbering.numbered(message.activity, conversation.id, situation)
    updated = _updated(message, situation)
    if updated <= (known.edited_at or known.published_at):
        return _missed(message, known, conversation, situation)
    changes = numbering.kept(message.activity, conversation.id, situation)
    changes.append(_revised(message, known, updated, situation))
    changes += [
        Tell(person, "message.updated", known.conversation_id, known.id, situation.now)
        for person in situation.readers.get(known.uri, ())
        if person not in situation.blocked_by
    ]
    changes += relay.later(message.activity, known, situation)
    if situation.by_us:
        changes += _sent(message, known, conversation, situation)
    return changes


def _updated(message: Message, situation: Situation) -> datetime:
    aware = message.activity.log is not None
    claimed = message.updated or situation.now
    return order.claim(claimed, arrived_at=situation.now, aware=aware)


def _missed(
    message: Message, known: KnownMessage, conversation: KnownConversation, situation: Situation
) -> list[Change]:
    """An edit that a later one has overtaken is what the message said in between."""
    updated = _updated(message, situation)
    if known.edited_at is None or not known.published_at < updated < known.edited_at:
        return numbering.numbered(message.activity, conversation.id, situation)
    version = AddVersion(
        message_id=known.id,
        uri=known.uri,
        activity_id=message.activity.id,
        is_first=False,
        epoch=None,
        written_at=updated,
        html=clean_html(message.content),
        text=place_message.text_of(message),
        summary=place_message.summary_of(message),
    )
    return [*numbering.kept(message.activity, conversation.id, situation), version]


def _revised(
    message: Message, known: KnownMessage, updated: datetime, situation: Situation
) -> ReviseMessage:
    return ReviseMessage(
        message_id=known.id,
        uri=known.uri,
        activity_id=message.activity.id,
        edited_at=updated,
        html=clean_html(message.content),
        text=place_message.text_of(message),
        summary=place_message.summary_of(message),
        attachments=shown.kept(message, situation),
    )


def _sent(
    message: Message,
    known: KnownMessage,
    conversation: KnownConversation,
    situation: Situation,
) -> list[Change]:
    """To those who had it and are still members, and home; in place of an edit that waits."""
    if conversation.state is None:
        audience = conversation.present()
    else:
        then = set(conversation.members_at(known.epoch or 0))
        still = [person for person in conversation.present() if person in then]
        audience = (*still, conversation.uri)
    return [
        CancelAbout(known.author, known.uri, f"{known.uri}/update/", situation.now),
        *sends(
            message.activity.document,
            audience,
            situation,
            conversation_id=conversation.id,
            object_uri=known.uri,
        ),
    ]


KIND = ActivityKind(Shape("Update", "Note", "person"), read, authorize, apply)
