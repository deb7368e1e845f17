"""Whom a text names."""

import pytest

from node.mastodon.mentions import named_in, without_leading

HERE = "alpha.test"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("hello", ()),
        ("@bo hello", ("bo@alpha.test",)),
        (
            "@Bo@beta.test, @bo@beta.test and @gi@gamma.test:8443",
            ("bo@beta.test", "gi@gamma.test:8443"),
        ),
        ("write to bo@beta.test", ()),
        ("https://beta.test/@bo and a/@bo", ()),
        ("(@bo) @gi.", ("bo@alpha.test", "gi@alpha.test")),
        ("@@bo @ @-x", ()),
        ("@bo@bücher.example", ("bo@bücher.example",)),
    ],
)
def test_who_is_named(text: str, named: tuple[str, ...]):
    assert named_in(text, HERE) == named


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("@bo @gi@gamma.test hello @bo", "hello @bo"),
        ("@cy @bo hello", "@cy @bo hello"),
        ("hello", "hello"),
        ("@bo", ""),
    ],
)
def test_those_who_are_there_anyway_are_taken_from_the_front(text: str, rest: str):
    assert without_leading(text, {"bo@alpha.test", "gi@gamma.test"}, HERE) == rest
