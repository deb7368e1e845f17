"""PURE: what a person sees becomes ActivityStreams for their own client.

These documents are made for one reader and carry no proof: another server asks for the activity by
its id, and gets what was signed.
"""

from collections.abc import Iterable
from html import escape
from typing import Any, Final

from federation.protocol.timestamps import format_time
from federation.protocol.vocabulary import CONTEXT
from federation.queries.boxes import BoxedView, BoxPage
from federation.queries.views import AttachmentView, MessageView

Document = dict[str, Any]

# What says how the text of a message was written.
MARKDOWN: Final = "text/markdown"


def activity(entry: BoxedView) -> Document:
    """The Create of a message."""
    shown = note(entry)
    return {
        "id": entry.activity,
        "type": "Create",
        "actor": entry.message.author.uri,
        **{name: shown[name] for name in ("to", "context", "published") if name in shown},
        "object": shown,
    }


def note(entry: BoxedView) -> Document:
    """A message as it is now.

    `to` is the group's actor, or the people of a direct conversation.
    """
    view = entry.message
    return {
        "id": view.uri,
        "type": "Note",
        "attributedTo": view.author.uri,
        "to": list(_readers(entry)),
        **({"context": entry.place.uri} if entry.place and entry.place.uri else {}),
        **({"inReplyTo": entry.answers} if entry.answers else {}),
        "content": _content(view),
        **_source(view),
        "published": format_time(view.placed_at),
        **({"updated": format_time(view.edited_at)} if view.edited_at else {}),
        "attachment": [_file(each) for each in view.attachments if each.url],
        "tag": [{"type": "Mention", "href": uri} for uri in view.addressed_to],
    }


def with_context(document: Document) -> Document:
    """A document that stands by itself."""
    return {"@context": CONTEXT, **document}


def head(uri: str, owner: str) -> Document:
    """A box, which is read page by page; how much is in it is not counted."""
    return with_context(
        {"id": uri, "type": "OrderedCollection", "attributedTo": owner, "first": f"{uri}?page=true"}
    )


def page_of(uri: str, owner: str, before: str, page: BoxPage) -> Document:
    """One page of a box.

    Args:
        uri: Of the box.
        owner: Whose it is.
        before: Our id of the message that ended the page above, or "".
        page: What is on it.
    """
    return page_with(uri, owner, before, map(activity, page.entries), page.older)


def page_with(uri: str, owner: str, before: str, items: Iterable[Document], older: str) -> Document:
    """One page of a list of the owner's, with where the next one begins, or ""."""
    return with_context(
        {
            "id": _page(uri, before),
            "type": "OrderedCollectionPage",
            "partOf": uri,
            "attributedTo": owner,
            "orderedItems": list(items),
            **({"next": _page(uri, older)} if older else {}),
        }
    )


def follow(follower: str, followed: str, activity_id: str) -> Document:
    """Somebody's wish to follow."""
    return {"id": activity_id, "type": "Follow", "actor": follower, "object": followed}


def _page(uri: str, before: str) -> str:
    return f"{uri}?page=true&before={before}" if before else f"{uri}?page=true"


def _readers(entry: BoxedView) -> Iterable[str]:
    place, author = entry.place, entry.message.author.uri
    if place is None:
        return entry.message.addressed_to
    if place.uri:
        return (place.uri,)
    return (one.person.uri for one in place.members if one.person.uri != author)


def _content(view: MessageView) -> str:
    if view.html is not None:
        return view.html
    return f"<p>{escape(view.text)}</p>" if view.text else ""


def _source(view: MessageView) -> Document:
    if view.media_type != MARKDOWN or view.text is None:
        return {}
    return {"source": {"content": view.text, "mediaType": MARKDOWN}}


def _file(view: AttachmentView) -> Document:
    return {
        "type": "Image" if view.media_type.startswith("image/") else "Document",
        "mediaType": view.media_type,
        "url": view.url,
        "name": view.description,
        **{
            name: value
            for name, value in (("width", view.width), ("height", view.height))
            if value is not None
        },
    }
