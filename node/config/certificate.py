"""A certificate and its key are tried before the node starts, and what is wrong with them is said.

Whoever connects would learn it only as a handshake that fails.
"""

import ssl
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes, PublicKeyTypes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)

from node.config.checks import CERTIFICATE, KEY
from node.config.mistake import Wrong

Fault = tuple[str, Wrong]


def valid_until(certificate_file: str) -> datetime | None:
    """When a certificate expires; None if it cannot be read."""
    certificate = _certificate(certificate_file)
    return None if isinstance(certificate, Wrong) else certificate.not_valid_after_utc


def faults(certificate_file: str, key_file: str, now: datetime) -> Iterator[Fault]:
    """What keeps a node from serving TLS with these two files, each by its key of `[server]`.

    Args:
        certificate_file: The chain in PEM, the node's own certificate first.
        key_file: Its private key in PEM.
        now: The certificate has to be valid at this time.
    """
    certificate = _certificate(certificate_file)
    key = _key(key_file)
    if isinstance(certificate, Wrong):
        yield CERTIFICATE, certificate
    elif now > certificate.not_valid_after_utc:
        yield CERTIFICATE, Wrong(f"has expired on {certificate.not_valid_after_utc:%Y-%m-%d}")
    elif now < certificate.not_valid_before_utc:
        yield CERTIFICATE, Wrong(f"is valid only from {certificate.not_valid_before_utc:%Y-%m-%d}")
    if isinstance(key, Wrong):
        yield KEY, key
    elif not isinstance(certificate, Wrong):
        yield from _together(certificate, certificate_file, key, key_file)


def _together(
    certificate: x509.Certificate, certificate_file: str, key: PrivateKeyTypes, key_file: str
) -> Iterator[Fault]:
    if _bytes_of(certificate.public_key()) != _bytes_of(key.public_key()):
        yield KEY, Wrong("is not the key of the certificate in server.tls_cert")
        return
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(
            certificate_file, key_file
        )
    except ssl.SSLError as error:
        yield CERTIFICATE, Wrong(f"cannot be served: {error.reason or error}")


def _certificate(file: str) -> x509.Certificate | Wrong:
    content = _content(file)
    if isinstance(content, Wrong):
        return content
    try:
        return x509.load_pem_x509_certificates(content)[0]
    except ValueError:
        return Wrong("holds no certificate in PEM")


def _key(file: str) -> PrivateKeyTypes | Wrong:
    content = _content(file)
    if isinstance(content, Wrong):
        return content
    try:
        return load_pem_private_key(content, password=None)
    except TypeError:
        # Nobody is there to type it.
        return Wrong("is sealed with a passphrase; the node needs it without")
    except (ValueError, UnsupportedAlgorithm):
        return Wrong("holds no private key in PEM")


def _content(file: str) -> bytes | Wrong:
    try:
        return Path(file).read_bytes()
    except OSError as error:
        return Wrong(f"cannot be read: {error.strerror}")


def _bytes_of(key: PublicKeyTypes) -> bytes:
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
