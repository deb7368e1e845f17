import json

import pytest

from federation.protocol.errors import RemoteProtocolError
from federation.protocol.strict_json import MAX_DEPTH, MAX_NODES, loads
from federation.protocol.vocabulary import CONTEXT


def nested(levels: int) -> bytes:
    return b'{"a":' + b"[" * (levels - 1) + b"]" * (levels - 1) + b"}"


def listing(values: int) -> bytes:
    return b'{"a":[' + b",".join([b"1"] * values) + b"]}"


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b"{}", {}),
        (b' {"a" : [1, -2.5e3, true, null, "x"]} ', {"a": [1, -2500.0, True, None, "x"]}),
        (b'{"a":"\\"\\\\\\u00fc{[:,\\u263a"}', {"a": '"\\ü{[:,☺'}),
        (b'{"a":"\\\\u0000"}', {"a": "\\u0000"}),
        (b'{"a":9007199254740991,"b":-9007199254740991}', {"a": 2**53 - 1, "b": 1 - 2**53}),
        (b'{"a":0.12345678901234567890}', {"a": 0.12345678901234568}),
        ('{"é":{"é":"☕"}}'.encode(), {"é": {"é": "☕"}}),
    ],
)
def test_plain_json_is_read(body: bytes, value: object):
    assert loads(body) == value


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'"x"',
        b"1",
        b"{",
        b'{"a":1,}',
        b'{"a":1}x',
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'{"a":-Infinity}',
        b'{"a":1e999}',
        b'{"a":01}',
        b'{"a":"\x01"}',
        b'{"a":"\\ud800"}',
        b'{"\\ud800":1}',
        b'{"a":"\xff"}',
        b'\xef\xbb\xbf{"a":1}',
        '{"a":1}'.encode("utf-16"),
        b'{"a":"\\u0000"}',
        b'{"a":"\\\\\\u0000"}',
        b'{"\\u0000":1}',
        b'{"a":9007199254740992}',
        b'{"a":[{"b":-9007199254740992}]}',
        b'{"a":' + b"9" * 5000 + b"}",
        b'{"a":"' + b"\\" * 1000,
        b'"' + b'\\"' * 1000,
    ],
)
def test_what_parsers_read_differently_is_refused(body: bytes):
    with pytest.raises(RemoteProtocolError) as caught:
        loads(body)

    assert caught.value.status == 400


@pytest.mark.parametrize(
    "body",
    [
        b'{"actor":"x","actor":"y"}',
        b'{"actor":"x","\\u0061ctor":"y"}',
        b'{"a":[{"b":1,"b":1}]}',
        b'{"a":{"\\"":1,"\\"":2}}',
    ],
)
def test_a_duplicate_key_is_refused(body: bytes):
    with pytest.raises(RemoteProtocolError, match="duplicate"):
        loads(body)


@pytest.mark.parametrize(
    "body", [b'{"a":', b'{"a"', b'{"a": "b', b'{"a": [1, 2', b'{"a": {"b": "c"}', b"{"]
)
def test_what_breaks_off_is_said_to_break_off(body: bytes):
    with pytest.raises(RemoteProtocolError, match="ends before it is whole"):
        loads(body)


@pytest.mark.parametrize("body", [b'{"a": 1]]}', b'{"a": 1}}', b"}"])
def test_what_ends_twice_is_malformed(body: bytes):
    with pytest.raises(RemoteProtocolError, match="malformed"):
        loads(body)


def test_depth_has_a_limit():
    assert loads(nested(MAX_DEPTH))

    for body in (nested(MAX_DEPTH + 1), b"[" * 40_000, b'{"a":' * 40_000):
        with pytest.raises(RemoteProtocolError, match="deep"):
            loads(body)


def test_the_number_of_values_has_a_limit():
    at_the_limit = MAX_NODES - 2

    assert len(loads(listing(at_the_limit))["a"]) == at_the_limit

    for body in (listing(at_the_limit + 1), listing(MAX_NODES + 2), b"[" * 500_000):
        with pytest.raises(RemoteProtocolError, match="too many values"):
            loads(body)


def test_text_that_looks_like_structure_counts_for_nothing():
    text = '}{][:,"\\' * 30_000

    assert loads(json.dumps({"a": text}).encode()) == {"a": text}


OURS = json.dumps(CONTEXT, separators=(",", ":"))


@pytest.mark.parametrize(
    "text",
    [
        f'{{"@context":{OURS}}}',
        f'{{"@context":{OURS},"proof":{{"@context":{OURS}}}}}',
        f'{{"proof":{{"@context":{OURS},"a":1}},"b":"c"}}',
        f'{{"a":{{"@context":{OURS}}}}}',
        f'{{"@context":{OURS},"a":[{{"@context":{OURS}}}]}}',
        f'{{"a\\"@context":{OURS}}}',
        json.dumps({"@context": CONTEXT, "proof": {"@context": CONTEXT}}),
    ],
)
def test_our_context_is_read_wherever_it_stands(text: str):
    assert loads(text.encode()) == json.loads(text)


@pytest.mark.parametrize(
    "text",
    [
        f'{{"@context":{OURS},"@context":{OURS}}}',
        f'{{"@context":{OURS},"@context":"a"}}',
        f'{{"@context":{OURS},"proof":{{"@context":{OURS},"@context":1}}}}',
        f'{{"a":"b"@context":{OURS}}}',
        f'{{"a":"b"@context":{OURS}"}}',
        f'{{"@context":{OURS}]}}',
        f'{{"@context":{OURS}"a"}}',
        f'{{"@context":{OURS}',
        f'"@context":{OURS}',
        f"{{{OURS}:1}}",
    ],
)
def test_our_context_makes_nothing_json_that_is_not(text: str):
    with pytest.raises(RemoteProtocolError):
        loads(text.encode())


def test_values_count_with_our_context_in_its_place():
    values = listing(MAX_NODES - 2)

    assert loads(values)
    with pytest.raises(RemoteProtocolError):
        loads(values[:-1] + f',"@context":{OURS}}}'.encode())
