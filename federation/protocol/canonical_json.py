"""A JSON value has one sequence of bytes (RFC 8785), and bytes have one short hash."""

import hashlib
from typing import Any

import msgspec
import rfc8785

from federation.protocol.errors import RemoteProtocolError
from federation.protocol.strict_json import MAX_INTEGER
from federation.protocol.vocabulary import CONTEXT

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_NO_DIGIT = 255
_DIGITS = bytes(_ALPHABET.find(chr(code)) & _NO_DIGIT for code in range(256))
_SHA256_PREFIX = b"\x12\x20"
_MAX_BASE58_CHARS = 256
# How two neighbouring digits become one: the bits that a digit takes, the base, every other digit.
_FOLDS = tuple(
    (bits, 58 ** (bits // 8), sum(((1 << bits) - 1) << at for at in range(0, 2048, 2 * bits)))
    for bits in (8, 16, 32, 64, 128, 256, 512, 1024)
)
# PERF: our context is most of a message and stands in its proof again. Canonicalised once, it
# leaves a third of the work (benchmarks/reading.py).
_OUR_CONTEXT = msgspec.Raw(msgspec.json.encode(CONTEXT, order="sorted"))
_PLAIN_KINDS = frozenset({str, int, bool, type(None), msgspec.Raw})


def encode(value: object) -> bytes:
    """Write a JSON value in its canonical form.

    A member of the outermost object may be a `msgspec.Raw` that holds such bytes already.

    Raises:
        RemoteProtocolError: It has none: a lone surrogate, a NaN, an integer beyond 2^53 - 1.
            Nothing that strict_json let in is of that kind.
    """
    # PERF: rfc8785 takes 15 times as long for a group message (benchmarks/reading.py). They differ
    # in the order of keys outside ASCII and in how a float is written; tests/property compares.
    try:
        if _is_plain(value):
            return msgspec.json.encode(value, order="sorted")
        return _canonicalised(value)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as error:
        raise RemoteProtocolError("a document has no canonical form", str(error)) from error


def with_known_context(part: dict[str, Any]) -> dict[str, Any]:
    """The outermost object, with our own context in its canonical form already."""
    return {**part, "@context": _OUR_CONTEXT} if part.get("@context") == CONTEXT else part


def multihash(data: bytes) -> str:
    """Hash bytes as `chatState` and `digestMultibase` do.

    Source: groups-protocol.md 0.4
    """
    return multihash_of(hashlib.sha256(data).digest())


def multihash_of(digest: bytes) -> str:
    """Write a SHA-256 that is known already as `multihash` does."""
    return "z" + base58_encode(_SHA256_PREFIX + digest)


def base58_encode(data: bytes) -> str:
    """Write bytes in base58btc, a leading zero byte as a leading 1."""
    number = int.from_bytes(data, "big")
    characters = []
    while number:
        number, digit = divmod(number, 58)
        characters.append(_ALPHABET[digit])
    zeros = len(data) - len(data.lstrip(b"\0"))
    return "1" * zeros + "".join(reversed(characters))


def base58_decode(text: str) -> bytes:
    """Read base58btc.

    Raises:
        RemoteProtocolError: Another character, or more than a key or signature needs.
    """
    if len(text) > _MAX_BASE58_CHARS:
        raise RemoteProtocolError("a base58 value is too long")
    digits = text.encode("ascii", "replace").translate(_DIGITS)
    if _NO_DIGIT in digits:
        raise RemoteProtocolError("a value is not base58", repr(text)[:80])
    number = _number(digits)
    zeros = len(text) - len(text.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


def _number(digits: bytes) -> int:
    """The number that digits of base 58 write, at most 256 of them."""
    # PERF: all pairs of neighbours at once become digits of the base squared, until one is left. A
    # digit at a time takes a signature three times as long: 8 µs more (benchmarks/reading.py).
    number = int.from_bytes(digits)
    for bits, base, others in _FOLDS:
        if bits >= 8 * len(digits):
            break
        number = (number >> bits & others) * base + (number & others)
    return number


def _is_plain(value: object) -> bool:
    """Say whether both encoders write it alike: ASCII keys, no float, nothing but JSON."""
    values: list[Any] = [value]
    for item in values:
        kind = type(item)
        if kind is dict:
            if not _has_plain_keys(item):
                return False
            values.extend(item.values())
        elif kind is list:
            values.extend(item)
        elif kind not in _PLAIN_KINDS or (kind is int and abs(item) > MAX_INTEGER):
            return False
    return True


def _canonicalised(value: object) -> bytes:
    document: Any = value
    if type(document) is not dict:
        return rfc8785.dumps(document)
    # rfc8785 knows no msgspec.Raw, so ready bytes are read again.
    decode = msgspec.json.decode
    return rfc8785.dumps(
        {
            name: decode(item) if type(item) is msgspec.Raw else item
            for name, item in document.items()
        }
    )


def _has_plain_keys(item: dict[Any, Any]) -> bool:
    try:
        return "".join(item).isascii()
    except TypeError:
        return False
