"""A parent covers its children and nothing else does."""

import pytest

from node.identity.scopes import (
    SCOPES,
    as_the_operator_means,
    covers,
    covers_all,
    parse_scopes,
    write_scopes,
)

FOLLOW = {f"{way}:{part}" for way in ("read", "write") for part in ("follows", "blocks", "mutes")}


@pytest.mark.parametrize(
    ("text", "scopes"),
    [
        ("read", {"read"}),
        ("write read", {"read", "write"}),
        ("  read\twrite ", {"read", "write"}),
        ("read:statuses admin:read", {"read:statuses", "admin:read"}),
        ("", None),
        ("admin", None),
        ("read admin", None),
        ("read:everything", None),
        ("READ", None),
    ],
)
def test_only_known_scopes_are_read(text: str, scopes: set[str] | None) -> None:
    assert parse_scopes(text) == scopes


def test_scopes_are_written_in_one_order() -> None:
    assert write_scopes(frozenset({"write", "push", "read"})) == "read write push"


@pytest.mark.parametrize("granted", SCOPES)
def test_only_a_parent_covers_its_children(granted: str) -> None:
    is_parent = granted in {"read", "write", "admin:read", "admin:write"}

    for asked in SCOPES:
        expected = (
            granted == asked
            or (is_parent and asked.startswith(f"{granted}:"))
            or (granted == "follow" and asked in FOLLOW)
        )
        assert covers({granted}, asked) is expected, asked


def test_all_that_is_asked_must_be_covered() -> None:
    assert covers_all({"read", "write:media"}, {"read:search", "write:media"})
    assert not covers_all({"read", "write:media"}, {"read:search", "write"})


def test_a_token_of_the_command_line_administers() -> None:
    scopes = as_the_operator_means(frozenset({"read"}))

    assert covers(scopes, "admin:read")
    assert not covers(scopes, "admin:write")
    assert as_the_operator_means(frozenset({"push"})) == {"push"}
