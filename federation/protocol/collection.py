"""A collection or one of its pages is read in one form, and leads nowhere but its own origin."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from federation.protocol.errors import RemoteProtocolError
from federation.protocol.json_ld import as_list, id_of, type_of
from federation.protocol.uri import LINK_CHARS_MAX, canonical, find_on_origin

MAX_ITEMS = 1_000

_TYPES = frozenset({"Collection", "OrderedCollection", "CollectionPage", "OrderedCollectionPage"})


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection or a page of one; "" means no such link on its origin.

    Attributes:
        items: Links or documents in their order, at most 1,000.
        first: Where the pages begin; "" if the first one came along.
        next: The page that follows.
        attributed_to: Whose it is.
    """

    uri: str
    items: tuple[Any, ...]
    first: str
    next: str
    part_of: str
    attributed_to: str
    document: Mapping[str, Any]


def parse_collection(document: Mapping[str, Any], *, allow_http: bool = False) -> Collection:
    """Read a collection or a page.

    A first page that is embedded lends its items and its `next` to the collection.

    Raises:
        RemoteProtocolError: It is none, or has no id.

    Source: security.md 6, rule 8
    """
    if type_of(document) not in _TYPES:
        raise RemoteProtocolError("not a collection", repr(document.get("type"))[:80])
    uri = canonical(document.get("id"), allow_http=allow_http, chars_max=LINK_CHARS_MAX)
    link = partial(find_on_origin, owner=uri, chars_max=LINK_CHARS_MAX)
    first = document.get("first")
    page = first if isinstance(first, dict) else document
    found = page.get("orderedItems", page.get("items"))
    return Collection(
        uri=uri,
        items=tuple(as_list(found)[:MAX_ITEMS]),
        first=find_on_origin(first, uri, chars_max=LINK_CHARS_MAX)
        if isinstance(first, str)
        else "",
        next=link(id_of(page.get("next"))),
        part_of=link(id_of(document.get("partOf"))),
        attributed_to=id_of(document.get("attributedTo")),
        document=document,
    )
