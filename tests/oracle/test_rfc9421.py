"""The examples of RFC 9421 hold here, and http-message-signatures signs what we accept."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from cryptography.hazmat.primitives.serialization import load_der_public_key
from http_message_signatures import HTTPMessageSigner, MappingKeyResolver
from http_message_signatures.algorithms import ED25519, RSA_V1_5_SHA256

from federation.protocol.digest import digests_hold
from federation.protocol.keys import PublicKey
from federation.protocol.signature.parsed import ParsedSignature, Request
from federation.protocol.signature.rfc9421 import is_signed
from federation.protocol.signature.sign import sign_message
from federation.protocol.signature.verify import Verified
from tests.support.signing import (
    BODY,
    KEY_ID,
    NOW,
    PrivateKey,
    ed25519_key,
    judged,
    public,
    rsa_key,
)

# RFC 9421 B.1.1 and B.1.4. As request keys they are refused, since everybody has them.
TEST_KEY_RSA = (
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAhAKYdtoeoy8zcAcR874L8cnZxKzAGwd7v36APp7Pv6Q2jdsP"
    "BRrwWEBnez6d0UDKDwGbc6nxfEXAy5mbhgajzrw3MOEt8uA5txSKobBpKDeBLOsdJKFqMGmXCQvEG7YemcxDTRPxAleI"
    "AgYYRjTSd/QBwVW9OwNFhekro3RtlinV0a75jfZgkne/YiktSvLG34lw2zqXBDTC5NHROUqGTlML4PlNZS5Ri2U4aCNx"
    "2rUPRcKIlE0PuKxI4T+HIaFpv8+rdV6eUgOrB2xeI1dSFFn/nnv5OoZJEIB+VmuKn3DCUcCZSFlQPSXSfBDiUGhwOw76"
    "WuSSsf1D4b/vLoJ10wIDAQAB"
)
TEST_KEY_ED25519 = "MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs="
# RFC 9421 B.2, and the same as it comes to the proxy's backend in 4.3.
CONTENT = b'{"hello": "world"}'
HEADERS = {
    "Host": "example.com",
    "Date": "Tue, 20 Apr 2021 02:07:55 GMT",
    "Content-Type": "application/json",
    "Content-Digest": (
        "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXv"
        "Jwew==:"
    ),
    "Content-Length": "18",
}
PROXIED = HEADERS | {
    "Host": "origin.host.internal.example",
    "Date": "Tue, 20 Apr 2021 02:07:56 GMT",
    "Forwarded": "for=192.0.2.123;host=example.com;proto=https",
}


@dataclass(frozen=True, slots=True)
class Example:
    """A signature that the RFC prints, under its label."""

    headers: Mapping[str, str]
    spki: str
    covered: tuple[str, ...]
    parameters: Mapping[str, str | int]
    key_id: str
    signature: str

    @property
    def request(self) -> Request:
        headers = tuple(self.headers.items())
        return Request("POST", "/foo?param=Value&Pet=dog", headers, CONTENT)

    @property
    def key(self) -> PublicKey:
        spki = base64.b64decode(self.spki)
        algorithm = "rsa" if self.spki == TEST_KEY_RSA else "ed25519"
        return PublicKey(self.key_id, "", algorithm, load_der_public_key(spki), spki)

    @property
    def claim(self) -> ParsedSignature:
        signature = base64.b64decode(self.signature)
        return ParsedSignature(
            self.key_id, "", self.covered, signature, 1, None, 1, self.parameters
        )


EXAMPLES = {
    "B.2.6": Example(
        HEADERS,
        TEST_KEY_ED25519,
        ("date", "@method", "@path", "@authority", "content-type", "content-length"),
        {"created": 1618884473, "keyid": "test-key-ed25519"},
        "test-key-ed25519",
        "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==",
    ),
    "4.3": Example(
        PROXIED,
        TEST_KEY_RSA,
        (
            *("@method", "@authority", "@path", "content-digest", "content-type"),
            *("content-length", "forwarded"),
        ),
        {
            "created": 1618884480,
            "keyid": "test-key-rsa",
            "alg": "rsa-v1_5-sha256",
            "expires": 1618884540,
        },
        "test-key-rsa",
        "S6ZzPXSdAMOPjN/6KXfXWNO/f7V6cHm7BXYUh3YD/fRad4BCaRZxP+JH+8XY1I6+8Cy+CM5g92iHgxtRPz+MjniOaY"
        "mdkDcnL9cCpXJleXsOckpURl49GwiyUpZ10KHgOEe11sx3G2gxI8S0jnxQB+Pu68U9vVcasqOWAEObtNKKZd8tSFu7"
        "LB5YAv0RAGhB8tmpv7sFnIm9y+7X5kXQfi8NMaZaA8i2ZHwpBdg7a6CMfwnnrtflzvZdXAsD3LH2TwevU+/PBPv0B6"
        "NMNk93wUs/vfJvye+YuI87HU38lZHowtznbLVdp770I6VHR6WfgS9ddzirrswsE1w5o0LV/g==",
    ),
}


@pytest.mark.parametrize("section", sorted(EXAMPLES))
def test_the_examples_of_the_rfc_hold_under_their_keys(section: str):
    example = EXAMPLES[section]
    others = [one.key for name, one in EXAMPLES.items() if name != section]

    assert is_signed(example.claim, example.request, example.key, required=example.covered)
    for key in others:
        stranger = PublicKey(example.key_id, "", key.algorithm, key.key, key.spki)
        assert not is_signed(example.claim, example.request, stranger, required=())


@pytest.mark.parametrize("section", sorted(EXAMPLES))
@pytest.mark.parametrize("name", ["Date", "Content-Type", "Content-Length", "Host"])
def test_an_example_with_another_header_does_not_hold(section: str, name: str):
    example = EXAMPLES[section]
    headers = {**example.headers, name: example.headers[name] + "x"}
    altered = Request("POST", "/foo?param=Value&Pet=dog", tuple(headers.items()), CONTENT)
    is_covered = name == "Host" or name.lower() in example.covered

    holds = is_signed(example.claim, altered, example.key, required=())

    assert holds is not is_covered


def test_what_an_example_does_not_cover_is_missed():
    example = EXAMPLES["B.2.6"]

    assert not is_signed(example.claim, example.request, example.key, required=("content-digest",))


def test_the_digest_of_the_examples_is_that_of_their_content():
    fields = {name.lower(): value for name, value in HEADERS.items()}

    assert digests_hold(fields, CONTENT)
    assert not digests_hold(fields, CONTENT + b"\n")


class Outgoing:
    """A request as the library signs it in place."""

    def __init__(self, method: str, url: str) -> None:
        self.method = method
        self.url = url
        self.headers = {"Host": "beta.test"}


SENT = (
    ("GET", "/u/bo", ("@method", "@target-uri"), None),
    ("GET", "/u/bo?page=2&x=%20", ("@method", "@authority", "@path", "@query"), None),
    ("POST", "/inbox", ("@method", "@target-uri", "host"), BODY),
    ("POST", "/u/bo/inbox", ("@method", "@authority", "@path", "@scheme"), b""),
)


@pytest.mark.parametrize("says_algorithm", ["says its algorithm", "does not"])
@pytest.mark.parametrize(
    ("algorithm", "key"), [(ED25519, ed25519_key()), (RSA_V1_5_SHA256, rsa_key())]
)
@pytest.mark.parametrize("sent", SENT)
def test_what_the_library_signs_we_accept(
    sent: tuple[str, str, tuple[str, ...], bytes | None],
    algorithm: type,
    key: PrivateKey,
    says_algorithm: str,
):
    method, target, covered, body = sent
    outgoing = Outgoing(method, f"https://beta.test{target}")
    signer = HTTPMessageSigner(
        signature_algorithm=algorithm,
        key_resolver=MappingKeyResolver(public_keys={}, private_keys={KEY_ID: key}),
    )
    signer.sign(
        outgoing,
        key_id=KEY_ID,
        created=NOW,
        include_alg=says_algorithm != "does not",
        covered_component_ids=covered,
        body=body,
    )

    answer = judged(Request(method, target, tuple(outgoing.headers.items()), body), public(key))

    assert isinstance(answer, Verified)


@pytest.mark.parametrize(
    ("algorithm", "key"), [(ED25519, ed25519_key()), (RSA_V1_5_SHA256, rsa_key())]
)
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/u/bo", None),
        ("GET", "/u/bo?page=2&x=%20", None),
        ("POST", "/inbox", BODY),
        ("POST", "/u/bo/inbox", b""),
    ],
)
def test_we_sign_byte_for_byte_what_the_library_signs(
    method: str, path: str, body: bytes | None, algorithm: type, key: PrivateKey
):
    outgoing = Outgoing(method, f"https://beta.test{path}")
    signer = HTTPMessageSigner(
        signature_algorithm=algorithm,
        key_resolver=MappingKeyResolver(public_keys={}, private_keys={KEY_ID: key}),
    )
    covered = ("@method", "@target-uri")
    signer.sign(
        outgoing,
        key_id=KEY_ID,
        created=NOW,
        label="sig1",
        covered_component_ids=covered,
        body=body,
    )

    ours = sign_message(method, outgoing.url, body, key_id=KEY_ID, key=key, date=NOW)

    assert ours == outgoing.headers
