from typing import Any

import pytest

from federation.protocol.json_ld import as_list, id_of, ids_of, is_public, type_of


@pytest.mark.parametrize(("value", "items"), [(None, []), ("x", ["x"]), ([], []), ([1, 2], [1, 2])])
def test_a_property_has_none_one_or_many_values(value: object, items: list[Any]):
    assert as_list(value) == items


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("https://a.example/1", "https://a.example/1"),
        ({"id": "https://a.example/1"}, "https://a.example/1"),
        ({"id": 7}, ""),
        ({}, ""),
        (["https://a.example/1"], ""),
        (None, ""),
    ],
)
def test_an_id_is_that_of_a_link_or_of_an_object(value: object, found: str):
    assert id_of(value) == found


def test_ids_come_in_their_order_and_what_has_none_is_left_out():
    assert ids_of(["b", {"id": "a"}, 7, {}, None, "c"]) == ("b", "a", "c")
    assert ids_of("b") == ("b",)


@pytest.mark.parametrize(
    ("value", "found"), [({"type": "Note"}, "Note"), ({"type": ["Note"]}, ""), ({}, ""), ("x", "")]
)
def test_a_type_is_one_string(value: object, found: str):
    assert type_of(value) == found


def test_public_has_three_spellings():
    for spelling in ("Public", "as:Public", "https://www.w3.org/ns/activitystreams#Public"):
        assert is_public(spelling)
    assert not is_public("https://a.example/Public")
