import msgspec
import pytest

from federation.protocol.canonical_json import base58_decode, base58_encode, encode, multihash
from federation.protocol.errors import RemoteProtocolError


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": [True, None, "x"]}, '{"a":[true,null,"x"],"b":1}'),
        ({"a": 'é"\\/\b\f\n\r\t\x1f\x7f☕'}, '{"a":"é\\"\\\\/\\b\\f\\n\\r\\t\\u001f\x7f☕"}'),
        ({"a": 1.0, "b": 1e30, "c": 0.1}, '{"a":1,"b":1e+30,"c":0.1}'),
        ({"\ufb33": 1, "\U0001f602": 2, "a": 3}, '{"a":3,"\U0001f602":2,"\ufb33":1}'),
        ([1.5], "[1.5]"),
        ("x", '"x"'),
        (2**53 - 1, "9007199254740991"),
    ],
)
def test_a_value_has_one_form(value: object, text: str):
    assert encode(value) == text.encode()


@pytest.mark.parametrize(
    "value", [{"a": 2**53}, {"a": float("nan")}, {"a": "\ud800"}, {1: 2}, {"a": object()}]
)
def test_what_is_not_json_has_none(value: object):
    with pytest.raises(RemoteProtocolError):
        encode(value)


def test_bytes_made_before_are_taken_over():
    ready = msgspec.Raw(encode({"d": 1, "c": 2}))

    assert encode({"b": ready, "a": 1}) == b'{"a":1,"b":{"c":2,"d":1}}'
    assert encode({"b": ready, "a": 1.5}) == b'{"a":1.5,"b":{"c":2,"d":1}}'


def test_the_state_of_the_book_club_has_the_hash_of_the_page():
    state = {
        "conversation": "https://home.example/c/01K4B0",
        "epoch": 2,
        "icon": "https://media.home.example/cap/9f3c/icon.png",
        "members": {"https://bob.example/u/bob": "member", "https://home.example/u/alice": "admin"},
        "name": "Book club ☕",
        "predecessor": None,
        "prev": "zQmW46EPKzXZEyuiK6R2vSfPKa9yo8tByGHq1HCNJ5meakB",
        "settings": {"history": "invited", "invite": "moderator", "relay": True},
        "successors": [],
    }

    assert multihash(encode(state)) == "zQmY35ionDXL6WvPzL7HKmjFPbxaFXzhGViw8prfqe2bU3b"


@pytest.mark.parametrize(
    ("data", "text"),
    [(b"", ""), (b"\0", "1"), (b"\0\0\1", "112"), (b"Hello World!", "2NEpo7TZRRrLZSi2U")],
)
def test_base58_goes_both_ways(data: bytes, text: str):
    assert base58_encode(data) == text
    assert base58_decode(text) == data


@pytest.mark.parametrize("text", ["0", "O", "I", "l", "é", " ", "2" * 257])
def test_other_text_is_not_base58(text: str):
    with pytest.raises(RemoteProtocolError):
        base58_decode(text)
