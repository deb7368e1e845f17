"""A browser that has subscribed, and what its push service hands it.

It opens what was sealed for it step by step as RFC 8291 and RFC 8188 say, with nothing of the node.
"""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.support.tls_peer import TlsPeer

SERVICE = "push.test"


@dataclass(slots=True)
class Device:
    """What a browser keeps of its subscription.

    Attributes:
        status: What the service answers, and after how long it may be asked again.
    """

    service: TlsPeer
    path: str = "/for/ana"
    key: EllipticCurvePrivateKey = field(default_factory=lambda: generate_private_key(SECP256R1()))
    auth: bytes = b"sixteen bytes..!"
    status: int = 201
    retry_after: str = ""

    def __post_init__(self) -> None:
        async def answer(_: web.Request) -> web.Response:
            headers = {"Retry-After": self.retry_after} if self.retry_after else {}
            return web.Response(status=self.status, headers=headers)

        self.service.routes[self.path] = answer

    def wish(self, **more: object) -> dict[str, Any]:
        """What it asks the node for."""
        keys = {"p256dh": in_url(point_of(self.key)), "auth": in_url(self.auth)}
        return {"endpoint": f"https://{SERVICE}{self.path}", "keys": keys} | more

    @property
    def asked(self) -> list[web.BaseRequest]:
        return [one for one in self.service.requests if one.path == self.path]

    def told(self) -> list[dict[str, Any]]:
        """What was sealed for it, opened, oldest first."""
        pairs = zip(self.service.requests, self.service.bodies, strict=True)
        return [self._opened(one, body) for one, body in pairs if one.path == self.path]

    def _opened(self, request: web.BaseRequest, body: bytes) -> dict[str, Any]:
        if request.headers["Content-Encoding"] == "aes128gcm":
            plain = opened(body, self.key, self.auth)
        else:
            salt = from_url(request.headers["Encryption"].partition("salt=")[2])
            parts = (part.split("=", 1) for part in request.headers["Crypto-Key"].split(";"))
            plain = opened_as_before(body, salt, from_url(dict(parts)["dh"]), self.key, self.auth)
        document: dict[str, Any] = json.loads(plain)
        return document


def opened(body: bytes, key: EllipticCurvePrivateKey, auth: bytes) -> bytes:
    """The text of one record of aes128gcm."""
    salt, size, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
    sender, record = body[21 : 21 + length], body[21 + length :]
    assert len(record) <= size
    info = b"WebPush: info\0" + point_of(key) + sender
    secret = _hkdf(auth, _agreed(key, sender), info, 32)
    cek = _hkdf(salt, secret, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _hkdf(salt, secret, b"Content-Encoding: nonce\0", 12)
    padded = AESGCM(cek).decrypt(nonce, record, None).rstrip(b"\0")
    assert padded[-1:] == b"\x02"
    return padded[:-1]


def opened_as_before(
    body: bytes, salt: bytes, sender: bytes, key: EllipticCurvePrivateKey, auth: bytes
) -> bytes:
    """The text of one record of aesgcm."""
    secret = _hkdf(auth, _agreed(key, sender), b"Content-Encoding: auth\0", 32)
    context = b"P-256\0\0\x41" + point_of(key) + b"\0\x41" + sender
    cek = _hkdf(salt, secret, b"Content-Encoding: aesgcm\0" + context, 16)
    nonce = _hkdf(salt, secret, b"Content-Encoding: nonce\0" + context, 12)
    padded = AESGCM(cek).decrypt(nonce, body, None)
    return padded[2 + int.from_bytes(padded[:2], "big") :]


def is_signed_by(token: str, key: str) -> bool:
    """Whether a JSON Web Token was signed with the private half of a public point."""
    said, _, signature = token.rpartition(".")
    r, s = (int.from_bytes(half) for half in (from_url(signature)[:32], from_url(signature)[32:]))
    public = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), from_url(key))
    # It raises where the signature does not hold.
    public.verify(encode_dss_signature(r, s), said.encode(), ECDSA(SHA256()))
    return True


def in_url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_url(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def point_of(key: EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _agreed(key: EllipticCurvePrivateKey, sender: bytes) -> bytes:
    return key.exchange(ECDH(), EllipticCurvePublicKey.from_encoded_point(SECP256R1(), sender))


def _hkdf(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    """One block of HKDF is enough for 32 bytes."""
    key = hmac.digest(salt, secret, hashlib.sha256)
    return hmac.digest(key, info + b"\x01", hashlib.sha256)[:length]
