"""Signed requests, made by hand from the text of draft-cavage and not by the code under test."""

import base64
import functools
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

from federation.protocol.keys import PublicKey, load_spki, spki_of
from federation.protocol.signature import verify
from federation.protocol.signature.parsed import Request, SignatureFailure
from federation.protocol.signature.scheme import claims_in

OWNER = "https://alpha.test/u/al"
KEY_ID = f"{OWNER}#main-key"
NOW = datetime(2026, 11, 22, 7, 44, 0, tzinfo=UTC)
DATE = "Sun, 22 Nov 2026 07:44:00 GMT"
BODY = b'{"type":"Create","actor":"https://alpha.test/u/al"}'
POST_COVERED = ("(request-target)", "host", "date", "digest")
GET_COVERED = ("(request-target)", "host", "date")

PrivateKey = RSAPrivateKey | Ed25519PrivateKey


@functools.cache
def rsa_key() -> RSAPrivateKey:
    """One RSA key for all tests of a run: making one takes a while."""
    return generate_private_key(public_exponent=65537, key_size=2048)


@functools.cache
def ed25519_key() -> Ed25519PrivateKey:
    """One Ed25519 key for all tests of a run."""
    return Ed25519PrivateKey.generate()


def public(key: PrivateKey, key_id: str = KEY_ID) -> PublicKey:
    """The public half as a verifier holds it."""
    return load_spki(spki_of(key.public_key()), key_id=key_id, owner=OWNER)


def digest(body: bytes, algorithm: str = "sha256") -> str:
    """The base64 of a hash."""
    return base64.b64encode(hashlib.new(algorithm, body).digest()).decode()


def signature_of(key: PrivateKey, text: str) -> str:
    """The base64 of a signature."""
    message = text.encode()
    if isinstance(key, RSAPrivateKey):
        return base64.b64encode(key.sign(message, PKCS1v15(), SHA256())).decode()
    return base64.b64encode(key.sign(message)).decode()


def post_headers(body: bytes = BODY) -> dict[str, str]:
    """What a POST of that body needs."""
    return {"Host": "beta.test", "Date": DATE, "Digest": f"SHA-256={digest(body)}"}


@dataclass(frozen=True)
class Signed:
    """A request with a Signature header over what `covered` names.

    Attributes:
        headers: All others.
        parameters: Replace those of the header as written: name to text with its quotes; "" drops.
        covered: Names as they stand in `headers="…"`.
        key: None is the RSA key.
        signed_target: "" is the target.
    """

    method: str = "POST"
    target: str = "/inbox"
    headers: Mapping[str, str] = field(default_factory=post_headers)
    body: bytes | None = BODY
    parameters: Mapping[str, str] = field(default_factory=dict)
    covered: Sequence[str] = POST_COVERED
    key: PrivateKey | None = None
    signed_target: str = ""

    def request(self) -> Request:
        """Sign it."""
        written = {"keyId": f'"{KEY_ID}"', "algorithm": '"rsa-sha256"', **self.parameters}
        values = {name.lower(): value for name, value in self.headers.items()} | {
            "(request-target)": f"{self.method.lower()} {self.signed_target or self.target}",
            "(created)": written.get("created", "").strip('"'),
            "(expires)": written.get("expires", "").strip('"'),
        }
        text = "\n".join(f"{n.lower()}: {values.get(n.lower(), '')}" for n in self.covered)
        written.setdefault("headers", f'"{" ".join(self.covered)}"')
        written.setdefault("signature", f'"{signature_of(self.key or rsa_key(), text)}"')
        signature = ",".join(f"{name}={value}" for name, value in written.items() if value)
        headers = (*self.headers.items(), ("Signature", signature))
        return Request(self.method, self.target, headers, self.body)


def signed_get(target: str = "/u/bo", *, signed_target: str = "") -> Request:
    """A GET as servers send it."""
    headers = {"Host": "beta.test", "Date": DATE}
    return Signed(
        "GET", target, headers, None, covered=GET_COVERED, signed_target=signed_target
    ).request()


def with_header(request: Request, name: str, value: str) -> Request:
    """The request with one header replaced, or added."""
    others = tuple(pair for pair in request.headers if pair[0].lower() != name.lower())
    return Request(request.method, request.target, (*others, (name, value)), request.body)


def judged(
    request: Request, key: PublicKey, now: datetime = NOW
) -> verify.Verified | SignatureFailure:
    """What the steps of the verifier answer to its first claim, the key look-up left out."""
    claims = claims_in(request)
    if isinstance(claims, SignatureFailure):
        return claims
    parsed = claims[0]
    failure = verify.check_time_and_digest(parsed, request, now)
    return failure or verify.verify(parsed, request, key)
