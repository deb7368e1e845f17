"""Which public keys of others are believed, and how a key is written on the wire.

The rules are section 3 of security.md: RSA of 2048 to 8192 bits with an odd exponent from 3 to
2^32, or Ed25519; PEM `PUBLIC KEY` of at most 16 KiB, or Multikey. A key that breaks one spoils
itself with `RemoteProtocolError` 401, and not the document it stands in.
"""

import binascii
import hashlib
import re
from dataclasses import dataclass
from typing import Literal

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)

from federation.protocol.canonical_json import base58_decode, base58_encode
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.uri import canonical, host_of, without_fragment

Algorithm = Literal["rsa", "ed25519"]

RSA_BITS_MIN = 2048
RSA_BITS_MAX = 8192
RSA_EXPONENT_MIN = 3
RSA_EXPONENT_MAX = 2**32
PEM_BYTES_MAX = 16 * 1024

# A Multikey is a type prefix and the raw key: 34 bytes, 48 characters of base58btc after the "z".
_MULTIKEY_ED25519 = b"\xed\x01"
_MULTIKEY_LENGTH = 48
_ED25519_BYTES = 32

_PEM = re.compile(
    r"\s*+-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]++)-----END PUBLIC KEY-----\s*+", re.ASCII
)
# Resolvers read a name whose last label looks like this as an IPv4 address: 127.1, 0x7f000001.
_NUMERIC_LABEL = re.compile(r"(?:[0-9]+|0x[0-9a-f]*)", re.ASCII)

# SECURITY: the private halves are printed in documents, so anybody signs with them.
# SHA-256 of the SPKI. tests/unit/protocol/test_public_keys.py
PUBLISHED_KEYS = frozenset(
    {
        # RFC 9421 B.1.1 test-key-rsa, B.1.2 test-key-rsa-pss, B.1.4 test-key-ed25519
        "c73eecd318bd3813f2402a660d8a90010ca35d609d19377d5ee7af200713229f",
        "72859cbaf21a0b398b1f25712bbed148b1d85a0c6b824176eb306405caa6f0b2",
        "34571606cb7a0d71be377e671ddcccae2a169ed7733598214129231cd30c4a3c",
        # RFC 8032 7.1 tests 1, 2 and 3
        "06e3fd8fda29bb60ab59557de61edb0aecdb231134be30e75b455f8e1b792fa9",
        "deb2ded39dc26fce0e6085b6fc34bf6b5941913bbfe2ea614113cff9e004c170",
        "8d39ba50abe50f77b6bb8ae7b6927aff7ffbeba35ad2837c0e51e82bcbcc60d5",
        # the examples of FEP-8b32 and of W3C Data Integrity EdDSA
        "d2eaf30fd1eddd11249a69ec46529d28871f0ad11acafb9bc1bb98148ab696e9",
        # the default RS256 pair of jwt.io
        "f56c8b01227f62ddbc16eb29a6ac0b310e276760a5e06302fa881a35146f6bc7",
    }
)


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key that has passed the rules, and the one actor it speaks for.

    Attributes:
        key_id: The id by which signatures name it.
        owner: The actor's id.
        algorithm: Follows from the key; no label of a sender ever changes it.
        key: Verifies signatures.
        spki: The DER that is stored and compared.
    """

    key_id: str
    owner: str
    algorithm: Algorithm
    key: RSAPublicKey | Ed25519PublicKey
    spki: bytes


def key_document(key_id: str, *, allow_http: bool = False) -> str:
    """The URL of the document that holds a key: the key id in canonical form, without fragment.

    Raises:
        RemoteProtocolError: 401, if nothing may be fetched for this key id: not https (http too
            with `allow_http`, for development), userinfo, a literal IP address, over 2 KiB.
    """
    try:
        document = without_fragment(canonical(key_id, allow_http=allow_http))
        host = host_of(document).partition(":")[0]
    except RemoteProtocolError as error:
        raise _refused("the key id is not an https URL", error.detail) from error
    if _NUMERIC_LABEL.fullmatch(host.rpartition(".")[2]):
        raise _refused("the key id names an address instead of a host", key_id)
    return document


def public_from_pem(pem: str, *, key_id: str, owner: str) -> PublicKey:
    """Read the `publicKeyPem` of an actor.

    Raises:
        RemoteProtocolError: 401, if it is not exactly one PEM `PUBLIC KEY` that we accept.
    """
    if len(pem) > PEM_BYTES_MAX:
        raise _refused("the key is too long", key_id)
    found = _PEM.fullmatch(pem)
    if found is None:
        raise _refused("the key is not a PEM public key", key_id)
    try:
        spki = binascii.a2b_base64("".join(found[1].split()), strict_mode=True)
    except binascii.Error as error:
        raise _refused("the key is not a PEM public key", key_id) from error
    return load_spki(spki, key_id=key_id, owner=owner)


def public_from_multikey(multikey: str, *, key_id: str, owner: str) -> PublicKey:
    """Read the `publicKeyMultibase` of a Multikey: Ed25519, so it starts with `z6Mk`.

    Raises:
        RemoteProtocolError: 401, if it is anything else.
    """
    if len(multikey) != _MULTIKEY_LENGTH or not multikey.startswith("z6Mk"):
        raise _refused("the key is not an Ed25519 Multikey", key_id)
    try:
        raw = base58_decode(multikey[1:])
    except RemoteProtocolError as error:
        raise _refused("the key is not an Ed25519 Multikey", key_id) from error
    if not raw.startswith(_MULTIKEY_ED25519) or len(raw) != 2 + _ED25519_BYTES:
        raise _refused("the key is not an Ed25519 Multikey", key_id)
    return _accepted(Ed25519PublicKey.from_public_bytes(raw[2:]), key_id=key_id, owner=owner)


def load_spki(spki: bytes, *, key_id: str, owner: str) -> PublicKey:
    """Read a key from its DER SubjectPublicKeyInfo, as stored or as just fetched.

    Raises:
        RemoteProtocolError: 401, if it is no key that we accept.
    """
    try:
        key = load_der_public_key(spki)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise _refused("the key cannot be read", key_id) from error
    if not isinstance(key, RSAPublicKey | Ed25519PublicKey):
        raise _refused("the key is neither RSA nor Ed25519", key_id)
    return _accepted(key, key_id=key_id, owner=owner)


def spki_of(key: RSAPublicKey | Ed25519PublicKey) -> bytes:
    """The DER SubjectPublicKeyInfo of a key."""
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def pem_of(key: RSAPublicKey | Ed25519PublicKey) -> str:
    """The PEM `PUBLIC KEY` of a key, as in `publicKeyPem`."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii")


def multikey_of(key: Ed25519PublicKey) -> str:
    """The Multikey of an Ed25519 key, as in `publicKeyMultibase`: `z6Mk…`."""
    return "z" + base58_encode(_MULTIKEY_ED25519 + key.public_bytes_raw())


def _accepted(key: RSAPublicKey | Ed25519PublicKey, *, key_id: str, owner: str) -> PublicKey:
    """The key with its owner, or a refusal for its size, its exponent or its fame."""
    algorithm: Algorithm = "ed25519"
    if isinstance(key, RSAPublicKey):
        algorithm = "rsa"
        exponent = key.public_numbers().e
        if not RSA_BITS_MIN <= key.key_size <= RSA_BITS_MAX:
            raise _refused("the RSA key has not 2048 to 8192 bits", key_id)
        if exponent % 2 == 0 or not RSA_EXPONENT_MIN <= exponent <= RSA_EXPONENT_MAX:
            raise _refused("the RSA key has an unsafe exponent", key_id)
    spki = spki_of(key)
    if hashlib.sha256(spki).hexdigest() in PUBLISHED_KEYS:
        raise _refused("the key's private half is public knowledge", key_id)
    return PublicKey(key_id, owner, algorithm, key, spki)


def _refused(reason: str, detail: str) -> RemoteProtocolError:
    return RemoteProtocolError(reason, detail, status=401)
