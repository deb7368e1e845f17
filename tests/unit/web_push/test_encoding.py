"""What is sealed for a browser is what the standards' examples and another library say."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key

from node.web_push.encoding import (
    Once,
    Receiver,
    from_url,
    in_url,
    point_of,
    sealed,
    sealed_as_before,
)
from tests.support.push_device import opened, opened_as_before

# The example of RFC 8291, section 5 and appendix A.
TEXT = b"When I grow up, I want to be a watermelon"
BROWSER = derive_private_key(
    int.from_bytes(from_url("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94")), SECP256R1()
)
ONCE = Once(
    derive_private_key(
        int.from_bytes(from_url("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")), SECP256R1()
    ),
    from_url("DGv6ra1nlYgDCS1FRnbzlw"),
)
AUTH = from_url("BTBZMqHH6r4Tts7J_aSIgg")
RECEIVER = Receiver(point_of(BROWSER), AUTH)
STANDARD = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmY"
    "WAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexS"
    "gSxsj_Qulcy4a-fN"
)
# The same keys and text by http-ece 1.2.1.
OLDER = "4qwOLFm_mNy0vf1A8f3Bm6B5UD15y3aV_xZy14pixUhcPTIoZKHzq5i3dZ6PzqSMxBI_-VDUZ4jW04M"


def test_the_standard_encoding_is_that_of_its_example() -> None:
    made = sealed(TEXT, RECEIVER, ONCE)

    assert in_url(made.body) == STANDARD
    assert made.headers == {"Content-Encoding": "aes128gcm"}
    assert made.crypto_key == ""


def test_the_older_encoding_is_what_a_library_makes() -> None:
    made = sealed_as_before(TEXT, RECEIVER, ONCE)

    assert in_url(made.body) == OLDER
    assert made.headers["Content-Encoding"] == "aesgcm"
    assert made.headers["Encryption"] == "salt=DGv6ra1nlYgDCS1FRnbzlw"
    assert made.crypto_key == f"dh={in_url(ONCE.point)}"


@pytest.mark.parametrize("text", [b"", b"x", b"\x02\x00" * 100, b"z" * 3900])
def test_a_browser_reads_both(text: bytes) -> None:
    standard, older = sealed(text, RECEIVER, ONCE), sealed_as_before(text, RECEIVER, ONCE)

    assert opened(standard.body, BROWSER, AUTH) == text
    assert opened_as_before(older.body, ONCE.salt, ONCE.point, BROWSER, AUTH) == text
