"""What a Create or an Update of a Note says, read once into one value.

Source: groups-protocol.md 6.1.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from federation.protocol import json_ld, timestamps, uri
from federation.protocol.activity import Activity
from federation.protocol.attachment import Attachment, parse_attachments
from federation.protocol.card import Card, parse_card
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.vocabulary import PUBLIC


# PERF: a struct, as Activity is.
class Message(msgspec.Struct, frozen=True):
    """What a Create or an Update of a Note says.

    Attributes:
        people: Everybody it names in `to` and `cc` apart from collections, in order.
        is_public: Whether it is also addressed to the public.
        followers: Collections of followers that it is also addressed to.
        published: What its author claims; None where an unaware author gave no readable date.
        updated: When it came to say this; None in a Create.
        card: What it says of a page that it links to.
        notice: What it says of itself by `chatNotice`, "" for an ordinary message.
    """

    activity: Activity
    uri: str
    people: tuple[str, ...]
    is_public: bool
    followers: tuple[str, ...]
    published: datetime | None
    content: str
    source: str | None
    summary: str | None
    in_reply_to: str
    reply_to: str
    context: str
    thread: str
    attachments: tuple[Attachment, ...] = ()
    updated: datetime | None = None
    notice: str = ""
    card: Card | None = None

    @property
    def is_widened(self) -> bool:
        """Whether it is also addressed to the public or to followers."""
        return self.is_public or bool(self.followers)

    def widened_beyond(self, group: str) -> str:
        """How far it goes besides the people it names: "public", "followers" or "".

        COMPAT(mastodon): old releases invent a collection of followers below a group's id.
        https://docs.joinmastodon.org/spec/activitypub/

        Args:
            group: The conversation actor, "" for none.
        """
        if self.is_public:
            return "public"
        beyond = [one for one in self.followers if not (group and one.startswith(f"{group}/"))]
        return "followers" if beyond else ""


def read(activity: Activity) -> Message:
    """Understand a Create or an Update of a Note.

    Raises:
        RemoteProtocolError: The Note is not an object, has no id, or another author (403).
    """
    note = activity.object
    if not isinstance(note, dict):
        raise RemoteProtocolError("a message needs its object embedded")
    if not activity.object_id:
        raise RemoteProtocolError("the object has no id")
    if json_ld.ids_of(note.get("attributedTo")) != (activity.actor,):
        raise RemoteProtocolError("the object is not attributed to the actor", status=403)
    named = _named(activity, note)
    collections = tuple(name for name in named if _is_collection(name))
    return Message(
        activity=activity,
        uri=activity.object_id,
        people=tuple(name for name in named if name not in collections),
        is_public=PUBLIC in collections,
        followers=tuple(name for name in collections if name != PUBLIC),
        published=_published(activity, note),
        content=_text_of(note.get("content")),
        source=_markdown_source(note.get("source")),
        summary=_text_of(note.get("summary")) or None,
        in_reply_to=_name(note.get("inReplyTo")),
        reply_to=_name(note.get("chatReplyTo")),
        context=_name(activity.context or note.get("context")),
        thread=_name(note.get("conversation")),
        attachments=parse_attachments(note.get("attachment")),
        updated=_updated(activity, note),
        notice=_text_of(note.get("chatNotice")),
        card=parse_card(note.get("preview")),
    )


def _named(activity: Activity, note: Mapping[str, Any]) -> tuple[str, ...]:
    """Everything that activity and Note address, each once and in one spelling."""
    own = (*json_ld.ids_of(note.get("to")), *json_ld.ids_of(note.get("cc")))
    named = dict.fromkeys((*activity.to, *activity.cc))
    for name in own:
        try:
            named.setdefault(
                PUBLIC if json_ld.is_public(name) else uri.canonical(name, allow_http=True)
            )
        except RemoteProtocolError:
            continue
    return tuple(named)


def _is_collection(name: str) -> bool:
    """Whether an addressee is no actor.

    COMPAT(gotosocial): like most servers it names followers so;
    tests/wire/gotosocial/h2-followers-post-01-POST-Create-sink.test_inbox.json

    COMPAT(friendica): the name comes last.
    https://github.com/friendica/friendica/blob/develop/src/Module/ActivityPub/Followers.php
    """
    return json_ld.is_public(name) or "/followers/" in f"{name}/"


def _name(value: object) -> str:
    """An id that is only compared and repeated, in one spelling; one too long counts as absent."""
    name = json_ld.id_of(value)
    try:
        return uri.canonical(name, allow_http=True) if is_url(name) else _short(name)
    except RemoteProtocolError:
        return ""


def _short(name: str) -> str:
    return name if uri.fits(name) else ""


def _published(activity: Activity, note: Mapping[str, Any]) -> datetime | None:
    stamp = note.get("published")
    is_entry = activity.log is not None and activity.type == "Create"
    if is_entry or not isinstance(stamp, str):
        return activity.published
    try:
        return timestamps.parse_time(stamp)
    except RemoteProtocolError:
        return activity.published


def _updated(activity: Activity, note: Mapping[str, Any]) -> datetime | None:
    """When an Update was written; whoever gives no date has just written it."""
    if activity.type != "Update":
        return None
    try:
        return timestamps.parse_time(note.get("updated"))
    except RemoteProtocolError:
        return activity.published


def is_url(text: str) -> bool:
    """Whether a context is one that can be asked for."""
    return text.startswith(("https://", "http://"))


def _text_of(value: object) -> str:
    return value if isinstance(value, str) else ""


def _markdown_source(value: object) -> str | None:
    if isinstance(value, dict) and value.get("mediaType") == "text/markdown":
        return _text_of(value.get("content")) or None
    return None


def people_of(message: Message) -> frozenset[str]:
    """The set of people that is a direct conversation's identity (groups-protocol.md 2)."""
    return frozenset((message.activity.actor, *message.people))
