"""PURE: Notification, NotificationGroup and NotificationRequest.

Source: clients.md 5.4 and 6.1
"""

from html import escape
from typing import Final

from federation.protocol.timestamps import format_time
from federation.protocol.uri import host_of
from federation.queries.numbered_views import FaceView, NotificationView
from federation.queries.views import ConversationView
from node.mastodon.entities.account import account
from node.mastodon.entities.site import Document, Site

TEXT_CHARS: Final = 200


def notification(one: NotificationView, person: Document, message: Document | None) -> Document:
    """A Notification."""
    return {
        "id": str(one.number),
        "type": one.kind,
        "created_at": format_time(one.at),
        "group_key": group_key(one.number),
        "account": person,
        "status": message,
    }


def group(one: Document) -> Document:
    """A NotificationGroup of one Notification alone."""
    status = one["status"]
    return {
        "group_key": one["group_key"],
        "notifications_count": 1,
        "type": one["type"],
        "most_recent_notification_id": int(one["id"]),
        "page_min_id": one["id"],
        "page_max_id": one["id"],
        "latest_page_notification_at": one["created_at"],
        "sample_account_ids": [one["account"]["id"]],
        "status_id": status["id"] if status is not None else None,
    }


def group_key(number: int) -> str:
    """What a group of one is called."""
    return f"ungrouped-{number}"


def request(view: ConversationView, number: int, inviter: FaceView, site: Site) -> Document:
    """A NotificationRequest: who asks, by name alone, and what they say, as text alone."""
    person = account(inviter, site) | {"avatar": site.picture, "avatar_static": site.picture}
    message = view.last_message
    at = format_time(message.placed_at if message is not None else inviter.known_since)
    return {
        "id": str(number),
        "created_at": at,
        "updated_at": at,
        "notifications_count": str(max(view.unread, 1)),
        "account": person,
        "last_status": {
            **_bare(),
            "id": str(number),
            "created_at": at,
            "uri": f"{site.base_url}/",
            "url": f"{site.base_url}/",
            "content": f"<p>{escape(_text(view))}</p>",
            "account": person,
        },
    }


def _text(view: ConversationView) -> str:
    """What is said of it before somebody has answered."""
    if view.kind == "direct":
        return ((view.last_message and view.last_message.text) or "")[:TEXT_CHARS]
    people = sum(one.state in {"joined", "joining"} for one in view.members)
    return f"invites you to a group of {people} people at {host_of(view.uri)}"


def _bare() -> Document:
    """The keys of a Status that shows nothing but a text."""
    lists = ("media_attachments", "mentions", "tags", "emojis", "filtered")
    nothing = ("in_reply_to_id", "in_reply_to_account_id", "language", "edited_at", "reblog")
    also = ("application", "card", "poll")
    counts = ("replies_count", "reblogs_count", "favourites_count")
    off = ("sensitive", "favourited", "reblogged", "muted", "bookmarked", "pinned")
    return {
        "spoiler_text": "",
        "visibility": "direct",
        **{name: [] for name in lists},
        **dict.fromkeys((*nothing, *also)),
        **dict.fromkeys(counts, 0),
        **dict.fromkeys(off, False),
    }
