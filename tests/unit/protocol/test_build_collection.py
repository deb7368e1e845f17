from federation.protocol.build.collection import collection, page
from federation.protocol.collection import parse_collection
from federation.protocol.vocabulary import CONTEXT

BOB = "https://bob.example/u/bob"
FOLLOWERS = f"{BOB}/followers"


def test_an_empty_collection_has_no_pages():
    built = collection(FOLLOWERS, owner=BOB, total=0)

    found = parse_collection(built)

    assert built["@context"] is CONTEXT
    assert built["totalItems"] == 0
    assert (found.items, found.first, found.attributed_to) == ((), "", BOB)


def test_a_collection_is_read_page_by_page():
    head = parse_collection(collection(FOLLOWERS, owner=BOB, total=3))
    one = page(FOLLOWERS, owner=BOB, number=1, items=["a", "b"], has_next=True)
    two = page(FOLLOWERS, owner=BOB, number=2, items=["c"], has_next=False)

    first, last = parse_collection(one), parse_collection(two)

    assert head.first == first.uri
    assert first.next == last.uri
    assert (first.items, last.items) == (("a", "b"), ("c",))
    assert {first.part_of, last.part_of} == {FOLLOWERS}
    assert last.next == ""
