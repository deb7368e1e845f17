"""httpsig agrees with us on honest requests, and shows why nothing else of it is trusted."""

import pytest
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from httpsig.sign import HeaderSigner
from httpsig.verify import HeaderVerifier

from federation.protocol.keys import pem_of
from federation.protocol.signature.parsed import Reason, Request, SignatureFailure
from federation.protocol.signature.sign import COVERED, sign_request
from federation.protocol.signature.verify import Verified
from tests.support.signing import BODY, DATE, KEY_ID, NOW, digest, judged, public, rsa_key

PUBLIC_PEM = pem_of(rsa_key().public_key())
PRIVATE_PEM = (
    rsa_key().private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode()
)
REQUESTS = [
    ("GET", "/u/bo", None),
    ("GET", "/u/bo?page=2&x=a%20b", None),
    ("POST", "/inbox", BODY),
    ("POST", "/u/bo/inbox", b""),
]


def plain_headers(body: bytes | None) -> dict[str, str]:
    headers = {"Host": "beta.test", "Date": DATE}
    return headers if body is None else {**headers, "Digest": f"SHA-256={digest(body)}"}


def signed_by_httpsig(
    method: str, target: str, body: bytes | None, *, secret: str, algorithm: str
) -> Request:
    signer = HeaderSigner(
        KEY_ID,
        secret=secret,
        algorithm=algorithm,
        headers=list(COVERED[method]),
        sign_header="signature",
    )
    headers = signer.sign(plain_headers(body), method=method, path=target)
    return Request(method, target, tuple(headers.items()), body)


def accepted_by_httpsig(request: Request) -> bool:
    verifier = HeaderVerifier(
        dict(request.headers),
        secret=PUBLIC_PEM,
        required_headers=list(COVERED[request.method]),
        method=request.method,
        path=request.target,
        sign_header="signature",
    )
    return bool(verifier.verify())


@pytest.mark.parametrize(("method", "target", "body"), REQUESTS)
def test_what_we_sign_httpsig_accepts(method: str, target: str, body: bytes | None):
    url = f"https://beta.test{target}"
    headers = sign_request(method, url, body, key_id=KEY_ID, key=rsa_key(), date=NOW)

    assert accepted_by_httpsig(Request(method, target, tuple(headers.items()), body))
    assert not accepted_by_httpsig(Request(method, target + "x", tuple(headers.items()), body))


@pytest.mark.parametrize(("method", "target", "body"), REQUESTS)
def test_what_httpsig_signs_we_accept(method: str, target: str, body: bytes | None):
    request = signed_by_httpsig(method, target, body, secret=PRIVATE_PEM, algorithm="rsa-sha256")

    assert isinstance(judged(request, public(rsa_key())), Verified)


@pytest.mark.parametrize("algorithm", ["hmac-sha256", "hmac-sha512", "hmac-sha1"])
@pytest.mark.parametrize(("method", "target", "body"), REQUESTS)
def test_a_public_key_used_as_a_shared_secret_deceives_httpsig_and_not_us(
    method: str, target: str, body: bytes | None, algorithm: str
):
    forged = signed_by_httpsig(method, target, body, secret=PUBLIC_PEM, algorithm=algorithm)

    assert accepted_by_httpsig(forged)
    assert judged(forged, public(rsa_key())) == SignatureFailure(Reason.ALGORITHM, algorithm)


@pytest.mark.parametrize("label", ["rsa-sha256", "hs2019"])
def test_the_forgery_does_not_hold_under_an_honest_label_either(label: str):
    forged = signed_by_httpsig("POST", "/inbox", BODY, secret=PUBLIC_PEM, algorithm="hmac-sha256")
    headers = tuple((name, value.replace("hmac-sha256", label)) for name, value in forged.headers)

    answer = judged(Request("POST", "/inbox", headers, BODY), public(rsa_key()))

    assert answer == SignatureFailure(Reason.INVALID, KEY_ID)


def test_a_sha_1_signature_that_httpsig_accepts_is_refused():
    weak = signed_by_httpsig("POST", "/inbox", BODY, secret=PRIVATE_PEM, algorithm="rsa-sha1")

    assert accepted_by_httpsig(weak)
    assert judged(weak, public(rsa_key())) == SignatureFailure(Reason.ALGORITHM, "rsa-sha1")
