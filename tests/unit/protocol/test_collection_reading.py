from typing import Any

import pytest

from federation.protocol.collection import MAX_ITEMS, parse_collection
from federation.protocol.errors import RemoteProtocolError

LIST = "https://a.example/list"


def collection(**changes: object) -> dict[str, Any]:
    return {"id": LIST, "type": "OrderedCollection", **changes}


def test_a_page_is_read():
    page = collection(
        type="OrderedCollectionPage",
        partOf=LIST,
        attributedTo={"id": "https://a.example/u/bob"},
        orderedItems=["x", {"id": "y"}],
        next=f"{LIST}?page=2",
    )

    found = parse_collection(page)

    assert found.uri == LIST
    assert found.items == ("x", {"id": "y"})
    assert (found.first, found.next, found.part_of) == ("", f"{LIST}?page=2", LIST)
    assert found.attributed_to == "https://a.example/u/bob"
    assert found.document is page


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, ()),
        ({"items": "x"}, ("x",)),
        ({"items": ["x"], "type": "Collection"}, ("x",)),
        ({"orderedItems": ["x"], "items": ["y"]}, ("x",)),
        ({"first": {"type": "CollectionPage", "items": ["x"]}}, ("x",)),
        ({"items": ["x"] * (MAX_ITEMS + 1)}, ("x",) * MAX_ITEMS),
    ],
)
def test_items_stand_in_several_places(change: dict[str, Any], found: object):
    assert parse_collection(collection(**change)).items == found


def test_an_embedded_first_page_says_what_follows():
    first = {"type": "CollectionPage", "next": f"{LIST}?page=2"}

    found = parse_collection(collection(first=first))

    assert (found.first, found.next) == ("", f"{LIST}?page=2")


def test_a_first_page_elsewhere_is_named():
    assert parse_collection(collection(first=f"{LIST}?page=1")).first == f"{LIST}?page=1"


def test_a_collection_leads_nowhere_but_its_own_origin():
    elsewhere = "https://evil.example/list"

    found = parse_collection(collection(first=elsewhere, next=elsewhere, partOf=elsewhere))

    assert (found.first, found.next, found.part_of) == ("", "", "")


@pytest.mark.parametrize("change", [{"type": "Note"}, {"type": None}, {"id": None}, {"id": "x"}])
def test_what_is_no_collection_is_refused(change: dict[str, Any]):
    with pytest.raises(RemoteProtocolError):
        parse_collection(collection(**change))
