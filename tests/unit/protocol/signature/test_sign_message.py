from datetime import timedelta, timezone

import pytest

from federation.protocol.errors import LocalProtocolError
from federation.protocol.signature.parsed import Request
from federation.protocol.signature.sign import Scheme, SigningKey, sign_by, sign_message
from federation.protocol.signature.verify import Verified
from tests.support.message_signing import CREATED, content_digest
from tests.support.signing import (
    BODY,
    KEY_ID,
    NOW,
    PrivateKey,
    ed25519_key,
    judged,
    public,
    rsa_key,
    signature_of,
)

KEYS = [pytest.param(rsa_key(), id="RSA"), pytest.param(ed25519_key(), id="Ed25519")]


def signed_headers(
    method: str, url: str, body: bytes | None, key_id: str = KEY_ID
) -> dict[str, str]:
    return sign_message(method, url, body, key_id=key_id, key=ed25519_key(), date=NOW)


def test_a_post_covers_method_target_and_digest():
    headers = signed_headers("POST", "https://beta.test/inbox", BODY)

    described = (
        '("@method" "@target-uri" "content-digest")'
        f';created={CREATED};keyid="{KEY_ID}";alg="ed25519"'
    )
    text = "\n".join(
        [
            '"@method": POST',
            '"@target-uri": https://beta.test/inbox',
            f'"content-digest": {content_digest(BODY)}',
            f'"@signature-params": {described}',
        ]
    )
    assert headers == {
        "Host": "beta.test",
        "Content-Digest": content_digest(BODY),
        "Signature-Input": f"sig1={described}",
        "Signature": f"sig1=:{signature_of(ed25519_key(), text)}:",
    }


def test_a_get_covers_method_and_target():
    headers = signed_headers("GET", "https://beta.test/u/bo", None)

    assert list(headers) == ["Host", "Signature-Input", "Signature"]
    assert headers["Signature-Input"].startswith('sig1=("@method" "@target-uri");created=')


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize(
    ("url", "host", "target"),
    [
        ("https://beta.test", "beta.test", "/"),
        ("https://beta.test/", "beta.test", "/"),
        ("https://beta.test?a=1", "beta.test", "/?a=1"),
        ("https://beta.test:8443/u/bo?page=2&x=%20#k", "beta.test:8443", "/u/bo?page=2&x=%20"),
        ("http://localhost:8420/u/bo/inbox", "localhost:8420", "/u/bo/inbox"),
    ],
)
@pytest.mark.parametrize("body", [None, BODY])
def test_what_is_signed_verifies_as_it_arrives(
    body: bytes | None, url: str, host: str, target: str, key: PrivateKey
):
    method = "GET" if body is None else "POST"
    headers = sign_message(method, url, body, key_id=KEY_ID, key=key, date=NOW)

    arrived = Request(method, target, tuple(headers.items()), body, url.partition(":")[0])

    assert headers["Host"] == host
    assert isinstance(judged(arrived, public(key)), Verified)


@pytest.mark.parametrize(
    ("method", "url", "body"),
    [
        ("POST", "https://beta.test/inbox", None),
        ("GET", "https://beta.test/u/bo", b""),
        ("PUT", "https://beta.test/u/bo", b""),
        ("post", "https://beta.test/inbox", b""),
        ("GET", "/u/bo", None),
        ("GET", "ftp://beta.test/u/bo", None),
        ("GET", "https:///u/bo", None),
        ("GET", "https://al@beta.test/u/bo", None),
        ("GET", "https://beta.test/caf\u00e9", None),
    ],
)
def test_what_is_no_request_is_not_signed(method: str, url: str, body: bytes | None):
    with pytest.raises(LocalProtocolError):
        signed_headers(method, url, body)


@pytest.mark.parametrize(
    "key_id", ['https://a.test/"', "https://a.test/\\", "https://a.test/\n", "é"]
)
def test_a_key_id_that_would_break_the_header_is_not_used(key_id: str):
    with pytest.raises(LocalProtocolError):
        signed_headers("GET", "https://beta.test/u/bo", None, key_id)


def test_a_time_is_the_same_in_every_zone():
    elsewhere = NOW.astimezone(timezone(timedelta(hours=5)))

    headers = sign_message(
        "GET", "https://beta.test/", None, key_id=KEY_ID, key=ed25519_key(), date=elsewhere
    )

    assert headers == signed_headers("GET", "https://beta.test/", None)


@pytest.mark.parametrize(
    ("scheme", "key", "names"),
    [
        (Scheme.CAVAGE, rsa_key(), ["Host", "Date", "Signature"]),
        (Scheme.RFC_9421, rsa_key(), ["Host", "Signature-Input", "Signature"]),
        (Scheme.RFC_9421_ED25519, ed25519_key(), ["Host", "Signature-Input", "Signature"]),
    ],
)
def test_a_key_signs_in_its_scheme(scheme: Scheme, key: PrivateKey, names: list[str]):
    signer = SigningKey(scheme, KEY_ID, key)

    headers = sign_by(signer, "GET", "https://beta.test/u/bo", None, NOW)

    request = Request("GET", "/u/bo", tuple(headers.items()), None)
    assert list(headers) == names
    assert isinstance(judged(request, public(key)), Verified)


def test_draft_cavage_is_signed_with_rsa_alone():
    signer = SigningKey(Scheme.CAVAGE, KEY_ID, ed25519_key())

    with pytest.raises(LocalProtocolError):
        sign_by(signer, "GET", "https://beta.test/u/bo", None, NOW)
