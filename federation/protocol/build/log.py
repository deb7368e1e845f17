"""What somebody of ours wrote in a conversation, and the state changes their node holds, in pages.

Source: groups-protocol.md 4.4.2 and 9.2
"""

from typing import Any

from federation.protocol.build.conversation import Slice
from federation.protocol.vocabulary import CONTEXT


def log(uri: str, *, owner: str, total: int) -> dict[str, Any]:
    """Build the head of a log."""
    return {
        "@context": CONTEXT,
        "id": uri,
        "type": "OrderedCollection",
        "attributedTo": owner,
        "totalItems": total,
        "first": f"{uri}?after=0",
    }


def log_page(uri: str, *, owner: str, part: Slice) -> dict[str, Any]:
    """Build a page of entries and stubs; the last has no `next`."""
    return _page(uri, "after", owner, part)


def state_page(uri: str, *, owner: str, part: Slice) -> dict[str, Any]:
    """Build a page of state changes; the last has no `next`."""
    return _page(uri, "state", owner, part)


def _page(uri: str, key: str, owner: str, part: Slice) -> dict[str, Any]:
    following = {"next": f"{uri}?{key}={part.next_after}"} if part.next_after else {}
    return {
        "@context": CONTEXT,
        "id": f"{uri}?{key}={part.after}",
        "type": "OrderedCollectionPage",
        "partOf": uri,
        "attributedTo": owner,
        "orderedItems": list(part.items),
        **following,
    }
