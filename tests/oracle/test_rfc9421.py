"""The examples of RFC 9421 hold here, and http-message-signatures signs what we accept."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key
from http_message_signatures import (
    HTTPMessageSignaturesException,
    HTTPMessageSigner,
    MappingKeyResolver,
)
from http_message_signatures.algorithms import ED25519, RSA_V1_5_SHA256
from http_sf.compat import Item
from hypothesis import given, settings
from hypothesis import strategies as st

from federation.protocol.digest import digests_hold
from federation.protocol.keys import PublicKey
from federation.protocol.signature.parsed import ParsedSignature, Request
from federation.protocol.signature.rfc9421 import signature_base, signed_text
from federation.protocol.signature.sign import sign_message
from federation.protocol.signature.verify import Verified
from tests.support.message_signing import derived
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


def is_signed(example: Example, request: Request, key: PublicKey) -> bool:
    """Whether a key has made the signature of an example over what the example covers."""
    text = signature_base(example.covered, example.parameters, request)
    signature = base64.b64decode(example.signature)
    try:
        if isinstance(key.key, RSAPublicKey):
            key.key.verify(signature, text or b"", PKCS1v15(), SHA256())
        else:
            key.key.verify(signature, text or b"")
    except InvalidSignature:
        return False
    return True


@pytest.mark.parametrize("section", sorted(EXAMPLES))
def test_the_examples_of_the_rfc_hold_under_their_keys(section: str):
    example = EXAMPLES[section]
    others = [one.key for name, one in EXAMPLES.items() if name != section]

    assert is_signed(example, example.request, example.key)
    assert not any(is_signed(example, example.request, key) for key in others)


@pytest.mark.parametrize("section", sorted(EXAMPLES))
@pytest.mark.parametrize("name", ["Date", "Content-Type", "Content-Length", "Host"])
def test_an_example_with_another_header_does_not_hold(section: str, name: str):
    example = EXAMPLES[section]
    headers = {**example.headers, name: example.headers[name] + "x"}
    altered = Request("POST", "/foo?param=Value&Pet=dog", tuple(headers.items()), CONTENT)
    is_covered = name == "Host" or name.lower() in example.covered

    holds = is_signed(example, altered, example.key)

    assert holds is not is_covered


def test_what_an_example_does_not_cover_is_missed():
    example = EXAMPLES["B.2.6"]

    assert signed_text(example.claim, example.request) is None


def test_the_digest_of_the_examples_is_that_of_their_content():
    fields = {name.lower(): value for name, value in HEADERS.items()}

    assert digests_hold(fields, CONTENT)
    assert not digests_hold(fields, CONTENT + b"\n")


class Written(HTTPMessageSigner):
    """What the library signs of the values that we hand it."""

    def __init__(self, request: Request) -> None:
        super().__init__(signature_algorithm=ED25519)
        self._fields = request.fields
        self._derived = derived(request.method, request.target)

    def resolve(self, component: Item) -> str:
        """The value of a component."""
        name = str(component.value)
        return self._derived[name] if name in self._derived else self._fields[name]

    def base(self, covered: Sequence[str], parameters: Mapping[str, str | int]) -> bytes | None:
        """What is signed, or None if nothing can be."""
        try:
            text, *_ = self._build_signature_base(
                None,
                covered_component_ids=[Item(name) for name in covered],
                signature_params=dict(parameters),
                component_resolver=self,
            )
        except HTTPMessageSignaturesException:
            return None
        return str(text).encode()


VALUES = st.text(st.characters(max_codepoint=0x2FF), max_size=8) | st.text(' \t"\\;,=a', max_size=8)
ASCII = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=12)
PARAMETERS = st.fixed_dictionaries(
    {"created": st.integers(1, 10**15 - 1), "keyid": ASCII},
    optional={"alg": ASCII, "nonce": ASCII, "tag": ASCII, "expires": st.integers(1, 10**15 - 1)},
)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(["GET", "POST"]),
    ASCII | VALUES,
    st.dictionaries(st.sampled_from(["date", "x-note", "content-digest"]), VALUES),
    PARAMETERS,
    st.data(),
)
def test_we_compose_byte_for_byte_what_the_library_composes(
    method: str,
    rest: str,
    headers: dict[str, str],
    parameters: dict[str, str | int],
    data: st.DataObject,
):
    request = Request(method, f"/{rest}", (*headers.items(), ("Host", "beta.test")), None)
    names = [*headers, *derived(method, "/")]
    covered = data.draw(st.lists(st.sampled_from(names), unique=True))
    ordered = dict(data.draw(st.permutations(list(parameters.items()))))

    ours = signature_base(covered, ordered, request)

    assert ours == Written(request).base(covered, ordered)


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
