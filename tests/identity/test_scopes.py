"""A scope is one of two words."""

import pytest

from node.identity.scopes import parse_scopes, write_scopes


@pytest.mark.parametrize(
    ("text", "scopes"),
    [
        ("read", {"read"}),
        ("write read", {"read", "write"}),
        ("  read\twrite ", {"read", "write"}),
        ("", None),
        ("admin", None),
        ("read admin", None),
        ("READ", None),
    ],
)
def test_only_known_scopes_are_read(text: str, scopes: set[str] | None) -> None:
    assert parse_scopes(text) == scopes


def test_scopes_are_written_in_one_order() -> None:
    assert write_scopes(frozenset({"write", "read"})) == "read write"
