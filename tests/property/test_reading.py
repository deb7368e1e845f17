import json
from datetime import datetime
from typing import Any

import msgspec
import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from federation.activities.situation import json_text
from federation.protocol.activity import Activity
from federation.protocol.canonical_json import base58_decode, base58_encode, encode
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.parse import parse_activity
from federation.protocol.strict_json import loads, loads_at_length
from federation.protocol.timestamps import format_time, parse_time
from federation.protocol.uri import canonical, host_of, origin_of
from federation.protocol.vocabulary import CONTEXT
from tests.support.examples import examples

quick = settings(max_examples=100, deadline=None)

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
INTEGERS = st.integers(1 - 2**53, 2**53 - 1)
LEAVES = st.none() | st.booleans() | INTEGERS | st.floats(allow_nan=False, width=32) | TEXT
FINITE = LEAVES.filter(lambda leaf: leaf not in (float("inf"), float("-inf")))
JSON = st.recursive(
    FINITE, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4)
)
OBJECTS = st.dictionaries(TEXT, JSON, max_size=5)

# As our encoder writes it, with our context in some places, and otherwise.
WRITTEN = OBJECTS.map(msgspec.json.encode) | OBJECTS.map(json.dumps).map(str.encode)
WITH_CONTEXT = OBJECTS.map(
    lambda value: json_text({**value, "@context": CONTEXT, "proof": {"@context": CONTEXT}}).encode()
)
BODIES = WRITTEN | WITH_CONTEXT
PIECES = st.binary(max_size=2) | st.sampled_from(
    [
        b'"a":1,',
        b'"a":1,"a":1,',
        b"9007199254740992",
        b'"\\u0000"',
        b"[" * 64,
        b"]" * 64,
        b"{",
        b"}",
    ]
)

EXAMPLES = [document for document in examples().values() if "actor" in document]
NAMES = sorted({name for document in EXAMPLES for name in document} | {"bto", "@graph", "@reverse"})
IDS = st.sampled_from(
    ["https://bob.example/u/bob", "https://bob.example/1", "https://evil.example/1", "x", "Public"]
)
VALUES = st.deferred(lambda: IDS | FINITE | st.lists(VALUES, max_size=3) | DOCUMENTS)
DOCUMENTS: st.SearchStrategy[dict[str, Any]] = st.dictionaries(
    st.sampled_from(NAMES), VALUES, max_size=6
)


def read(body: bytes) -> dict[str, Any] | None:
    try:
        return loads(body)
    except RemoteProtocolError:
        return None


def read_at_length(body: bytes) -> dict[str, Any] | None:
    try:
        return loads_at_length(body)
    except RemoteProtocolError:
        return None


def is_activity_or_refused(document: dict[str, Any]) -> bool:
    try:
        return isinstance(parse_activity(document), Activity)
    except RemoteProtocolError:
        return True


@quick
@given(BODIES, st.data())
def test_json_is_read_in_a_short_way_as_at_length(body: bytes, data: st.DataObject):
    place = data.draw(st.integers(0, len(body)))
    taken_out = data.draw(st.integers(0, 2))
    changed = body[:place] + data.draw(PIECES) + body[place + taken_out :]

    assert read(body) == read_at_length(body)
    assert read(changed) == read_at_length(changed)


@quick
@given(st.dictionaries(st.sampled_from("ab"), FINITE, min_size=1), FINITE)
def test_a_key_that_stands_twice_is_never_read(value: dict[str, Any], other: object):
    once = msgspec.json.encode(value)
    for again in (value, dict.fromkeys(value, other)):
        twice = once[:-1] + b"," + msgspec.json.encode(again)[1:]

        assert read(twice) is None
        assert read(b'{"a":[' + twice + b"]}") is None


@quick
@given(OBJECTS)
def test_json_is_read_as_it_was_written(value: dict[str, Any]):
    assert loads(json.dumps(value).encode()) == value
    assert loads(json.dumps(value, ensure_ascii=False, indent=1).encode()) == value


@quick
@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_any_bytes_give_an_object_or_a_protocol_error(body: bytes):
    assert isinstance(read(body), dict | None)


@quick
@given(OBJECTS, st.data())
def test_json_with_our_context_and_a_byte_changed_is_read_like_others_read_it_or_not_at_all(
    value: dict[str, Any], data: st.DataObject
):
    proof = {"@context": CONTEXT, **value}
    body = bytearray(json_text({**value, "@context": CONTEXT, "proof": proof}).encode())
    start = body.index(b'"@context"') if data.draw(st.booleans()) else 0
    place = data.draw(st.integers(start, min(start + 20, len(body) - 1)))
    body[place : place + data.draw(st.integers(0, 2))] = data.draw(st.binary(max_size=2))

    found = read(bytes(body))

    assert found is None or found == json.loads(bytes(body))


@quick
@given(OBJECTS, st.data())
def test_json_with_a_byte_changed_is_read_like_others_read_it_or_not_at_all(
    value: dict[str, Any], data: st.DataObject
):
    body = bytearray(json.dumps(value).encode())
    body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))

    found = read(bytes(body))

    assert found is None or found == json.loads(bytes(body))


@quick
@given(JSON)
def test_the_fast_canonical_form_is_the_slow_one(value: object):
    plain: Any = value

    assert encode(value) == rfc8785.dumps(plain)
    assert encode({"a": value}) == encode({"a": msgspec.Raw(encode(value))})


@quick
@given(DOCUMENTS)
def test_any_document_gives_an_activity_or_a_protocol_error(document: dict[str, Any]):
    assert is_activity_or_refused(document)


@quick
@given(st.sampled_from(EXAMPLES), st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=3))
def test_an_example_with_parts_replaced_gives_an_activity_or_a_protocol_error(
    document: dict[str, Any], changes: dict[str, Any]
):
    assert is_activity_or_refused({**document, **changes})


@quick
@given(st.sampled_from(EXAMPLES), st.dictionaries(TEXT, FINITE, max_size=5))
def test_unknown_properties_change_nothing(document: dict[str, Any], extra: dict[str, Any]):
    unknown = {f"x:{name}": value for name, value in extra.items()}

    one, other = parse_activity(document), parse_activity({**unknown, **document})

    assert (one.id, one.type, one.to, one.log) == (other.id, other.type, other.to, other.log)


@quick
@given(st.text(max_size=40).map("https://".__add__) | st.from_regex(r"https://[ -~]{1,40}"))
def test_a_canonical_id_is_its_own_canonical_form(text: str):
    try:
        found = canonical(text)
    except RemoteProtocolError:
        return

    assert canonical(found) == found
    assert origin_of(found) == f"https://{host_of(found)}"
    assert found.isascii()


@quick
@given(st.datetimes(timezones=st.timezones()))
def test_a_moment_goes_out_and_comes_back(moment: datetime):
    try:
        text = format_time(moment)
    except OverflowError:
        return

    assert format_time(parse_time(text)) == text
    assert 0 <= (moment - parse_time(text)).total_seconds() < 0.001


@quick
@given(st.text("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz", max_size=256))
def test_base58_is_read_as_digit_by_digit(text: str):
    number = 0
    for character in text:
        number = number * 58 + base58_decode(character)[0]

    assert int.from_bytes(base58_decode(text)) == number


@quick
@given(st.text(max_size=8).filter(lambda text: not text.isalnum() or not text.isascii()))
def test_what_is_no_digit_is_no_base58(text: str):
    with pytest.raises(RemoteProtocolError):
        base58_decode(f"1{text or '0'}1")


@quick
@given(st.binary(max_size=80))
def test_base58_goes_out_and_comes_back(data: bytes):
    assert base58_decode(base58_encode(data)) == data
