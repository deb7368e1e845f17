"""An RFC 9421 signature holds, and with any byte changed it does not."""

import http_sf
from hypothesis import given, settings
from hypothesis import strategies as st

from federation.protocol.signature.parsed import (
    ParsedSignature,
    Reason,
    Request,
    SignatureFailure,
)
from federation.protocol.signature.rfc9421 import LABELS_MAX, find_plain, read_at_length
from federation.protocol.signature.scheme import claims_in
from federation.protocol.signature.sign import sign_message
from federation.protocol.signature.verify import Verified, check_time_and_digest, verify
from tests.support.altered import VISIBLE, changed, with_a_change
from tests.support.message_signing import (
    GET_COMPONENTS,
    POST_COMPONENTS,
    Label,
    Message,
    message_headers,
)
from tests.support.signing import (
    KEY_ID,
    NOW,
    ed25519_key,
    judged,
    post_headers,
    public,
    rsa_key,
    with_header,
)

PATHS = st.from_regex(r"/[a-z0-9/]{0,20}(\?[a-z0-9=&]{1,20})?", fullmatch=True)
TARGETS = st.text(VISIBLE, max_size=40).map(lambda text: f"/{text}")
# What stands around a value on the wire is no part of it.
VALUES = st.text(VISIBLE | st.just(" "), max_size=40).map(str.strip)
# Making the RSA key and signing with it take their time.
few = settings(max_examples=50, deadline=None)
KEYS = {"rsa-v1_5-sha256": rsa_key, "ed25519": ed25519_key}
IN_PARTS = ('"@method"', '"@authority"', '"@path"', '"@query"')


@st.composite
def honest_messages(draw: st.DrawFn) -> tuple[str, Request]:
    """An algorithm and a request that the key of that type has signed."""
    algorithm = draw(st.sampled_from(sorted(KEYS)))
    method = draw(st.sampled_from(["GET", "POST"]))
    body = draw(st.binary(max_size=60)) if method == "POST" else None
    named = draw(st.sampled_from([GET_COMPONENTS, IN_PARTS]))
    digest = ['"content-digest"'] if method == "POST" else []
    components = draw(st.permutations([*named, *digest, '"date"', '"x-note"']))
    alg = draw(st.sampled_from(["", f'"{algorithm}"']))
    label = Label(components=components, parameters={"alg": alg}, key=KEYS[algorithm]())
    headers = {**post_headers(body or b""), **message_headers(body), "X-Note": draw(VALUES)}
    return algorithm, Message(method, draw(TARGETS), headers, body, (label,)).request()


@few
@given(honest_messages())
def test_a_message_signature_holds(signed: tuple[str, Request]):
    algorithm, request = signed

    assert isinstance(judged(request, public(KEYS[algorithm]())), Verified)


@few
@given(honest_messages(), st.data())
def test_a_message_signature_does_not_hold_with_any_byte_changed(
    signed: tuple[str, Request], data: st.DataObject
):
    algorithm, request = signed
    places = ["method", "target", "host", "date", "x-note"]
    places += ["content-digest", "digest", "body"] if request.body else []

    altered = with_a_change(request, data.draw(st.sampled_from(places)), data)

    answer = judged(altered, public(KEYS[algorithm]()))
    assert isinstance(answer, SignatureFailure), (request, altered)


@few
@given(honest_messages(), st.sampled_from(["Signature-Input", "Signature"]), st.data())
def test_a_signature_does_not_hold_with_any_byte_of_it_changed(
    signed: tuple[str, Request], name: str, data: st.DataObject
):
    algorithm, request = signed
    value = changed(request.fields[name.lower()], data)

    answer = judged(with_header(request, name, value), public(KEYS[algorithm]()))

    # What is signed is the meaning of a structured field: a space or a leading zero is none.
    if isinstance(answer, Verified):
        old = request.fields[name.lower()]
        assert meaning_of(value) == meaning_of(old)


def meaning_of(field: str) -> object:
    return http_sf.parse(field.encode(), tltype="dictionary")


@few
@given(PATHS, st.none() | st.binary(max_size=200), st.sampled_from(sorted(KEYS)))
def test_what_we_sign_we_accept(path: str, body: bytes | None, algorithm: str):
    method, key = "GET" if body is None else "POST", KEYS[algorithm]()
    url = f"https://beta.test{path}"

    headers = sign_message(method, url, body, key_id=KEY_ID, key=key, date=NOW)

    request = Request(method, path, tuple(headers.items()), body)
    assert isinstance(judged(request, public(key)), Verified)


NAMES = ("Signature", "Signature-Input", "Host", "Date", "Content-Digest", "Authorization")
PIECES = (
    "sig1=",
    *POST_COMPONENTS,
    '"@status"',
    '"content-digest";sf',
    "(",
    ")",
    ";created=1795333440",
    f';keyid="{KEY_ID}"',
    ';alg="ed25519"',
    ";expires=1.5",
    ":c2ln:",
    ", ",
    " ",
    '"',
    "?1",
    "@1",
)
HEADER_VALUES = st.text(max_size=20) | st.lists(st.sampled_from(PIECES), max_size=12).map("".join)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(["GET", "POST"]) | st.text(max_size=6),
    st.text(max_size=20),
    st.lists(st.tuples(st.sampled_from(NAMES) | st.text(max_size=8), HEADER_VALUES), max_size=6),
    st.none() | st.binary(max_size=20),
)
def test_any_request_gives_claims_or_a_failure_and_nothing_else(
    method: str, target: str, headers: list[tuple[str, str]], body: bytes | None
):
    request = Request(method, target, (("Signature-Input", "a=()"), *headers), body)

    claims = claims_in(request)

    if isinstance(claims, SignatureFailure):
        assert isinstance(claims.reason, Reason)
        return
    assert 1 <= len(claims) <= LABELS_MAX
    for claim in claims:
        assert isinstance(claim, ParsedSignature)
        failure = check_time_and_digest(claim, request, NOW)
        assert failure is None or isinstance(failure, SignatureFailure)
        assert isinstance(verify(claim, request, public(rsa_key())), SignatureFailure)


@settings(max_examples=300, deadline=None)
@given(honest_messages(), HEADER_VALUES, st.data())
def test_what_is_read_in_a_short_way_is_read_so_at_length(
    signed: tuple[str, Request], other: str, data: st.DataObject
):
    _, request = signed
    for name in ("signature-input", "signature"):
        value = request.fields[name]
        place = data.draw(st.integers(0, len(value)))
        mixed = value[:place] + data.draw(st.sampled_from(PIECES)) + value[place:]
        for header in (value, changed(value, data), mixed, other):
            short = find_plain(header)
            assert short is None or short == read_at_length(header)


@settings(max_examples=300, deadline=None)
@given(HEADER_VALUES, HEADER_VALUES, st.binary(max_size=20))
def test_any_two_headers_of_a_signature_give_claims_or_a_failure(
    described: str, signed: str, body: bytes
):
    headers = (
        *message_headers(body).items(),
        ("Signature-Input", described),
        ("Signature", signed),
    )
    request = Request("POST", "/inbox", headers, body)

    claims = claims_in(request)

    assert isinstance(claims, SignatureFailure | tuple)
