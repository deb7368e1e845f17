"""A message goes out as a Create of a Universal Note, or not at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from federation.protocol.attachment import Attachment, document
from federation.protocol.build.universal import require_universal
from federation.protocol.card import Card, page
from federation.protocol.timestamps import format_time
from federation.protocol.vocabulary import CONTEXT

# An epoch with more members than this uses compact addressing (groups-protocol.md 2).
EXPLICIT_MEMBERS_MAX: Final = 50


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom a Note addresses and mentions: an actor id, and `user@host`."""

    uri: str
    acct: str


@dataclass(frozen=True, slots=True)
class Message:
    """What a person wrote, under which ids, and when.

    Attributes:
        note_id: Id of the Note.
        activity_id: Id of the Create.
        page: The https page that shows it, on the author's origin.
        html: The text as clean HTML.
        source: The text as it was typed, in Markdown.
        in_reply_to: The parent that groups.parent chose, or "".
        reply_to: The message the person really answered, or "".
        notice: The `chatNotice` of an anchor, or "".
        card: What a page that it links to says of itself, or None.
    """

    author: str
    note_id: str
    activity_id: str
    page: str
    html: str
    source: str
    published: datetime
    in_reply_to: str = ""
    reply_to: str = ""
    attachments: tuple[Attachment, ...] = ()
    notice: str = ""
    card: Card | None = None


@dataclass(frozen=True, slots=True)
class GroupPlace:
    """A group at the epoch its author knows.

    Attributes:
        actor: The conversation actor.
        context: Its `context` URL.
        members: How many members that epoch has, the author included.
    """

    actor: Addressee
    context: str
    epoch: int
    state: str
    members: int


@dataclass(frozen=True, slots=True)
class DirectPlace:
    """A conversation without owner; both values repeat the earliest that its people used."""

    context: str
    conversation: str


@dataclass(frozen=True, slots=True)
class LogPlace:
    """Where an entry stands in its author's log.

    Attributes:
        prev: Id of the entry before, "" at number 1.
        heads: The other logs that moved since that entry, and their highest known numbers.
    """

    log: str
    seq: int
    prev: str
    heads: Mapping[str, int]


def create_note(
    *,
    message: Message,
    people: Sequence[Addressee],
    place: GroupPlace | DirectPlace,
    log: LogPlace,
) -> dict[str, Any]:
    """Build the Create, without proof.

    Args:
        message: What is said.
        people: Every other member, in the order of `to`; the conversation actor is added.
        place: The conversation.
        log: The entry's number, and what it has seen.

    Raises:
        LocalProtocolError: The Note breaks a rule that other servers rely on.

    Source: groups-protocol.md 6.1 and 6.2
    """
    addressees = _addressees(people, place)
    is_compact = isinstance(place, GroupPlace) and place.members > EXPLICIT_MEMBERS_MAX
    create = {
        "@context": CONTEXT,
        "id": message.activity_id,
        "type": "Create",
        "actor": message.author,
        "to": [addressee.uri for addressee in addressees],
        "cc": [],
        "published": format_time(message.published),
        "context": place.context,
        **_group_terms(place),
        **log_terms(log),
        "object": _note(message, addressees, place, mentions=() if is_compact else addressees),
    }
    require_universal(create, is_compact=is_compact)
    return create


def log_terms(log: LogPlace) -> dict[str, Any]:
    """Write the terms of section 9.1 that stand on every entry."""
    return {
        "chatLog": log.log,
        "chatSeq": log.seq,
        **({"chatPrev": log.prev} if log.prev else {}),
        **({"chatHeads": dict(log.heads)} if log.heads else {}),
    }


def _addressees(
    people: Sequence[Addressee], place: GroupPlace | DirectPlace
) -> tuple[Addressee, ...]:
    if isinstance(place, DirectPlace):
        return tuple(people)
    if place.members > EXPLICIT_MEMBERS_MAX:
        return (place.actor,)
    return (*people, place.actor)


def _group_terms(place: GroupPlace | DirectPlace) -> dict[str, Any]:
    if isinstance(place, DirectPlace):
        return {}
    return {"chatEpoch": place.epoch, "chatState": place.state}


def _note(
    message: Message,
    addressees: Sequence[Addressee],
    place: GroupPlace | DirectPlace,
    *,
    mentions: Sequence[Addressee],
) -> dict[str, Any]:
    return {
        "id": message.note_id,
        "type": "Note",
        "attributedTo": message.author,
        "to": [addressee.uri for addressee in addressees],
        "cc": [],
        "tag": [
            {"type": "Mention", "href": mentioned.uri, "name": f"@{mentioned.acct}"}
            for mentioned in mentions
        ],
        "directMessage": True,
        "conversation": place.conversation if isinstance(place, DirectPlace) else place.context,
        "context": place.context,
        **({"inReplyTo": message.in_reply_to} if message.in_reply_to else {}),
        **({"chatReplyTo": message.reply_to} if message.reply_to else {}),
        **({"chatNotice": message.notice} if message.notice else {}),
        "content": message.html,
        "source": {"content": message.source, "mediaType": "text/markdown"},
        "summary": None,
        "sensitive": False,
        "published": format_time(message.published),
        "url": message.page,
        **_attached(message.attachments),
        **({"preview": page(message.card)} if message.card else {}),
    }


def _attached(attachments: Sequence[Attachment]) -> dict[str, Any]:
    return {"attachment": [document(each) for each in attachments]} if attachments else {}
