"""What another server says of its refusal is read as a text, and no text does more than be read."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.policy.refusal import (
    CATEGORY_CHARS_MAX,
    DETAIL_CHARS_MAX,
    REFUSED,
    Refusal,
    read_refusal,
    reason_in,
    sentence,
)


def document(**said: object) -> bytes:
    return json.dumps(
        {"type": REFUSED, "title": "Refused by policy", "status": 403, **said}
    ).encode()


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, Refusal()),
        ({"category": "harassment"}, Refusal("harassment")),
        (
            {"category": "spam", "detail": "Too much of it.", "contact": "https://b.example/about"},
            Refusal("spam", "Too much of it."),
        ),
        ({"detail": "one\ntwo\u2028three"}, Refusal(detail="one two three")),
        ({"detail": "<b>bold</b> <script>alert(1)</script>"}, Refusal(detail="bold")),
        ({"detail": "a\u202eb\u2066c\u200bd\x1b[31m"}, Refusal(detail="abcd[31m")),
        ({"detail": "1 < 2 & 3 > 2"}, Refusal(detail="1 < 2 & 3 > 2")),
        ({"category": ["spam"], "detail": {"a": 1}}, Refusal()),
        ({"category": None, "detail": 7}, Refusal()),
        ({"category": "x" * 5000}, Refusal("x" * CATEGORY_CHARS_MAX)),
        ({"detail": "y" * 5000}, Refusal(detail="y" * DETAIL_CHARS_MAX)),
    ],
)
def test_what_is_said_is_read_as_plain_words(said: dict[str, object], expected: Refusal):
    assert read_refusal(document(**said)) == expected


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no",
        b"[]",
        b'"refused"',
        b"{}",
        b'{"type":"about:blank","category":"spam"}',
        b'{"type":["' + REFUSED.encode() + b'"],"category":"spam"}',
        b'{"type":"' + REFUSED.encode() + b'","category":"sp',
        b"[" * 4000,
        b'{"a":' * 800,
        b"\xff\xfe",
        b"<html><title>403</title></html>",
    ],
)
def test_what_is_no_such_document_says_nothing(body: bytes):
    assert read_refusal(body) is None


@given(st.text(), st.text())
def test_no_words_steer_or_grow(category: str, detail: str):
    # A surrogate without its other half makes no JSON.
    said = read_refusal(document(category=category, detail=detail))

    for words in (said.category, said.detail) if said is not None else ():
        assert len(words) <= DETAIL_CHARS_MAX
        assert "\n" not in words
        assert {"Cc"}.isdisjoint(map(unicodedata.category, words))


@given(st.binary(max_size=4096))
def test_any_body_is_a_refusal_or_none(body: bytes):
    assert isinstance(read_refusal(body), Refusal | None)


@pytest.mark.parametrize(
    ("refusal", "ends"),
    [
        (Refusal(), "does not exchange messages with our server."),
        (Refusal("spam"), "our server. Reason: spam"),
        (Refusal("", "Too much."), "our server. Reason: Too much."),
        (Refusal("spam", "Too much."), "our server. Reason: Too much. (spam)"),
        (Refusal("{host}", "{0.__class__}"), "our server. Reason: {0.__class__} ({host})"),
    ],
)
def test_the_sentence_names_host_and_reason(refusal: Refusal, ends: str):
    said = sentence("b.example", refusal)

    assert said.startswith("b.example does not exchange messages with ")
    assert said.endswith(ends)


@pytest.mark.parametrize("refusal", [Refusal(), Refusal("spam"), Refusal("spam", "Too much.")])
def test_the_reason_is_found_again_in_the_sentence(refusal: Refusal):
    said = sentence("b.example", refusal)

    expected = sentence("", refusal).partition("Reason: ")[2]
    assert reason_in("b.example", said) == expected
    assert reason_in("c.example", said) is None


def test_a_sentence_about_something_else_holds_no_reason():
    assert reason_in("b.example", "the other server says that this is not allowed") is None
