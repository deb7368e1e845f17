"""PURE: Status, and what belongs to one.

Source: clients.md 5.1 and 6.1
"""

from datetime import datetime
from html import escape
from typing import Final

from federation.protocol.timestamps import format_time
from federation.queries.numbered_views import FaceView
from federation.queries.views import CardView, MessageView
from node.mastodon.entities.account import account, acct
from node.mastodon.entities.media import shown_file
from node.mastodon.entities.names import Names
from node.mastodon.entities.site import Document, Site, time_or_none

# What a favourite is here; with the sign that asks for its colour and without.
HEART: Final = "❤️"
HEARTS: Final = frozenset({HEART, "❤"})


def status(view: MessageView, names: Names, site: Site) -> Document:
    """A Status, every key of it."""
    number = names.statuses[view.id]
    answered = names.answered.get(view.id)
    return {
        "id": str(number),
        "created_at": format_time(view.placed_at),
        "in_reply_to_id": _number(names.statuses.get(answered.message_id)) if answered else None,
        "in_reply_to_account_id": _number_of(names.faces.get(answered.author))
        if answered
        else None,
        "sensitive": False,
        "spoiler_text": "",
        "visibility": "direct",
        "language": None,
        "uri": view.uri,
        "url": f"{site.base_url}/m/{view.id}",
        "replies_count": 0,
        "reblogs_count": 0,
        "favourites_count": sum(each.count for each in view.reactions),
        "edited_at": time_or_none(view.edited_at),
        "content": content(view),
        "reblog": None,
        "application": {"name": site.name, "website": None}
        if view.author.uri == names.viewer
        else None,
        "account": account(names.faces[view.author.uri], site),
        "media_attachments": [
            shown_file(each, number, position) for position, each in enumerate(view.attachments)
        ],
        "mentions": [_mention(names.faces[uri]) for uri in view.addressed_to if uri in names.faces],
        "tags": [],
        "emojis": [],
        "card": _card(view.card) if view.card is not None else None,
        "poll": None,
        "favourited": any(each.is_mine and each.emoji in HEARTS for each in view.reactions),
        "reblogged": False,
        "muted": False,
        "bookmarked": False,
        "pinned": False,
        "filtered": [],
    }


def content(view: MessageView) -> str:
    """What a message says, as HTML that is safe: "" where it cannot be read."""
    if view.html is not None:
        return view.html
    return f"<p>{escape(view.text)}</p>" if view.text else ""


def edit(html: str, at: datetime, author: Document) -> Document:
    """What a message said at some time: a StatusEdit."""
    return {
        "content": html,
        "spoiler_text": "",
        "sensitive": False,
        "created_at": format_time(at),
        "account": author,
        "poll": None,
        "media_attachments": [],
        "emojis": [],
    }


def _mention(face: FaceView) -> Document:
    return {
        "id": str(face.number),
        "username": face.username,
        "url": face.uri,
        "acct": acct(face),
    }


def _card(view: CardView) -> Document:
    return {
        "url": view.url,
        "title": view.title,
        "description": view.description,
        "type": "link",
        "author_name": "",
        "author_url": "",
        "authors": [],
        "provider_name": "",
        "provider_url": "",
        "html": "",
        "width": 0,
        "height": 0,
        "image": None,
        "image_description": "",
        "embed_url": "",
        "blurhash": None,
        "language": None,
        "published_at": None,
    }


def _number(number: int | None) -> str | None:
    return None if number is None else str(number)


def _number_of(face: FaceView | None) -> str | None:
    return None if face is None else str(face.number)
