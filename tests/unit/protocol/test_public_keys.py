import base64
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from federation.protocol.canonical_json import base58_decode, base58_encode
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.keys import (
    PEM_BYTES_MAX,
    PUBLISHED_KEYS,
    PublicKey,
    key_document,
    load_spki,
    multikey_of,
    pem_of,
    public_from_multikey,
    public_from_pem,
    spki_of,
)
from tests.support.signing import KEY_ID, OWNER, rsa_key

RSA = rsa_key().public_key()
# The same in every process, since tests are named for it.
ED25519 = Ed25519PrivateKey.from_private_bytes(bytes(range(32))).public_key()
MODULUS = RSA.public_numbers().n
# RFC 9421 B.1.2, whose private half is printed there.
RFC_9421_RSA = """
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAr4tmm3r20Wd/PbqvP1s2
+QEtvpuRaV8Yq40gjUR8y2Rjxa6dpG2GXHbPfvMs8ct+Lh1GH45x28Rw3Ry53mm+
oAXjyQ86OnDkZ5N8lYbggD4O3w6M6pAvLkhk95AndTrifbIFPNU8PPMO7OyrFAHq
gDsznjPFmTOtCEcN2Z1FpWgchwuYLPL+Wokqltd11nqqzi+bJ9cvSKADYdUAAN5W
Utzdpiy6LbTgSxP7ociU4Tn0g5I6aDZJ7A8Lzo0KSyZYoA485mqcO0GVAdVw9lq4
aOT9v6d+nb4bnNkQVklLQ3fVAvJm+xdDOp9LCNCN48V2pnDOkFV6+U9nV5oyc6XI
2wIDAQAB
"""


def rsa(bits: int = 2048, exponent: int = 65537) -> RSAPublicKey:
    """A key of that size; nobody has its private half, and nobody needs it here."""
    return RSAPublicNumbers(
        exponent, (1 << (bits - 1)) | (MODULUS % (1 << (bits - 1)))
    ).public_key()


def from_pem(pem: str) -> PublicKey:
    return public_from_pem(pem, key_id=KEY_ID, owner=OWNER)


def from_multikey(text: str) -> PublicKey:
    return public_from_multikey(text, key_id=KEY_ID, owner=OWNER)


def from_spki(spki: bytes) -> PublicKey:
    return load_spki(spki, key_id=KEY_ID, owner=OWNER)


@pytest.mark.parametrize(("key", "algorithm"), [(RSA, "rsa"), (ED25519, "ed25519")])
def test_a_key_is_the_same_by_pem_and_by_its_bytes(
    key: RSAPublicKey | Ed25519PublicKey, algorithm: str
):
    by_pem, by_spki = from_pem(pem_of(key)), from_spki(spki_of(key))

    assert by_pem.spki == by_spki.spki == spki_of(key)
    assert (by_pem.key_id, by_pem.owner, by_pem.algorithm) == (KEY_ID, OWNER, algorithm)
    assert by_pem.key == by_spki.key == key


def test_an_ed25519_key_is_the_same_by_multikey():
    text = multikey_of(ED25519)

    key = from_multikey(text)

    assert text.startswith("z6Mk")
    assert (key.algorithm, key.spki) == ("ed25519", spki_of(ED25519))


@pytest.mark.parametrize(
    "form",
    [
        lambda pem: pem,
        lambda pem: pem.strip(),
        lambda pem: pem.replace("\n", "\r\n"),
        lambda pem: f"\n  {pem}\n\n",
        lambda pem: "".join(pem.splitlines()),
    ],
)
def test_a_pem_may_be_wrapped_in_any_way(form: Callable[[str], str]):
    assert from_pem(form(pem_of(RSA))).spki == spki_of(RSA)


@pytest.mark.parametrize(
    "pem",
    [
        "",
        "nonsense",
        pem_of(RSA).replace("PUBLIC", "RSA PUBLIC"),
        pem_of(RSA).replace("PUBLIC", "PRIVATE"),
        RSA.public_bytes(Encoding.PEM, PublicFormat.PKCS1).decode(),
        pem_of(RSA) + pem_of(RSA),
        pem_of(RSA) + "x",
        "x" + pem_of(RSA),
        pem_of(RSA).replace("MII", "MI-"),
        pem_of(RSA).replace("MII", "MI="),
        pem_of(RSA).replace("MII", "MIé"),
        "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----",
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
        pem_of(RSA) + " " * PEM_BYTES_MAX,
        "-----BEGIN PUBLIC KEY-----" * 600,
    ],
)
def test_what_is_not_exactly_one_pem_public_key_is_refused(pem: str):
    with pytest.raises(RemoteProtocolError) as refusal:
        from_pem(pem)

    assert refusal.value.status == 401


@pytest.mark.parametrize(
    ("bits", "exponent"), [(2048, 65537), (8192, 65537), (2048, 3), (2048, 2**32 - 1)]
)
def test_an_rsa_key_within_the_bounds_is_let_in(bits: int, exponent: int):
    assert from_spki(spki_of(rsa(bits, exponent))).algorithm == "rsa"


@pytest.mark.parametrize(
    ("bits", "exponent"),
    [
        (1024, 65537),
        (2047, 65537),
        (8193, 65537),
        (16384, 65537),
        (2048, 2**32 + 1),
        (2048, 2**64 + 1),
    ],
)
def test_an_rsa_key_outside_the_bounds_is_refused(bits: int, exponent: int):
    with pytest.raises(RemoteProtocolError) as refusal:
        from_spki(spki_of(rsa(bits, exponent)))

    assert refusal.value.status == 401


@pytest.mark.parametrize("exponent", [0, 1, 2, 4, 65536])
def test_an_rsa_key_with_an_exponent_that_signs_nothing_is_refused(exponent: int):
    good = spki_of(RSA)
    assert good.endswith(b"\x02\x03\x01\x00\x01")
    bad = good[:-3] + exponent.to_bytes(3, "big")

    with pytest.raises(RemoteProtocolError):
        from_spki(bad)


@pytest.mark.parametrize(
    "spki",
    [
        b"",
        b"\x30\x00",
        b"\x00" * 64,
        spki_of(RSA)[:-1],
        spki_of(RSA) + b"\x00",
        ec.derive_private_key(7, ec.SECP256R1())
        .public_key()
        .public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
    ],
)
def test_other_bytes_are_no_key(spki: bytes):
    with pytest.raises(RemoteProtocolError) as refusal:
        from_spki(spki)

    assert refusal.value.status == 401


@pytest.mark.parametrize(
    "text",
    [
        "",
        "z6Mk",
        multikey_of(ED25519)[1:],
        multikey_of(ED25519)[:-1],
        multikey_of(ED25519) + "1",
        "u" + multikey_of(ED25519)[1:],
        multikey_of(ED25519)[:-1] + "0",
        "z" + base58_encode(b"\xed\x02" + ED25519.public_bytes_raw()),
        "z6Mk" + "z" * 44,
        "z" * 100_000,
    ],
)
def test_another_multikey_is_refused(text: str):
    with pytest.raises(RemoteProtocolError) as refusal:
        from_multikey(text)

    assert refusal.value.status == 401


@pytest.mark.parametrize(
    "seed",
    [
        # FEP-8b32: z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq
        base58_decode("3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq")[2:],
        # RFC 8032 7.1 tests 1, 2 and 3
        bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"),
        bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"),
        bytes.fromhex("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7"),
        # RFC 9421 B.1.4
        base64.b64decode("n4Ni+HpISpVObnQMW0wOhCKROaIKqKtW/2ZYb2p9KcU="),
    ],
)
def test_a_key_whose_private_half_is_printed_somewhere_is_refused(seed: bytes):
    key = Ed25519PrivateKey.from_private_bytes(seed).public_key()

    for read in (lambda: from_multikey(multikey_of(key)), lambda: from_pem(pem_of(key))):
        with pytest.raises(RemoteProtocolError) as refusal:
            read()
        assert "public knowledge" in refusal.value.reason
        assert refusal.value.status == 401


def test_the_rsa_test_keys_of_rfc_9421_are_refused():
    key = base64.b64decode(RFC_9421_RSA)

    with pytest.raises(RemoteProtocolError) as refusal:
        from_spki(key)

    assert "public knowledge" in refusal.value.reason
    assert len(PUBLISHED_KEYS) == 8


@pytest.mark.parametrize(
    ("key_id", "document"),
    [
        ("https://alpha.test/u/al#main-key", "https://alpha.test/u/al"),
        ("https://alpha.test/users/al/main-key", "https://alpha.test/users/al/main-key"),
        ("https://alpha.test:8443/u/al?x=1#k", "https://alpha.test:8443/u/al?x=1"),
        ("https://4.alpha.test/u/al#k", "https://4.alpha.test/u/al"),
    ],
)
def test_a_key_id_names_its_document(key_id: str, document: str):
    assert key_document(key_id) == document


@pytest.mark.parametrize(
    "key_id",
    [
        "",
        "main-key",
        "#main-key",
        "http://alpha.test/u/al#main-key",
        "ftp://alpha.test/u/al",
        "acct:al@alpha.test",
        "did:key:z6Mk",
        "https:///u/al",
        "https://al@alpha.test/u/al",
        "https://al:x@alpha.test/u/al",
        "https://alpha.test:x/u/al",
        "https://127.0.0.1/u/al",
        "https://127.1/u/al",
        "https://127.0.0.1./u/al",
        "https://127.0.0.1:8443/u/al",
        "https://2130706433/u/al",
        "https://0x7f000001/u/al",
        "https://0x7F.0.0.1/u/al",
        "https://127.0.0.0x1/u/al",
        "https://[::1]/u/al",
        "https://[::ffff:127.0.0.1]/u/al",
        "https://[",
        "https://alpha.test/u/al main-key",
        "https://alpha.test/" + "x" * 2048,
    ],
)
def test_a_key_id_that_nothing_is_fetched_for_is_refused(key_id: str):
    with pytest.raises(RemoteProtocolError) as refusal:
        key_document(key_id)

    assert refusal.value.status == 401


def test_a_key_id_may_be_http_in_development_only():
    key_id = "http://localhost:8420/u/al#main-key"

    assert key_document(key_id, allow_http=True) == "http://localhost:8420/u/al"
    with pytest.raises(RemoteProtocolError):
        key_document("ftp://localhost/u/al", allow_http=True)
