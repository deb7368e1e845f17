"""A body is compared with every digest header that came with it, signed or not."""

import base64
import hashlib
import hmac
from collections.abc import Mapping

# An algorithm that is not here (md5, unixsum) proves nothing and is passed over.
_HASHES = {"sha-256": "sha256", "sha-512": "sha512"}


def digest_of(body: bytes) -> str:
    """The value of the Digest header for a body: `SHA-256=…`."""
    return "SHA-256=" + _base64_hash("sha-256", body)


def content_digest_of(body: bytes) -> str:
    """The value of the Content-Digest header for a body (RFC 9530): `sha-256=:…:`."""
    return f"sha-256=:{_base64_hash('sha-256', body)}:"


def digests_hold(fields: Mapping[str, str], body: bytes) -> bool:
    """Whether every digest header that is there is right; True if there is none.

    `Digest`: each SHA-256 and SHA-512 entry matches and there is a SHA-256. `Content-Digest`:
    the same, but a SHA-512 alone will do.

    Args:
        fields: Header values by lower-case name.
        body: The raw bytes.

    Source: security.md 2.1 step 6
    """
    digest = fields.get("digest")
    if digest is not None and "sha-256" not in _proved(digest, body, mark=""):
        return False
    content_digest = fields.get("content-digest")
    return content_digest is None or bool(_proved(content_digest, body, mark=":"))


def _proved(header: str, body: bytes, *, mark: str) -> frozenset[str]:
    """The known algorithms of a list `name=value, …`; none at all if one entry is wrong.

    Args:
        header: The list.
        body: The raw bytes.
        mark: What encloses a value: nothing in Digest, a colon in Content-Digest (RFC 9530).
    """
    expected: dict[str, bytes] = {}
    for entry in header.split(","):
        name, _, value = entry.strip(" \t").partition("=")
        algorithm = name.lower()
        if algorithm not in _HASHES:
            continue
        # SECURITY: hashed once, however often it is named; tests/unit/protocol/test_digest.py
        if algorithm not in expected:
            expected[algorithm] = f"{mark}{_base64_hash(algorithm, body)}{mark}".encode("ascii")
        if not hmac.compare_digest(value.encode("utf-8", "surrogatepass"), expected[algorithm]):
            return frozenset()
    return frozenset(expected)


def _base64_hash(algorithm: str, body: bytes) -> str:
    return base64.b64encode(hashlib.new(_HASHES[algorithm], body).digest()).decode("ascii")
