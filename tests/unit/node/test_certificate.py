"""What is wrong with a certificate or its key is said by the key of the configuration."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from node.config.certificate import faults

NOW = datetime(2026, 9, 3, tzinfo=UTC)
NAME = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "alpha.test")])


def write_key(key: ec.EllipticCurvePrivateKey, file: Path, password: bytes = b"") -> None:
    seal = BestAvailableEncryption(password) if password else NoEncryption()
    file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, seal))


def write_certificate(key: ec.EllipticCurvePrivateKey, file: Path, begins: datetime) -> None:
    certificate = (
        x509.CertificateBuilder()
        .subject_name(NAME)
        .issuer_name(NAME)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=30))
        .sign(key, hashes.SHA256())
    )
    file.write_bytes(certificate.public_bytes(Encoding.PEM))


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate and its key, which are fine."""
    certificate, key_file = tmp_path / "chain.pem", tmp_path / "key.pem"
    key = ec.generate_private_key(ec.SECP256R1())
    write_key(key, key_file)
    write_certificate(key, certificate, NOW - timedelta(days=1))
    return certificate, key_file


def said(certificate: Path, key: Path) -> list[tuple[str, str]]:
    return [(name, wrong.allowed) for name, wrong in faults(str(certificate), str(key), NOW)]


def test_a_pair_that_fits_is_fine(pair: tuple[Path, Path]) -> None:
    assert said(*pair) == []


def test_both_files_that_are_missing_are_named(tmp_path: Path) -> None:
    assert said(tmp_path / "no.pem", tmp_path / "none.pem") == [
        ("tls_cert", "cannot be read: No such file or directory"),
        ("tls_key_file", "cannot be read: No such file or directory"),
    ]


def test_a_file_of_something_else_is_named(pair: tuple[Path, Path]) -> None:
    for file in pair:
        file.write_text("hello\n")

    assert said(*pair) == [
        ("tls_cert", "holds no certificate in PEM"),
        ("tls_key_file", "holds no private key in PEM"),
    ]


def test_two_files_given_the_wrong_way_round_are_named(pair: tuple[Path, Path]) -> None:
    certificate, key = pair

    assert said(key, certificate) == [
        ("tls_cert", "holds no certificate in PEM"),
        ("tls_key_file", "holds no private key in PEM"),
    ]


def test_another_certificates_key_is_named(pair: tuple[Path, Path]) -> None:
    write_key(ec.generate_private_key(ec.SECP256R1()), pair[1])

    assert said(*pair) == [("tls_key_file", "is not the key of the certificate in server.tls_cert")]


def test_nobody_is_asked_for_a_passphrase(pair: tuple[Path, Path]) -> None:
    write_key(ec.generate_private_key(ec.SECP256R1()), pair[1], b"secret")

    assert said(*pair) == [
        ("tls_key_file", "is sealed with a passphrase; the node needs it without")
    ]


@pytest.mark.parametrize(
    ("begins", "words"),
    [
        (NOW - timedelta(days=31), "has expired on 2026-09-02"),
        (NOW + timedelta(days=1), "is valid only from 2026-09-04"),
    ],
)
def test_a_certificate_outside_of_its_time_is_named(
    pair: tuple[Path, Path], begins: datetime, words: str
) -> None:
    certificate, key_file = pair
    key = ec.generate_private_key(ec.SECP256R1())
    write_key(key, key_file)
    write_certificate(key, certificate, begins)

    assert said(certificate, key_file) == [("tls_cert", words)]


def test_a_key_that_openssl_thinks_too_weak_is_named(pair: tuple[Path, Path]) -> None:
    certificate, key_file = pair
    key = ec.generate_private_key(ec.SECP192R1())
    write_key(key, key_file)
    write_certificate(key, certificate, NOW - timedelta(days=1))

    ((name, words),) = said(certificate, key_file)

    assert name == "tls_cert"
    assert words.startswith("cannot be served: ")
