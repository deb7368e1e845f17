import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from federation.protocol.ed25519 import is_signature

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
# Encodings of points of order 1, 2, 4 and 8.
SMALL_ORDER = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
]
# RFC 8032 7.1, tests 1 to 3: public key, message, signature.
VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf"
            "9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f"
            "11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984"
            "dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
]


@pytest.mark.parametrize(("key", "message", "signature"), VECTORS)
def test_the_vectors_of_the_rfc_fit(key: str, message: str, signature: str) -> None:
    public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))

    assert is_signature(public, bytes.fromhex(signature), bytes.fromhex(message))


@given(message=st.binary(max_size=300), flipped=st.integers(0, 511))
def test_what_was_signed_fits_and_one_changed_bit_does_not(message: bytes, flipped: int) -> None:
    signature = KEY.sign(message)
    changed = bytearray(signature)
    changed[flipped // 8] ^= 1 << flipped % 8

    assert is_signature(KEY.public_key(), signature, message)
    assert not is_signature(KEY.public_key(), bytes(changed), message)
    assert not is_signature(KEY.public_key(), signature, message + b"!")


@pytest.mark.parametrize("length", [0, 63, 65, 128])
def test_a_signature_of_another_length_never_fits(length: int) -> None:
    signature = (KEY.sign(b"said") * 2)[:length]

    assert not is_signature(KEY.public_key(), signature, b"said")


@pytest.mark.parametrize("encoded", SMALL_ORDER)
def test_a_key_whose_signatures_fit_every_message_is_no_key(encoded: str) -> None:
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(encoded))
    neutral = bytes.fromhex(SMALL_ORDER[0])

    assert not is_signature(key, neutral + bytes(32), b"anything")


def test_the_other_library_takes_such_a_key() -> None:
    """So the test above is about something."""
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(SMALL_ORDER[0]))
    neutral = bytes.fromhex(SMALL_ORDER[0])

    key.verify(neutral + bytes(32), b"anything")
    with pytest.raises(InvalidSignature):
        key.verify(KEY.sign(b"anything"), b"anything")
