"""PURE: Relationship: how whoever asks stands to somebody. Nobody is told who blocks them.

Source: clients.md 5.4
"""

from federation.queries.numbered_views import RelationView
from node.mastodon.entities.site import Document


def relationship(view: RelationView, number: int) -> Document:
    """A Relationship, every key of it."""
    return {
        "id": str(number),
        "following": view.is_following,
        "showing_reblogs": view.is_following,
        "notifying": False,
        "languages": None,
        "followed_by": view.is_follower,
        "blocking": view.is_blocked,
        "blocked_by": False,
        "muting": view.is_muted,
        "muting_notifications": view.is_muted,
        "requested": view.is_requested,
        "requested_by": False,
        "domain_blocking": False,
        "endorsed": False,
        "note": "",
    }
