"""What is posted to an outbox is read as its author wishes it, or refused."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.protocol.verdict import Refused
from node.activitypub_api.posted import Posted, files_of, read, text_of

AL = "https://a.test/u/al"
BO = "https://b.test/u/bo"
CY = "https://c.test/u/cy"
NOTE = {"type": "Note", "content": "<p>hello</p>"}


def posted(document: dict[str, Any]) -> Posted:
    found = read(document, AL)
    assert isinstance(found, Posted), found
    return found


@pytest.mark.parametrize("kind", ["Note", "Article", "Image", "Document"])
def test_a_bare_object_is_wrapped(kind: str):
    found = posted({"type": kind, "to": BO})

    assert (found.type, found.object_type, found.readers) == ("Create", kind, (BO,))


def test_readers_are_gathered_from_activity_and_object_once_and_without_the_author():
    found = posted(
        {"type": "Create", "to": [BO, AL], "object": {**NOTE, "to": BO, "cc": [{"id": CY}]}}
    )

    assert found.readers == (BO, CY)


def test_a_link_stands_for_what_it_names():
    found = posted({"type": "Like", "object": "https://b.test/n/1"})

    assert (found.object_id, found.object_type) == ("https://b.test/n/1", "")


def test_an_embedded_activity_by_another_is_theirs():
    follow = {"type": "Follow", "actor": BO, "object": AL}

    assert posted({"type": "Accept", "actor": AL, "object": follow}).object == follow


@pytest.mark.parametrize(
    ("message", "text"),
    [
        (NOTE, "hello"),
        ({**NOTE, "mediaType": "text/plain", "content": "<b>"}, "<b>"),
        ({**NOTE, "source": {"content": "**x**", "mediaType": "text/markdown"}}, "**x**"),
        ({**NOTE, "source": {"content": "[b]x[/b]", "mediaType": "text/bbcode"}}, "hello"),
        ({**NOTE, "source": {"content": 1, "mediaType": "text/plain"}}, "hello"),
        ({**NOTE, "summary": "spoiler"}, "spoiler\n\nhello"),
        ({**NOTE, "type": "Article", "name": "Title"}, "Title\n\nhello"),
        ({"type": "Image", "name": "a cat"}, ""),
        ({"type": "Note"}, ""),
        ({"type": "Note", "content": ["x"]}, ""),
    ],
)
def test_the_text_is_the_source_or_that_of_the_html(message: dict[str, Any], text: str):
    assert text_of(message) == text


@pytest.mark.parametrize(
    ("message", "files"),
    [
        ({"type": "Note"}, ()),
        ({"type": "Note", "attachment": {"type": "Image", "url": "https://a.test/1"}}, (1,)),
        ({"type": "Note", "attachment": ["https://a.test/1", {"id": "https://a.test/2"}]}, (1, 2)),
        ({"type": "Note", "attachment": {"url": [{"href": "https://a.test/1"}]}}, (1,)),
        ({"type": "Note", "attachment": {"name": "x"}}, ()),
        ({"type": "Image", "id": "https://a.test/1"}, (1,)),
    ],
)
def test_files_are_named_in_every_shape(message: dict[str, Any], files: tuple[int, ...]):
    assert files_of(message) == tuple(f"https://a.test/{number}" for number in files)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from([AL, BO]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "actor", "object", "to", "cc", "bto", "target", "id", "x"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(st.dictionaries(st.sampled_from(["type", "actor", "object", "to", "bcc", "target"]), JSON))
def test_whatever_comes_is_read_or_refused(document: dict[str, Any]):
    found = read(document, AL)

    if isinstance(found, Refused):
        assert 400 <= found.status < 500
    else:
        assert AL not in found.readers
        assert not document.get("bcc")
        assert isinstance(text_of(found.object), str)
