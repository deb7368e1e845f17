"""PURE: Conversation: the group first, so that its name and picture show, then who is in it.

Source: clients.md 5.3 and 6.1
"""

from typing import Final

from federation.queries.views import ConversationView
from node.mastodon.entities.account import account
from node.mastodon.entities.names import Names
from node.mastodon.entities.site import Document, Site
from node.mastodon.entities.status import status

MEMBERS_MAX: Final = 50
# Who is shown beside whoever looks.
HERE: Final = frozenset({"joined", "joining", "invited", "requested"})


def conversation(view: ConversationView, names: Names, site: Site) -> Document:
    """A Conversation."""
    message = view.last_message
    return {
        "id": str(names.conversations[view.id]),
        "unread": bool(view.unread) or view.preferences.is_unread,
        "accounts": [
            {**account(names.faces[uri], site), **_called(view, uri)}
            for uri in accounts(view, names.viewer)
            if uri in names.faces
        ],
        "last_status": status(message, names, site) if message is not None else None,
    }


def accounts(view: ConversationView, viewer: str) -> list[str]:
    """The ids of those whom a conversation is shown by, in their order."""
    others = [
        one.person.uri
        for one in view.members
        if one.person.uri != viewer and (view.kind == "direct" or one.state in HERE)
    ]
    group = [view.uri] if view.uri else []
    return [*group, *others[:MEMBERS_MAX]]


def _called(view: ConversationView, uri: str) -> Document:
    """A group's own title, since its actor need not be known by it here."""
    return {"display_name": view.title} if uri == view.uri and view.title else {}
