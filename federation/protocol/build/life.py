"""What is said about a message that was sent: its edit, its deletion, a reaction, a receipt.

Source: groups-protocol.md 7 and 8
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from federation.protocol.build.note import DirectPlace, GroupPlace, LogPlace, log_terms
from federation.protocol.timestamps import format_time
from federation.protocol.vocabulary import CONTEXT, PUBLIC


@dataclass(frozen=True, slots=True)
class Said:
    """Who says it, to whom, where and when.

    Attributes:
        activity_id: On the author's origin.
        to: Ids, as `to` has them; who gets it is another matter.
        place: The conversation, or None where the author is no member any more.
        context: The conversation's `context`.
        log: The entry's number, or None where it has none.
    """

    author: str
    activity_id: str
    to: Sequence[str]
    context: str
    published: datetime
    place: GroupPlace | DirectPlace | None
    log: LogPlace | None


def update(said: Said, note: Mapping[str, Any]) -> dict[str, Any]:
    """Build the Update of a Note, without proof; `note` is complete."""
    return {**_entry("Update", said), "object": dict(note)}


def delete(said: Said, note_id: str) -> dict[str, Any]:
    """Build the Delete of a Note, without proof."""
    tombstone = {
        "id": note_id,
        "type": "Tombstone",
        "formerType": "Note",
        "deleted": format_time(said.published),
    }
    return {**_entry("Delete", said), "object": tombstone}


def delete_oneself(actor: str, *, activity_id: str, published: datetime) -> dict[str, Any]:
    """Build the Delete of one's own account, without proof; it names nobody who knew it."""
    return {
        "@context": CONTEXT,
        "id": activity_id,
        "type": "Delete",
        "actor": actor,
        "object": actor,
        "to": [PUBLIC],
        "published": format_time(published),
    }


def update_oneself(
    document: Mapping[str, Any], *, activity_id: str, to: Sequence[str], published: datetime
) -> dict[str, Any]:
    """Build the Update of an actor's own document, without proof."""
    own = {name: value for name, value in document.items() if name != "@context"}
    return {
        "@context": document["@context"],
        "id": activity_id,
        "type": "Update",
        "actor": document["id"],
        "object": own,
        "to": list(to),
        "published": format_time(published),
    }


def like(said: Said, note_id: str, *, emoji: str, icon: str) -> dict[str, Any]:
    """Build a reaction, without proof; `icon` is the picture of an emoji that is a name, or ""."""
    tag = {"type": "Emoji", "name": emoji, "icon": {"type": "Image", "url": icon}}
    return {
        **_entry("Like", said),
        "object": note_id,
        "content": emoji,
        **({"tag": [tag]} if icon else {}),
    }


def undo(said: Said, like_document: Mapping[str, Any]) -> dict[str, Any]:
    """Build the end of a reaction, without proof; it embeds the whole Like."""
    return {**_entry("Undo", said), "object": dict(like_document)}


def read(said: Said, note_id: str, *, up_to: Mapping[str, int]) -> dict[str, Any]:
    """Build a receipt, which has no proof and is no entry."""
    return {**_entry("Read", said), "object": note_id, "chatUpTo": dict(up_to)}


def typing(said: Said, *, ends_at: datetime) -> dict[str, Any]:
    """Build a typing notice, which has no id, hence no life."""
    return {
        "@context": CONTEXT,
        "type": "ChatTyping",
        "actor": said.author,
        "context": said.context,
        "to": list(said.to),
        "published": format_time(said.published),
        "endTime": format_time(ends_at),
    }


def tombstone(note_id: str, *, deleted_at: datetime) -> dict[str, Any]:
    """What stands at the id of a deleted Note."""
    return {
        "@context": CONTEXT,
        "id": note_id,
        "type": "Tombstone",
        "formerType": "Note",
        "deleted": format_time(deleted_at),
    }


def _entry(verb: str, said: Said) -> dict[str, Any]:
    terms: dict[str, Any] = {}
    if isinstance(said.place, GroupPlace):
        terms = {"chatEpoch": said.place.epoch, "chatState": said.place.state}
    return {
        "@context": CONTEXT,
        "id": said.activity_id,
        "type": verb,
        "actor": said.author,
        "to": list(said.to),
        "cc": [],
        "context": said.context,
        "published": format_time(said.published),
        **terms,
        **(log_terms(said.log) if said.log is not None else {}),
    }
