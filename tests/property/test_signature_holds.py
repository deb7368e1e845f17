from hypothesis import given, settings
from hypothesis import strategies as st

from federation.protocol.signature.cavage import parse
from federation.protocol.signature.parsed import ParsedSignature, Request, SignatureFailure
from federation.protocol.signature.sign import sign_request
from federation.protocol.signature.verify import Verified, check_time_and_digest, verify
from tests.support.altered import VISIBLE, with_a_change
from tests.support.signing import (
    GET_COVERED,
    KEY_ID,
    NOW,
    POST_COVERED,
    Signed,
    ed25519_key,
    judged,
    post_headers,
    public,
    rsa_key,
)

TARGETS = st.text(VISIBLE, max_size=40).map(lambda text: f"/{text}")
VALUES = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=40)
PATHS = st.from_regex(r"/[a-z0-9/]{0,20}(\?[a-z0-9=&]{1,20})?", fullmatch=True)
# Making the RSA key and signing with it take their time.
few = settings(max_examples=50, deadline=None)
KEYS = {"rsa-sha256": rsa_key, "ed25519": ed25519_key}


@st.composite
def honest_requests(draw: st.DrawFn) -> tuple[str, Request]:
    """A label and a request that the key of that type has signed."""
    label = draw(st.sampled_from(sorted(KEYS)))
    method = draw(st.sampled_from(["GET", "POST"]))
    body = draw(st.binary(max_size=60)) if method == "POST" else None
    covered = [*(POST_COVERED if method == "POST" else GET_COVERED), "x-note"]
    request = Signed(
        method,
        draw(TARGETS),
        {**post_headers(body or b""), "X-Note": draw(VALUES)},
        body,
        {"algorithm": f'"{label}"'},
        draw(st.permutations(covered)),
        KEYS[label](),
    ).request()
    return label, request


@few
@given(honest_requests())
def test_a_signature_holds(signed: tuple[str, Request]):
    label, request = signed

    assert isinstance(judged(request, public(KEYS[label]())), Verified)


@few
@given(honest_requests(), st.data())
def test_a_signature_does_not_hold_with_any_byte_changed(
    signed: tuple[str, Request], data: st.DataObject
):
    label, request = signed
    places = ["method", "target", "host", "date", "x-note"]
    places += ["digest", "body"] if request.body else []

    altered = with_a_change(request, data.draw(st.sampled_from(places)), data)

    answer = judged(altered, public(KEYS[label]()))
    assert isinstance(answer, SignatureFailure), (request, altered)


@few
@given(PATHS, st.none() | st.binary(max_size=200))
def test_what_we_sign_we_accept(path: str, body: bytes | None):
    method = "GET" if body is None else "POST"
    url = f"https://beta.test{path}"

    headers = sign_request(method, url, body, key_id=KEY_ID, key=rsa_key(), date=NOW)

    request = Request(method, path, tuple(headers.items()), body)
    assert isinstance(judged(request, public(rsa_key())), Verified)


NAMES = (
    "Signature",
    "Signature-Input",
    "Authorization",
    "Host",
    "Date",
    "Digest",
    "Content-Digest",
)
PIECES = (
    f'keyId="{KEY_ID}"',
    'headers="(request-target) host date digest"',
    'headers="(request-target) (created) (expires) host digest"',
    'signature="c2ln"',
    'algorithm="hs2019"',
    "created=1795333440",
    'expires="1795333440"',
    ",",
    " ",
    '"',
    "=",
)
HEADER_VALUES = st.text(max_size=20) | st.lists(st.sampled_from(PIECES), max_size=9).map(",".join)


@few
@given(
    st.sampled_from(["GET", "POST"]) | st.text(max_size=6),
    st.text(max_size=20),
    st.lists(st.tuples(st.sampled_from(NAMES) | st.text(max_size=8), HEADER_VALUES), max_size=6),
    st.none() | st.binary(max_size=20),
)
def test_any_request_gives_a_claim_or_a_failure_and_nothing_else(
    method: str, target: str, headers: list[tuple[str, str]], body: bytes | None
):
    request = Request(method, target, tuple(headers), body)

    parsed = parse(request)

    assert isinstance(parsed, ParsedSignature | SignatureFailure)
    if isinstance(parsed, ParsedSignature):
        failure = check_time_and_digest(parsed, request, NOW)
        assert failure is None or isinstance(failure, SignatureFailure)
        assert isinstance(verify(parsed, request, public(rsa_key())), SignatureFailure)
