from datetime import datetime, timedelta, timezone

import pytest

from federation.protocol.errors import LocalProtocolError
from federation.protocol.httpsig_adapter import signing_string
from federation.protocol.signature.parsed import Request
from federation.protocol.signature.sign import sign_request
from federation.protocol.signature.verify import Verified
from tests.support.signing import BODY, DATE, KEY_ID, NOW, judged, public, rsa_key, signature_of


def signed_headers(
    method: str, url: str, body: bytes | None, key_id: str = KEY_ID
) -> dict[str, str]:
    return sign_request(method, url, body, key_id=key_id, key=rsa_key(), date=NOW)


def test_a_post_covers_target_host_date_and_digest():
    headers = signed_headers("POST", "https://beta.test/inbox", b"")

    digest = "SHA-256=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
    text = f"(request-target): post /inbox\nhost: beta.test\ndate: {DATE}\ndigest: {digest}"
    assert list(headers) == ["Host", "Date", "Digest", "Signature"]
    assert (headers["Host"], headers["Date"], headers["Digest"]) == ("beta.test", DATE, digest)
    assert sorted(headers["Signature"].split('",')) == sorted(
        [
            f'keyId="{KEY_ID}',
            'algorithm="rsa-sha256',
            f'signature="{signature_of(rsa_key(), text)}',
            'headers="(request-target) host date digest"',
        ]
    )


def test_a_get_covers_target_host_and_date():
    headers = signed_headers("GET", "https://beta.test/u/bo", None)

    assert list(headers) == ["Host", "Date", "Signature"]
    assert 'headers="(request-target) host date"' in headers["Signature"]


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
@pytest.mark.parametrize(("method", "body"), [("GET", None), ("POST", BODY)])
def test_what_is_signed_verifies_as_it_arrives(
    method: str, body: bytes | None, url: str, host: str, target: str
):
    headers = signed_headers(method, url, body)

    answer = judged(Request(method, target, tuple(headers.items()), body), public(rsa_key()))

    assert headers["Host"] == host
    assert isinstance(answer, Verified)


def test_a_percent_sign_in_a_key_id_stays():
    key_id = "https://alpha.test/u/caf%C3%A9%s#main-key"

    headers = signed_headers("GET", "https://beta.test/u/bo", None, key_id)

    request = Request("GET", "/u/bo", tuple(headers.items()), None)
    assert f'keyId="{key_id}"' in headers["Signature"]
    assert isinstance(judged(request, public(rsa_key(), key_id)), Verified)


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


@pytest.mark.parametrize(
    "date", [NOW.replace(tzinfo=None), NOW.astimezone(timezone(timedelta(hours=1)))]
)
def test_a_time_outside_utc_is_a_bug(date: datetime):
    with pytest.raises(ValueError, match="UTC"):
        sign_request("GET", "https://beta.test/u/bo", None, key_id=KEY_ID, key=rsa_key(), date=date)


def test_the_signing_string_is_that_of_the_draft():
    headers = {"Date": "Sun, 05 Jan 2014 21:31:40 GMT", "Host": "example.com"}

    text = signing_string(
        "POST",
        "/foo?param=value&pet=dog",
        headers=headers,
        covered=("(request-target)", "host", "date"),
    )

    assert text == b"\n".join(
        [
            b"(request-target): post /foo?param=value&pet=dog",
            b"host: example.com",
            b"date: Sun, 05 Jan 2014 21:31:40 GMT",
        ]
    )
