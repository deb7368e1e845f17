"""Bytes become a JSON object that every parser would read alike, or a RemoteProtocolError.

msgspec refuses NaN, infinities, lone surrogates, other encodings than UTF-8 and a byte order mark.
It keeps the last of duplicate keys, takes NUL and integers of any length, and nests up to the
interpreter's limit: that is caught here.
"""

import re
from collections.abc import Collection
from typing import Any

import msgspec

from federation.protocol.errors import RemoteProtocolError
from federation.protocol.vocabulary import CONTEXT

MAX_DEPTH = 64
MAX_NODES = 50_000
MAX_INTEGER = 2**53 - 1

_NOT_WHOLE = "the JSON ends before it is whole"
# How msgspec says so.
_CUT_OFF = "Input data was truncated"

_NUL = re.compile(rb"(?<!\\)(?:\\\\)*+\\u0000")
_LONG_NUMBER = b"0" * 16
_DIGITS = bytes.maketrans(b"123456789", b"000000000")
_BRACKETS = bytes.maketrans(b"{}", b"[]")
_NOT_BRACKETS = bytes(code for code in range(256) if code not in b"{}[]")

# PERF: our context, as nodes of our kind write it, is three quarters of a message. Something short
# stands in for it while a body is read, and saves half of that (benchmarks/reading.py).
# SECURITY: nobody outside can write the stand-in, since a NUL is refused before. It takes the place
# of a whole value, so what is JSON stays JSON and what is not does not become it; a body that has
# our context anywhere but in the document or its proof is read at length
# (tests/property/test_reading.py).
_OUR_CONTEXT = b'"@context":' + msgspec.json.encode(CONTEXT)
_STAND_IN = "\0"
_SHORT_CONTEXT = b'"@context":"\\u0000"'


def loads(body: bytes) -> dict[str, Any]:
    """Read one JSON object.

    Raises:
        RemoteProtocolError: Not JSON, not an object at the top, or something in it that parsers
            read in different ways. The status is 400.

    Source: security.md 5
    """
    _refuse_nul(body)
    shortened, contexts = _shortened(body)
    value = _find_plain(shortened) if len(body) < MAX_NODES else None
    if value is None or _share_context(value) != contexts:
        return loads_at_length(body)
    if _LONG_NUMBER in shortened.translate(_DIGITS):
        _check_integers(value)
    return value


def loads_at_length(body: bytes) -> dict[str, Any]:
    """Read one JSON object as `loads` does, whoever has written it, and say what is wrong with it.

    Raises:
        RemoteProtocolError: As `loads`.
    """
    _refuse_nul(body)
    shortened, contexts = _shortened(body)
    value, skeleton = _decoded(shortened)
    if _share_context(value) != contexts:
        contexts, (value, skeleton) = 0, _decoded(body)
    members, nodes = _count(value)
    if members != skeleton.count(b":") + contexts * _CONTEXT_MEMBERS:
        raise RemoteProtocolError("JSON has a duplicate key")
    # The object itself is one more.
    if nodes >= MAX_NODES:
        raise RemoteProtocolError("JSON has too many values")
    if _LONG_NUMBER in skeleton.translate(_DIGITS):
        _check_integers(value)
    return value


def _refuse_nul(body: bytes) -> None:
    # PERF: a single byte is found ten times as fast as six; 2 µs (benchmarks/reading.py).
    if b"\\" in body and b"\\u0000" in body and _NUL.search(body):
        raise RemoteProtocolError("JSON has a NUL character")


def _find_plain(body: bytes) -> dict[str, Any] | None:
    """Read a body that is what our encoder makes of its value; None for any other.

    Such a body has no key twice, since a dict has none. It is no deeper than it has brackets, and
    has fewer values than bytes.
    """
    # PERF: half the time of looking at what stands outside strings (benchmarks/reading.py). The
    # encoder escapes control characters alone, and most other servers more than that.
    if body.count(b"[") + body.count(b"{") > MAX_DEPTH:
        return None
    try:
        value = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    # SECURITY: another test than this one lets a duplicate key pass;
    # tests/property/test_reading.py.
    return value if type(value) is dict and msgspec.json.encode(value) == body else None


def _shortened(body: bytes) -> tuple[bytes, int]:
    """Put the stand-in in the place of our context, as often as no other comes before it."""
    pieces: list[bytes] = []
    done = 0
    # PERF: bytes.replace takes 25 µs, since it looks for so long a text.
    while (found := body.find(b'"@context":', done)) >= 0 and body.startswith(_OUR_CONTEXT, found):
        pieces += (body[done:found], _SHORT_CONTEXT)
        done = found + len(_OUR_CONTEXT)
    return b"".join((*pieces, body[done:])), len(pieces) // 2


def _decoded(body: bytes) -> tuple[dict[str, Any], bytes]:
    """An object that is neither deep nor large, and what of it stands outside strings."""
    # PERF: two to three times the cost of decoding alone (benchmarks/reading.py).
    skeleton = _outside_strings(body)
    if skeleton.count(b",") > MAX_NODES or sum(map(skeleton.count, (b"[", b"{"))) > MAX_NODES:
        raise RemoteProtocolError("JSON has too many values")
    _check_depth(skeleton)
    try:
        value = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        if str(error) == _CUT_OFF:
            raise RemoteProtocolError(_NOT_WHOLE) from error
        raise RemoteProtocolError("malformed JSON", str(error)) from error
    if type(value) is not dict:
        raise RemoteProtocolError("the JSON is not an object")
    return value, skeleton


def _share_context(value: dict[str, Any]) -> int:
    """Put our own context in place of its equal, in the document and in its proof.

    Answers how many of them were stand-ins.
    """
    # PERF: whoever compares with it later sees one object and not sixty members; that is 30 µs of
    # a message, and a third of what it takes in memory (benchmarks/reading.py).
    stand_ins = 0
    for part in (value, value.get("proof")):
        if type(part) is not dict:
            continue
        context = part.get("@context")
        stand_ins += context == _STAND_IN
        if context in (_STAND_IN, CONTEXT):
            part["@context"] = CONTEXT
    return stand_ins


def _outside_strings(body: bytes) -> bytes:
    """Answer what stands outside strings.

    With the escaped backslashes gone, and then the escaped quotes, every quote left begins or ends
    a string. A body that is not JSON comes out wrong, and is refused by the decoder.
    """
    # PERF: a regular expression takes three times as long (benchmarks/reading.py).
    if b"\\" in body:
        body = body.replace(b"\\\\", b"").replace(b'\\"', b"")
    return b"".join(body.split(b'"')[::2])


def _check_depth(skeleton: bytes) -> None:
    """Take away the innermost pairs until none is left: as many rounds as there are levels."""
    brackets = skeleton.translate(_BRACKETS, _NOT_BRACKETS)
    for _ in range(MAX_DEPTH):
        if not brackets:
            return
        brackets = brackets.replace(b"[]", b"")
    # What is left is deep, or its pairs do not match; one that comes to nothing in the end is deep.
    opened, closed = brackets.count(b"["), brackets.count(b"]")
    if opened > MAX_DEPTH or opened == closed > 0:
        raise RemoteProtocolError("JSON is nested too deeply")
    if opened or closed:
        raise RemoteProtocolError(_NOT_WHOLE if opened > closed else "malformed JSON")


def _count(outermost: dict[str, Any] | list[Any]) -> tuple[int, int]:
    """Count members of objects, and values of any kind, within an object or a list."""
    members = nodes = 0
    containers: list[Any] = [outermost]
    for container in containers:
        values: Collection[Any] = container
        if type(container) is dict:
            members += len(container)
            values = container.values()
        nodes += len(values)
        for item in values:
            if type(item) is dict:
                containers.append(item)
            elif type(item) is list:
                # PERF: our own context is most of a message; not walking it halves the work
                # (benchmarks/reading.py).
                if item == CONTEXT:
                    members += _CONTEXT_MEMBERS
                    nodes += _CONTEXT_NODES
                else:
                    containers.append(item)
    return members, nodes


_CONTEXT_MEMBERS, _CONTEXT_NODES = _count(CONTEXT)


def _check_integers(value: dict[str, Any]) -> None:
    values: list[Any] = [value]
    for item in values:
        if type(item) is dict:
            values.extend(item.values())
        elif type(item) is list:
            values.extend(() if item is CONTEXT else item)
        elif type(item) is int and abs(item) > MAX_INTEGER:
            raise RemoteProtocolError("JSON has an integer beyond 2^53 - 1")
