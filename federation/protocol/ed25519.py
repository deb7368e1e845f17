"""Whether an Ed25519 key made a signature; the one place that asks libsodium.

It takes half the time of OpenSSL, once for each proven message and once more for a request signed
by RFC 9421, and refuses keys of small order, whose signatures fit every message.

Source: RFC 8032 5.1.7; docs/decisions/0031
"""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from nacl.exceptions import BadSignatureError
from nacl.exceptions import ValueError as BadLengthError
from nacl.signing import VerifyKey


def is_signature(key: Ed25519PublicKey, signature: bytes, message: bytes) -> bool:
    """Answer whether the key made the signature over the message; one of odd length never fits."""
    try:
        VerifyKey(key.public_bytes_raw()).verify(message, signature)
    except (BadSignatureError, BadLengthError):
        return False
    return True
