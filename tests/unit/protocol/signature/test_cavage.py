import pytest

from federation.protocol.signature.cavage import parse, signing_strings
from federation.protocol.signature.parsed import (
    ParsedSignature,
    Reason,
    Request,
    SignatureFailure,
)
from tests.support.signing import (
    GET_COVERED,
    KEY_ID,
    POST_COVERED,
    Signed,
    post_headers,
    rsa_key,
    signature_of,
    signed_get,
    with_header,
)

SIGNATURE = '"c2lnbmF0dXJl"'


def reason_of(request: Request) -> Reason | None:
    answer = parse(request)
    return answer.reason if isinstance(answer, SignatureFailure) else None


def with_parameters(**parameters: str) -> Request:
    return Signed(parameters={"signature": SIGNATURE, **parameters}).request()


def with_signature_header(value: str) -> Request:
    return with_header(Signed().request(), "Signature", value)


def test_a_well_formed_header_is_read_whole():
    request = Signed(
        parameters={"created": "1795333440", "expires": '"1795333500"'},
        covered=("(request-target)", "(created)", "(expires)", "host", "digest"),
    ).request()

    parsed = parse(request)

    assert isinstance(parsed, ParsedSignature)
    assert parsed.key_id == KEY_ID
    assert parsed.algorithm == "rsa-sha256"
    assert parsed.covered == ("(request-target)", "(created)", "(expires)", "host", "digest")
    assert (parsed.created_s, parsed.expires_s) == (1795333440, 1795333500)
    assert parsed.signed_s == 1795333440
    assert len(parsed.signature) == 256


# ---- step 2


def test_step_2_a_request_without_a_signature_is_unsigned():
    assert reason_of(Request("POST", "/inbox", (("Host", "beta.test"),), b"")) is Reason.UNSIGNED


@pytest.mark.parametrize("name", ["Authorization", "authorization", "AUTHORIZATION"])
@pytest.mark.parametrize("value", ["Signature keyId=x", "signature keyId=x", "Signature"])
def test_step_2_a_signature_in_authorization_is_refused_alone_and_beside(name: str, value: str):
    alone = Request("POST", "/inbox", ((name, value),), b"")

    assert reason_of(alone) is Reason.IN_AUTHORIZATION
    assert reason_of(with_header(Signed().request(), name, value)) is Reason.IN_AUTHORIZATION


def test_step_2_another_authorization_is_nothing_to_us():
    assert reason_of(with_header(Signed().request(), "Authorization", "Bearer x")) is None


@pytest.mark.parametrize("value", ['sig1=("@method");created=1', "", "nonsense"])
def test_step_2_a_signature_input_never_falls_back(value: str):
    request = with_header(Signed().request(), "signature-Input", value)

    assert reason_of(request) is Reason.TWO_SCHEMES


@pytest.mark.parametrize("second", ["Signature", "signature", "SIGNATURE"])
def test_step_2_two_signature_headers_are_malformed(second: str):
    request = Signed().request()
    twice = Request(
        request.method,
        request.target,
        (*request.headers, (second, request.fields["signature"])),
        request.body,
    )

    answer = parse(twice)

    assert answer == SignatureFailure(Reason.SEVERAL)
    assert answer.status == 400


# ---- step 3


@pytest.mark.parametrize(
    "form",
    [
        "{k},{h},{s}",
        "{k}, {h}, {s}",
        " {k} ,\t{h} , {s} ",
        "{s},{h},{k}",
        '{k},opaque="",{h},{s}',
        '{k},{h},{s},algorithm="hs2019"',
        '{k},{h},{s},created=1,expires="2"',
    ],
)
def test_step_3_the_grammar_lets_in(form: str):
    request = with_signature_header(filled(form))

    assert isinstance(parse(request), ParsedSignature)


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        ("", Reason.GRAMMAR),
        ("nonsense", Reason.GRAMMAR),
        ("{k},{h},{s},", Reason.GRAMMAR),
        (",{k},{h},{s}", Reason.GRAMMAR),
        ("{k},,{h},{s}", Reason.GRAMMAR),
        ("{k};{h};{s}", Reason.GRAMMAR),
        ("{k} {h} {s}", Reason.GRAMMAR),
        ("{k},{h},{s} x", Reason.GRAMMAR),
        ("{k},{h},{s}\n", Reason.GRAMMAR),
        ('{k},{h},{s},a = "b"', Reason.GRAMMAR),
        ("{k},{h},{s},a='b'", Reason.GRAMMAR),
        ("{k},{h},{s},a=b", Reason.GRAMMAR),
        ("{k},{h},{s},a=1", Reason.GRAMMAR),
        ('{k},{h},{s},a="b', Reason.GRAMMAR),
        ('{k},{h},{s},a="\\""', Reason.GRAMMAR),
        ('{k},{h},{s},a="é"', Reason.GRAMMAR),
        ('{k},{h},{s},a="\t"', Reason.GRAMMAR),
        ('{k},{h},{s},a="\x7f"', Reason.GRAMMAR),
        ('{k},{h},{s},é="a"', Reason.GRAMMAR),
        ('{k},{h},{s},1="a"', Reason.GRAMMAR),
        ("{k},{h},{s},created=-1", Reason.GRAMMAR),
        ("{k},{h},{s},created=1.5", Reason.GRAMMAR),
        ("{k},{h},{s},created=٣", Reason.GRAMMAR),
        ("{k},{k},{h},{s}", Reason.REPEATED),
        ('{k},keyid="https://evil.test/k",{h},{s}', Reason.REPEATED),
        ("{k},{h},{h},{s}", Reason.REPEATED),
        ("{k},{h},{s},{s}", Reason.REPEATED),
        ('{k},{h},{s},a="1",a="2"', Reason.REPEATED),
        ("{h},{s}", Reason.INCOMPLETE),
        ("{k},{s}", Reason.INCOMPLETE),
        ("{k},{h}", Reason.INCOMPLETE),
        ('keyId="",{h},{s}', Reason.INCOMPLETE),
        ('{k},headers="",{s}', Reason.INCOMPLETE),
        ('{k},headers="  ",{s}', Reason.INCOMPLETE),
        ('{k},{h},signature=""', Reason.INCOMPLETE),
        ("{k},{h},{s},created=0", Reason.BAD_INTEGER),
        ("{k},{h},{s},expires=0", Reason.BAD_INTEGER),
        ('{k},{h},{s},created=""', Reason.BAD_INTEGER),
        ('{k},{h},{s},created="-1"', Reason.BAD_INTEGER),
        ('{k},{h},{s},created="1.5"', Reason.BAD_INTEGER),
        ('{k},{h},{s},expires="1e3"', Reason.BAD_INTEGER),
        ('{k},{h},{s},expires=" 1"', Reason.BAD_INTEGER),
        (f"{{k}},{{h}},{{s}},created={2**53}", Reason.BAD_INTEGER),
        (f"{{k}},{{h}},{{s}},created={'9' * 2000}", Reason.BAD_INTEGER),
        (f'{{k}},{{h}},{{s}},a="{"x" * 4096}"', Reason.GRAMMAR),
    ],
)
def test_step_3_a_breach_of_the_grammar_is_400(form: str, reason: Reason):
    answer = parse(with_signature_header(filled(form)))

    assert isinstance(answer, SignatureFailure)
    assert (answer.reason, answer.status) == (reason, 400)


def filled(form: str) -> str:
    return (
        form.replace("{k}", f'keyId="{KEY_ID}"')
        .replace("{h}", f'headers="{" ".join(POST_COVERED)}"')
        .replace("{s}", f"signature={SIGNATURE}")
    )


def test_step_3_the_largest_integer_is_read():
    parsed = parse(with_parameters(created=str(2**53 - 1)))

    assert isinstance(parsed, ParsedSignature)
    assert parsed.created_s == 2**53 - 1


@pytest.mark.parametrize("label", ["hs2019", "rsa-sha256", "ed25519", "RSA-SHA256"])
def test_step_3_these_labels_are_let_in(label: str):
    assert reason_of(with_parameters(algorithm=f'"{label}"')) is None


def test_step_3_an_empty_label_is_none():
    assert reason_of(with_parameters(algorithm='""')) is Reason.ALGORITHM


def test_step_3_no_label_is_let_in():
    assert reason_of(with_parameters(algorithm="")) is None


@pytest.mark.parametrize(
    "label",
    ["hmac-sha256", "hmac-sha512", "rsa-sha1", "rsa-sha512", "ecdsa-sha256", "none", "rsa", " "],
)
def test_step_3_any_other_label_is_401(label: str):
    answer = parse(with_parameters(algorithm=f'"{label}"'))

    assert isinstance(answer, SignatureFailure)
    assert (answer.reason, answer.status) == (Reason.ALGORITHM, 401)


@pytest.mark.parametrize(
    "text",
    [
        "c2lnbmF0dXJ",
        "c2ln bmF0",
        "c2lnbmF0dXJl=",
        "-_-_",
        "c2ln====",
        "c2ln!",
        "=",
        "YQ==YQ==",
        "YR==",
    ],
)
def test_step_3_base64_is_strict(text: str):
    answer = parse(with_parameters(signature=f'"{text}"'))

    assert isinstance(answer, SignatureFailure)
    assert (answer.reason, answer.status) == (Reason.BASE64, 401)


# ---- step 4


@pytest.mark.parametrize(
    "covered",
    [
        ("(request-target)", "host", "date", "digest"),
        ("digest", "date", "host", "(request-target)"),
        ("(request-target)", "host", "(created)", "digest"),
        ("Date", "Host", "(Request-Target)", "DIGEST"),
        ("(request-target)", "host", "", "date", "digest", ""),
        ("(request-target)", "host", "date", "digest", "content-type"),
    ],
)
def test_step_4_a_post_covers_all_that_it_must(covered: tuple[str, ...]):
    headers = {**post_headers(), "Content-Type": "application/activity+json"}
    parameters = {"signature": SIGNATURE, "created": "1795333440"}

    request = Signed(headers=headers, parameters=parameters, covered=covered).request()

    assert reason_of(request) is None


@pytest.mark.parametrize(
    ("method", "covered"),
    [
        ("POST", ("date",)),
        ("POST", ("host", "date", "digest")),
        ("POST", ("(request-target)", "date", "digest")),
        ("POST", ("(request-target)", "host", "digest")),
        ("POST", ("(request-target)", "host", "date")),
        ("POST", ("(request-target)", "host", "date", "content-digest")),
        ("GET", ("(request-target)", "host")),
        ("GET", ("(request-target)", "date")),
        ("GET", ("host", "date")),
        ("GET", ("(created)",)),
    ],
)
def test_step_4_covering_less_is_401(method: str, covered: tuple[str, ...]):
    request = Signed(method, covered=covered, parameters={"created": "1795333440"}).request()

    answer = parse(request)

    assert isinstance(answer, SignatureFailure)
    assert (answer.reason, answer.status) == (Reason.COVERAGE, 401)


def test_step_4_a_get_needs_no_digest():
    assert reason_of(signed_get()) is None


@pytest.mark.parametrize(
    "absent", ["content-type", "(created)", "(expires)", "(nonsense)", "@method", "x:y"]
)
def test_step_4_a_covered_thing_that_is_absent_is_401(absent: str):
    assert reason_of(Signed(covered=(*POST_COVERED, absent)).request()) is Reason.ABSENT


@pytest.mark.parametrize("name", ["(created)", "(expires)", "(request-target)"])
def test_step_4_a_header_never_stands_for_what_the_signature_says_itself(name: str):
    request = with_header(Signed(covered=(*POST_COVERED, "(created)")).request(), name, "1")

    assert reason_of(request) is Reason.ABSENT


def test_step_4_nothing_is_covered_twice():
    covered = (*POST_COVERED, *["x-large"] * 100)
    headers = {**post_headers(), "X-Large": "x" * 10_000}

    assert reason_of(Signed(headers=headers, covered=covered).request()) is Reason.COVERED_TWICE


@pytest.mark.parametrize("method", ["POSt", "post", "get", "HEAD", "PUT", "DELETE", ""])
def test_step_4_only_get_and_post_can_be_signed(method: str):
    assert reason_of(Signed(method).request()) is Reason.METHOD


# ---- the signing string


def test_the_signing_string_has_raw_values_and_repeated_headers_joined():
    covered = ("(request-target)", "host", "date", "digest", "x-note")
    request = Signed(
        target="/inbox?a=%20B",
        headers={**post_headers(b""), "X-Note": " One "},
        body=b"",
        covered=covered,
        parameters={"signature": SIGNATURE},
    ).request()
    repeated = Request("POST", request.target, (*request.headers, ("x-NOTE", "Two")), b"")
    parsed = parse(repeated)
    assert isinstance(parsed, ParsedSignature)

    strings = signing_strings(parsed, repeated)

    assert strings == (
        b"\n".join(
            [
                b"(request-target): post /inbox?a=%20B",
                b"host: beta.test",
                b"date: Sun, 22 Nov 2026 07:44:00 GMT",
                b"digest: SHA-256=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
                b"x-note:  One , Two",
            ]
        ),
    )


@pytest.mark.parametrize("name", ["Host", "Date", "X-Note"])
def test_a_line_feed_in_a_value_is_no_line_of_the_signing_string(name: str):
    headers = {**post_headers(), "X-Note": "1"}
    headers[name] += "\ndigest: forged"
    request = Signed(headers=headers, covered=(*POST_COVERED, "x-note")).request()
    parsed = parse(request)
    assert isinstance(parsed, ParsedSignature)

    assert signing_strings(parsed, request) == ()


def test_a_get_with_a_query_has_a_second_string_without_it():
    request = signed_get("/u/bo?page=2&q=?")
    parsed = parse(request)
    assert isinstance(parsed, ParsedSignature)

    first, second = signing_strings(parsed, request)

    assert first.startswith(b"(request-target): get /u/bo?page=2&q=?\n")
    assert second.startswith(b"(request-target): get /u/bo\n")


@pytest.mark.parametrize("value", ["caf\udce9", "\ud800", "é"])
def test_a_value_outside_ascii_is_a_signing_string_like_any_other(value: str):
    request = with_header(Signed().request(), "Host", value)

    assert reason_of(request) is None


@pytest.mark.parametrize(
    ("date", "seconds"),
    [
        ("Sun, 22 Nov 2026 07:44:00 GMT", 1795333440),
        ("Thu, 01 Jan 1970 00:00:01 GMT", 1),
        ("Mon, 22 Nov 2026 07:44:00 GMT", 1795333440),
        ("", None),
        ("yesterday", None),
        ("Sun, 31 Feb 2026 07:44:00 GMT", None),
        ("Sun, 22 Nov 2026 25:44:00 GMT", None),
        ("Sun, 22 Nov 0000 07:44:00 GMT", None),
        ("Sun, 22 Nov 2026 07:44:00 PST", None),
        ("Sun, 22 Nov 2026 07:44:00", None),
        ("Sun, 22 nov 2026 07:44:00 GMT", None),
        ("Sun, 22 Nop 2026 07:44:00 GMT", None),
        ("Sun, 22 Nov 2026 07:44:00 GMT, Sun, 22 Nov 2026 07:44:00 GMT", None),
        ("Sun, ٢٢ Nov 2026 07:44:00 GMT", None),
        ("2026-11-22T07:44:00Z", None),
    ],
)
def test_a_date_is_read_or_is_none(date: str, seconds: int | None):
    parsed = parse(with_header(Signed().request(), "Date", date))

    assert isinstance(parsed, ParsedSignature)
    assert parsed.signed_s == seconds


def test_a_date_counts_only_where_created_is_not_covered():
    parameters = {"created": "1", "signature": f'"{signature_of(rsa_key(), "")}"'}

    by_date = parse(Signed(parameters=parameters).request())
    by_created = parse(
        Signed(parameters=parameters, covered=(*POST_COVERED, "(created)")).request()
    )

    assert isinstance(by_date, ParsedSignature)
    assert isinstance(by_created, ParsedSignature)
    assert (by_date.signed_s, by_created.signed_s) == (1795333440, 1)


def test_a_get_may_cover_a_digest_of_nothing():
    covered = (*GET_COVERED, "digest")

    request = Signed("GET", "/u/bo", post_headers(b""), None, covered=covered).request()

    assert reason_of(request) is None
