"""What a push service is handed: sealed for one browser, in the encoding that it reads.

Sources: RFC 8291 and RFC 8188 (aes128gcm); draft-ietf-webpush-encryption-04 (aesgcm).
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

SALT_BYTES: Final = 16
RECORD_BYTES: Final = 4096
KEY_BYTES: Final = 16
NONCE_BYTES: Final = 12
# Behind the last record, and before the only one of the older encoding: no padding.
LAST: Final = b"\x02"
UNPADDED: Final = b"\x00\x00"


@dataclass(frozen=True, slots=True)
class Receiver:
    """Whom a push is sealed for: a browser's public point, and the secret it gave."""

    point: bytes
    auth: bytes


@dataclass(frozen=True, slots=True)
class Once:
    """What no two pushes share."""

    key: EllipticCurvePrivateKey
    salt: bytes

    @property
    def point(self) -> bytes:
        """The public half."""
        return point_of(self.key)


@dataclass(frozen=True, slots=True)
class Sealed:
    """A body that only the browser can open.

    Attributes:
        headers: What the encoding needs beside it.
        crypto_key: What stands in `Crypto-Key` before the key of the sender, or "".
    """

    body: bytes
    headers: Mapping[str, str]
    crypto_key: str = ""


def sealed(document: bytes, receiver: Receiver, once: Once) -> Sealed:
    """A document of less than 4,000 bytes in aes128gcm."""
    info = b"WebPush: info\x00" + receiver.point + once.point
    secret = _derived(_shared(receiver, once), receiver.auth, info, 32)
    cipher, nonce = _cipher(secret, once.salt, "aes128gcm", b"")
    head = once.salt + RECORD_BYTES.to_bytes(4, "big") + bytes([len(once.point)]) + once.point
    body = head + cipher.encrypt(nonce, document + LAST, None)
    return Sealed(body, {"Content-Encoding": "aes128gcm"})


def sealed_as_before(document: bytes, receiver: Receiver, once: Once) -> Sealed:
    """The same in aesgcm, which some apps read alone."""
    shared = _shared(receiver, once)
    secret = _derived(shared, receiver.auth, b"Content-Encoding: auth\x00", 32)
    both = b"".join(len(one).to_bytes(2, "big") + one for one in (receiver.point, once.point))
    cipher, nonce = _cipher(secret, once.salt, "aesgcm", b"P-256\x00" + both)
    headers = {"Content-Encoding": "aesgcm", "Encryption": f"salt={in_url(once.salt)}"}
    body = cipher.encrypt(nonce, UNPADDED + document, None)
    return Sealed(body, headers, f"dh={in_url(once.point)}")


def in_url(data: bytes) -> str:
    """Bytes in base64 for URLs, without padding."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def from_url(text: str) -> bytes:
    """The bytes of such a text."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def point_of(key: EllipticCurvePrivateKey) -> bytes:
    """The public point of a key, uncompressed."""
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _shared(receiver: Receiver, once: Once) -> bytes:
    theirs = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), receiver.point)
    return once.key.exchange(ECDH(), theirs)


def _cipher(secret: bytes, salt: bytes, encoding: str, context: bytes) -> tuple[AESGCM, bytes]:
    key = _derived(secret, salt, _info(encoding) + context, KEY_BYTES)
    return AESGCM(key), _derived(secret, salt, _info("nonce") + context, NONCE_BYTES)


def _info(name: str) -> bytes:
    return f"Content-Encoding: {name}\x00".encode()


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(secret)
