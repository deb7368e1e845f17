"""A follow, its answer and its end go out in the form that all servers of the Fediverse read."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from federation.protocol.json_ld import id_of
from federation.protocol.timestamps import format_time
from federation.protocol.vocabulary import CONTEXT


def follow(
    follower: str, followed: str, *, activity_id: str, published: datetime
) -> dict[str, Any]:
    """Build the Follow of an actor, without proof."""
    return {
        "@context": CONTEXT,
        "id": activity_id,
        "type": "Follow",
        "actor": follower,
        "object": followed,
        "to": [followed],
        "published": format_time(published),
    }


def undo_follow(
    followed: Mapping[str, Any], *, activity_id: str, published: datetime
) -> dict[str, Any]:
    """Build the Undo of a Follow by its follower, without proof.

    Args:
        followed: The Follow as it was sent.
        activity_id: Id of the Undo.
        published: When.
    """
    return {
        "@context": CONTEXT,
        "id": activity_id,
        "type": "Undo",
        "actor": id_of(followed["actor"]),
        "object": _essence(followed),
        "to": [id_of(followed["object"])],
        "published": format_time(published),
    }


def accept_follow(
    followed: Mapping[str, Any], *, activity_id: str, published: datetime
) -> dict[str, Any]:
    """Build the Accept of a Follow by whom it follows, without proof."""
    return _answer(followed, "Accept", activity_id, published)


def reject_follow(
    followed: Mapping[str, Any], *, activity_id: str, published: datetime
) -> dict[str, Any]:
    """Build the Reject of a Follow, without proof; a conversation answers nothing else."""
    return _answer(followed, "Reject", activity_id, published)


def _answer(
    followed: Mapping[str, Any], verb: str, activity_id: str, published: datetime
) -> dict[str, Any]:
    return {
        "@context": CONTEXT,
        "id": activity_id,
        "type": verb,
        "actor": id_of(followed["object"]),
        "object": _essence(followed),
        "to": [id_of(followed["actor"])],
        "published": format_time(published),
    }


def _essence(followed: Mapping[str, Any]) -> dict[str, Any]:
    # No more than this: a Follow as received may name a context that a reader would fetch.
    return {
        "id": followed["id"],
        "type": "Follow",
        "actor": id_of(followed["actor"]),
        "object": id_of(followed["object"]),
    }
