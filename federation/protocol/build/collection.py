"""Lists of ours that other servers may read: followers, following, an author's empty context."""

from collections.abc import Sequence
from typing import Any

from federation.protocol.vocabulary import CONTEXT


def collection(uri: str, *, owner: str, total: int) -> dict[str, Any]:
    """Build an OrderedCollection that is read page by page; an empty one has no pages."""
    pages = {"first": f"{uri}?page=1"} if total else {"orderedItems": list[str]()}
    return {
        "@context": CONTEXT,
        "id": uri,
        "type": "OrderedCollection",
        "attributedTo": owner,
        "totalItems": total,
        **pages,
    }


def page(
    uri: str, *, owner: str, number: int, items: Sequence[str], has_next: bool
) -> dict[str, Any]:
    """Build one page of such a collection.

    Args:
        uri: The collection's id.
        owner: Whose it is.
        number: Of the page, from 1.
        items: Ids of actors or documents, in their order.
        has_next: Whether another page follows.
    """
    following = {"next": f"{uri}?page={number + 1}"} if has_next else {}
    return {
        "@context": CONTEXT,
        "id": f"{uri}?page={number}",
        "type": "OrderedCollectionPage",
        "partOf": uri,
        "attributedTo": owner,
        "orderedItems": list(items),
        **following,
    }
