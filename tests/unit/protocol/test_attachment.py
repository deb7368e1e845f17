"""What a Note shows is read as far as it is well-formed."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.protocol.attachment import ATTACHMENTS_MAX, Attachment, document, parse_attachments

URL = "https://beta.test/media/1/menu.jpg"
DIGEST = "zQmZ52XEnsNU33ADZFsLbXVBcxNJDgwYgW7ASGvjphZGL23"
WHOLE = Attachment(URL, "image/jpeg", "The menu", 1200, 800, "UBL_:rOpGG-oBUNG", DIGEST)


def one(**changed: object) -> dict[str, Any]:
    return {"type": "Document", "mediaType": "image/jpeg", "url": URL, **changed}


def test_what_is_written_is_read_again():
    assert parse_attachments([document(WHOLE)]) == (WHOLE,)


def test_one_alone_needs_no_list():
    assert parse_attachments(one()) == (Attachment(URL, "image/jpeg"),)


def test_the_first_address_of_several_counts():
    links = [{"type": "Link", "href": URL, "mediaType": "video/mp4"}, {"href": "https://x.test/2"}]

    (read,) = parse_attachments([{"type": "Video", "url": links}])

    assert (read.url, read.media_type) == (URL, "video/mp4")


@pytest.mark.parametrize(
    "item",
    [
        None,
        7,
        "https://beta.test/1.jpg",
        {"type": "Link", "href": URL},
        one(type="Note"),
        one(url=None),
        one(url=7),
        one(url="javascript:alert(1)"),
        one(url="data:image/png;base64,AA"),
        one(url="https://user@beta.test/1"),
        one(url="https://beta.test/" + "a" * 2100),
    ],
)
def test_what_is_malformed_is_left_out_and_the_rest_kept(item: object):
    assert parse_attachments([item, one()]) == (Attachment(URL, "image/jpeg"),)


@pytest.mark.parametrize(
    "changed",
    [
        {"width": "1200"},
        {"width": True},
        {"width": -1},
        {"width": 10**9},
        {"blurhash": 'x" onload="'},
        {"blurhash": 7},
        {"digestMultibase": "md5"},
        {"digestMultibase": ["z"]},
        {"name": ["a"]},
    ],
)
def test_a_malformed_part_counts_as_absent(changed: dict[str, object]):
    assert parse_attachments([one(**changed)]) == (Attachment(URL, "image/jpeg"),)


def test_a_media_type_that_is_none_becomes_unknown():
    (read,) = parse_attachments([one(mediaType="text/html; charset=x\r\n")])

    assert read.media_type == "application/octet-stream"


def test_sixteen_are_read():
    assert len(parse_attachments([one()] * 40)) == ATTACHMENTS_MAX


def test_nothing_shows_nothing():
    assert parse_attachments(None) == ()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner),
    max_leaves=10,
)
PARTS = st.fixed_dictionaries(
    {"type": st.just("Document")},
    optional=dict.fromkeys(("url", "mediaType", "name", "width", "blurhash"), JSON),
)


@given(JSON | st.lists(PARTS, max_size=4))
def test_any_value_gives_attachments_and_no_error(value: object):
    assert all(isinstance(each, Attachment) for each in parse_attachments(value))
