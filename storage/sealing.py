"""Private keys lie in the database sealed; they open with the node's secret and their own id alone.

A sealed key is one version byte, a nonce of 12 bytes, and AES-256-GCM of the key's PKCS #8 with the
key id as associated data, so that one key's bytes cannot stand in for another's.
"""

import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)

from storage.errors import StorageError

SECRET_BYTES = 32

_VERSION = b"\x01"
_NONCE_BYTES = 12
_PURPOSE = b"covey actor keys 1"

PrivateKey = RSAPrivateKey | Ed25519PrivateKey


# What is so, as in storage/errors.py.
class SealBroken(StorageError):  # noqa: N818
    """A sealed key does not open: another secret, another key id, or damaged bytes."""


# What is so, as in storage/errors.py.
class BadSecret(StorageError):  # noqa: N818
    """The node's secret file is absent, has the wrong size, or others may read it."""


def write_secret(path: Path, secret: bytes) -> None:
    """Write the node's secret, 32 random bytes, where there is none yet.

    Raises:
        FileExistsError: There is one; it is never overwritten.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secret)
        file.flush()
        os.fsync(file.fileno())


def read_secret(path: Path) -> bytes:
    """The node's secret.

    Raises:
        BadSecret: It is not there, not 32 bytes, or readable by others.
    """
    try:
        mode = path.stat().st_mode
        secret = path.read_bytes()
    except OSError as error:
        raise BadSecret(f"{path}: {error.strerror}") from error
    if mode & 0o077:
        raise BadSecret(f"{path} may be read by others; its mode must be 0600")
    if len(secret) != SECRET_BYTES:
        raise BadSecret(f"{path} must hold {SECRET_BYTES} bytes")
    return secret


class SecretSealer:
    """Seals and opens bytes, each under the name of what they belong to.

    Args:
        secret: The node's.
        purpose: What is sealed for one purpose does not open for another.
    """

    def __init__(self, secret: bytes, purpose: bytes) -> None:
        if len(secret) != SECRET_BYTES:
            raise BadSecret(f"a secret has {SECRET_BYTES} bytes")
        derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret)
        self._cipher = AESGCM(derived)

    def seal(self, document: bytes, name: str) -> bytes:
        """The bytes to store."""
        # SECURITY: a nonce used twice would give the keys away, so it is not an argument;
        # test_a_seal_differs_each_time_and_hides_the_key.
        nonce = os.urandom(_NONCE_BYTES)
        return _VERSION + nonce + self._cipher.encrypt(nonce, document, name.encode())

    def unseal(self, sealed: bytes, name: str) -> bytes:
        """What was sealed under this name.

        Raises:
            SealBroken: The seal does not hold.
        """
        nonce, encrypted = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        if sealed[:1] != _VERSION or len(nonce) != _NONCE_BYTES:
            raise SealBroken(name)
        try:
            return self._cipher.decrypt(nonce, encrypted, name.encode())
        except InvalidTag as error:
            raise SealBroken(name) from error


class Sealer:
    """Seals and opens the private keys of one node."""

    def __init__(self, secret: bytes) -> None:
        self._sealer = SecretSealer(secret, _PURPOSE)

    def seal(self, key: PrivateKey, key_id: str) -> bytes:
        """The bytes to store for a private key."""
        document = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        return self._sealer.seal(document, key_id)

    def unseal(self, sealed: bytes, key_id: str) -> PrivateKey:
        """The private key that was sealed under this id.

        Raises:
            SealBroken: The seal does not hold.
        """
        document = self._sealer.unseal(sealed, key_id)
        # SECURITY: unchecked only here, for a key we made whose seal has just been authenticated
        # (test_a_changed_seal_does_not_open). Checking costs 51 ms a key, this 18 µs.
        key = load_der_private_key(document, password=None, unsafe_skip_rsa_key_validation=True)
        if not isinstance(key, RSAPrivateKey | Ed25519PrivateKey):
            raise SealBroken(key_id)
        return key
