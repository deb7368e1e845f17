"""The headers of a request that a server of the fediverse takes as signed by us."""

import base64
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from enum import Enum
from typing import Final
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

from federation.protocol.digest import content_digest_of, digest_of
from federation.protocol.errors import LocalProtocolError
from federation.protocol.httpsig_adapter import is_key_id, signature_header, signing_string

# What is covered, by method.
COVERED = {
    "GET": ("(request-target)", "host", "date"),
    "POST": ("(request-target)", "host", "date", "digest"),
}

_PADDING: Final = PKCS1v15()
_SHA256: Final = SHA256()


class Scheme(Enum):
    """How a request is signed; the value is the word that is stored for a host."""

    CAVAGE = "cavage"
    """With RSA."""
    RFC_9421 = "rfc9421"
    """With RSA, whose key every server finds."""
    RFC_9421_ED25519 = "rfc9421-ed25519"
    """For nodes of our kind, which find the key where they find that of our proofs."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """How one of our actors signs a request.

    Attributes:
        key_id: Where others find the public half.
        key: Ed25519 for the scheme that says so, else RSA.
    """

    scheme: Scheme
    key_id: str
    key: RSAPrivateKey | Ed25519PrivateKey


def sign_by(
    signer: SigningKey, method: str, url: str, body: bytes | None, date: datetime
) -> dict[str, str]:
    """Sign a request in the scheme that goes with this key.

    Raises:
        LocalProtocolError: As `sign_request`.
    """
    key = signer.key
    if signer.scheme is not Scheme.CAVAGE:
        return sign_message(method, url, body, key_id=signer.key_id, key=key, date=date)
    if not isinstance(key, RSAPrivateKey):
        raise LocalProtocolError("draft-cavage is signed with RSA")
    return sign_request(method, url, body, key_id=signer.key_id, key=key, date=date)


def sign_request(
    method: str, url: str, body: bytes | None, *, key_id: str, key: RSAPrivateKey, date: datetime
) -> dict[str, str]:
    """Sign a request in draft-cavage with RSA-SHA256.

    Args:
        method: GET, or POST, which needs a body.
        url: Canonical; it goes on the wire as it stands, without the fragment.
        body: The raw bytes; None for GET.
        key_id: Where others find the public half.
        key: Of the actor that speaks.
        date: The time of signing, in UTC.

    Returns:
        The headers to send: Host, Date, on a POST Digest, and Signature.

    Raises:
        LocalProtocolError: If there is no such request, or it cannot be signed.
    """
    _judge(method, body)
    _, host, target = _taken_apart(url)
    headers = {"Host": host, "Date": format_datetime(date, usegmt=True)}
    if body is not None:
        headers["Digest"] = digest_of(body)
    covered = COVERED[method]
    message = signing_string(method, target, headers=headers, covered=covered)
    headers["Signature"] = signature_header(
        key_id, algorithm="rsa-sha256", covered=covered, signature=_signature(key, message)
    )
    return headers


def sign_message(
    method: str,
    url: str,
    body: bytes | None,
    *,
    key_id: str,
    key: RSAPrivateKey | Ed25519PrivateKey,
    date: datetime,
) -> dict[str, str]:
    """Sign a request by RFC 9421; the type of the key names the algorithm.

    PERF: what we cover never varies, so the signature base is written out: by the library it takes
    0.13 ms, three times as long as an Ed25519 signature (benchmarks/deliver.py). A test compares
    the two byte for byte.

    Args:
        method: GET, or POST, which needs a body.
        url: Canonical; it goes on the wire as it stands, without the fragment.
        body: The raw bytes; None for GET.
        key_id: Where others find the public half.
        key: Of the actor that speaks.
        date: The time of signing, in UTC.

    Returns:
        The headers to send: Host, on a POST Content-Digest, Signature-Input and Signature.

    Raises:
        LocalProtocolError: If there is no such request, or it cannot be signed.
    """
    _judge(method, body)
    scheme, host, target = _taken_apart(url)
    if not is_key_id(key_id):
        raise LocalProtocolError(f"not a key id: {key_id!r}")
    headers = {"Host": host}
    names = '"@method" "@target-uri"'
    lines = [f'"@method": {method}', f'"@target-uri": {scheme}://{host}{target}']
    if body is not None:
        headers["Content-Digest"] = content_digest_of(body)
        names += ' "content-digest"'
        lines.append(f'"content-digest": {headers["Content-Digest"]}')
    algorithm = "rsa-v1_5-sha256" if isinstance(key, RSAPrivateKey) else "ed25519"
    parameters = f'created={int(date.timestamp())};keyid="{key_id}";alg="{algorithm}"'
    base = "\n".join([*lines, f'"@signature-params": ({names});{parameters}'])
    headers["Signature-Input"] = f"sig1=({names});{parameters}"
    headers["Signature"] = f"sig1=:{_signature(key, _ascii(base))}:"
    return headers


def _signature(key: RSAPrivateKey | Ed25519PrivateKey, message: bytes) -> str:
    """The base64 of a signature by the primitive of the key's type."""
    if isinstance(key, RSAPrivateKey):
        raw = key.sign(message, _PADDING, _SHA256)
    else:
        raw = key.sign(message)
    return base64.b64encode(raw).decode("ascii")


def _ascii(text: str) -> bytes:
    try:
        return text.encode("ascii")
    except UnicodeEncodeError as error:
        raise LocalProtocolError(f"cannot sign text outside ASCII: {text[:200]}") from error


def _judge(method: str, body: bytes | None) -> None:
    if method not in COVERED or (method == "POST") != (body is not None):
        raise LocalProtocolError(
            f"cannot sign a {method} {'without' if body is None else 'with'} body"
        )


def _taken_apart(url: str) -> tuple[str, str, str]:
    """The scheme, the Host header and the raw request target of a URL."""
    parts = urlsplit(url)
    if parts.scheme not in ("https", "http") or not parts.netloc or "@" in parts.netloc:
        raise LocalProtocolError(f"not a URL to send to: {url!r}")
    path = parts.path or "/"
    return parts.scheme, parts.netloc, f"{path}?{parts.query}" if parts.query else path
