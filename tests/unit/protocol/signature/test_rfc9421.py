from collections.abc import Sequence
from datetime import timedelta

import pytest
from msgspec.structs import replace

from federation.protocol.keys import PublicKey
from federation.protocol.signature.parsed import (
    MALFORMED,
    ParsedSignature,
    Reason,
    Request,
    SignatureFailure,
)
from federation.protocol.signature.rfc9421 import LABELS_MAX, parse, signed_text
from federation.protocol.signature.verify import Verified, verify
from tests.support.message_signing import (
    CREATED,
    GET_COMPONENTS,
    POST_COMPONENTS,
    Label,
    Message,
    content_digest,
    message_get,
    message_headers,
)
from tests.support.signing import (
    BODY,
    KEY_ID,
    NOW,
    OWNER,
    ed25519_key,
    judged,
    public,
    rsa_key,
    with_header,
)

ED25519 = public(ed25519_key())
RSA = public(rsa_key())
BY_PARTS = ('"@method"', '"@authority"', '"@path"', '"@query"', '"content-digest"')
ANY_SIGNATURE = ":c2lnbmF0dXJl:"


def claims_of(request: Request) -> Sequence[ParsedSignature]:
    answer = parse(request)
    assert not isinstance(answer, SignatureFailure), answer
    return answer


def reason_of(request: Request) -> Reason | None:
    answer = parse(request)
    return answer.reason if isinstance(answer, SignatureFailure) else None


def holds(claim: ParsedSignature, request: Request, key: PublicKey) -> bool:
    return isinstance(verify(claim, request, key), Verified)


def outcome(request: Request, key: PublicKey = ED25519) -> Reason | None:
    answer = judged(request, key)
    return answer.reason if isinstance(answer, SignatureFailure) else None


def labelled(*components: str, **parameters: str) -> Request:
    """A POST whose label is described so, and signed accordingly."""
    covered = components or POST_COMPONENTS
    return Message(labels=(Label(components=covered, parameters=parameters),)).request()


def with_input(text: str) -> Request:
    return with_header(Message().request(), "Signature-Input", text)


def test_a_well_formed_message_is_read_whole():
    request = labelled(alg='"ed25519"', expires=str(CREATED + 60), nonce='"n"', tag='"t"')

    (parsed,) = claims_of(request)

    assert (parsed.key_id, parsed.algorithm) == (KEY_ID, "ed25519")
    assert parsed.covered == ("@method", "@target-uri", "content-digest")
    assert (parsed.created_s, parsed.expires_s, parsed.signed_s) == (
        CREATED,
        CREATED + 60,
        CREATED,
    )
    assert len(parsed.signature) == 64


@pytest.mark.parametrize("key", [ed25519_key(), rsa_key()], ids=["Ed25519", "RSA"])
@pytest.mark.parametrize("components", [POST_COMPONENTS, BY_PARTS, (*BY_PARTS, '"host"')])
def test_a_signature_by_the_key_holds(key: object, components: Sequence[str]):
    labels = (Label(components=components, key=key),)

    answer = judged(Message(labels=labels, target="/inbox?a=1").request(), public(key))

    assert isinstance(answer, Verified)
    assert (answer.key_id, answer.actor, answer.signed_at) == (KEY_ID, OWNER, NOW)


@pytest.mark.parametrize(
    ("scheme", "host", "authority"),
    [
        ("https", "beta.test", "beta.test"),
        ("https", "BETA.test", "beta.test"),
        ("https", "beta.test:443", "beta.test"),
        ("http", "beta.test:80", "beta.test"),
        ("http", "localhost:8420", "localhost:8420"),
    ],
)
def test_the_authority_is_in_lower_case_and_without_a_usual_port(
    scheme: str, host: str, authority: str
):
    values = {
        '"@authority"': authority,
        '"@target-uri"': f"{scheme}://{authority}/inbox",
        '"@scheme"': scheme,
    }
    components = (*POST_COMPONENTS, '"@authority"', '"@scheme"')
    headers = message_headers() | {"Host": host}
    labels = (Label(components=components, values=values),)

    assert outcome(Message(headers=headers, labels=labels, scheme=scheme).request()) is None


# ---- steps 2 and 3


def test_step_2_a_request_without_signature_is_unsigned():
    request = Request("POST", "/inbox", (("Signature-Input", "sig1=()"), ("Host", "b")), b"")

    assert reason_of(request) is Reason.UNSIGNED
    assert reason_of(with_input("")) is Reason.UNSIGNED


@pytest.mark.parametrize("method", ["PUT", "post", "HEAD"])
def test_step_2_only_get_and_post_are_signed(method: str):
    assert reason_of(Message(method=method).request()) is Reason.METHOD


@pytest.mark.parametrize("name", ["Signature-Input", "Signature"])
@pytest.mark.parametrize(
    "text",
    [
        "Sig1=()",
        "sig1=(",
        'sig1=("@method"',
        'sig1=("@method"),',
        'sig1=("@method");created=1;',
        "sig1=('@method')",
        'sig1=("@méthod")',
        'sig1=("@method");created=1234567890123456',
        "nonsense here",
        "sig1=:no base64!:",
        f'sig1=("{"x" * 5000}")',
        'sig1=("\udcff")',
    ],
)
def test_step_3_a_breach_of_structured_fields_is_malformed(name: str, text: str):
    answer = parse(with_header(Message().request(), name, text))

    assert isinstance(answer, SignatureFailure)
    assert (answer.reason, answer.status) == (Reason.GRAMMAR, 400)


@pytest.mark.parametrize(
    "text",
    [
        'sig1=("@method");created=1;created=2',
        'sig1=("@method");keyid="a";keyid="b"',
        'sig1=("@method";sf;sf)',
        "sig1=(), sig1=()",
    ],
)
def test_step_3_nothing_stands_twice(text: str):
    answer = parse(with_input(text))

    assert isinstance(answer, SignatureFailure)
    assert (answer.reason, answer.status) == (Reason.REPEATED, 400)


def test_step_3_a_label_that_is_signed_twice_is_malformed():
    signature = Message().request().fields["signature"]

    twice = with_header(Message().request(), "Signature", f"{signature}, {signature}")

    assert reason_of(twice) is Reason.REPEATED


@pytest.mark.parametrize("text", ["0", "-1", "1.5", '"1"', "?1", "@1"])
@pytest.mark.parametrize("name", ["created", "expires"])
def test_step_3_times_are_positive_integers(name: str, text: str):
    answer = parse(labelled(**{name: text}))

    assert isinstance(answer, SignatureFailure)
    assert (answer.reason, answer.status) == (Reason.BAD_INTEGER, 400)


@pytest.mark.parametrize(
    "parameters",
    [
        {"keyid": ""},
        {"keyid": '""'},
        {"keyid": "token"},
        {"keyid": ":YQ==:"},
        {"alg": "ed25519"},
        {"nonce": "1"},
        {"tag": "?1"},
        {"other": '"x"'},
        {"req": "?1"},
    ],
)
def test_step_3_what_a_label_says_oddly_of_itself_makes_it_unusable(parameters: dict[str, str]):
    answer = parse(labelled(**parameters))

    assert isinstance(answer, SignatureFailure)
    assert (answer.reason, answer.status) == (Reason.LABEL, 401)


@pytest.mark.parametrize("text", ["sig1", "sig1=1", 'sig1="@method"', "sig1;created=1"])
def test_step_3_a_label_that_is_no_list_is_unusable(text: str):
    assert reason_of(with_input(text)) is Reason.LABEL


@pytest.mark.parametrize("signature", ["", "1", '"YQ=="', ":YQ==:;x=1", "(:YQ==:)"])
def test_step_3_a_label_without_one_plain_signature_is_unusable(signature: str):
    labels = (Label(signature=signature), Label("other", signature=ANY_SIGNATURE, components=()))

    assert reason_of(Message(labels=labels).request()) is Reason.LABEL


@pytest.mark.parametrize("signature", [":YQ:", ":YR==:", ":YQ=:"])
def test_step_3_base64_is_strict(signature: str):
    answer = parse(Message(labels=(Label(signature=signature),)).request())

    assert isinstance(answer, SignatureFailure)
    assert (answer.reason, answer.status) == (Reason.BASE64, 401)


@pytest.mark.parametrize(
    "algorithm",
    ["hmac-sha256", "rsa-pss-sha512", "rsa-sha256", "hs2019", "ecdsa-p256-sha256", "ED25519", "x"],
)
def test_step_3_an_algorithm_that_we_do_not_use_is_refused(algorithm: str):
    answer = parse(labelled(alg=f'"{algorithm}"'))

    assert isinstance(answer, SignatureFailure)
    assert (answer.reason, answer.status) == (Reason.ALGORITHM, 401)


@pytest.mark.parametrize(
    ("algorithm", "key"), [("rsa-v1_5-sha256", ed25519_key()), ("ed25519", rsa_key())]
)
def test_step_3_the_algorithm_is_that_of_the_key(algorithm: str, key: object):
    labels = (Label(parameters={"alg": f'"{algorithm}"'}, key=key),)

    assert outcome(Message(labels=labels).request(), public(key)) is Reason.KEY_TYPE


@pytest.mark.parametrize(
    ("algorithm", "key"), [("rsa-v1_5-sha256", rsa_key()), ("ed25519", ed25519_key())]
)
def test_step_3_the_algorithm_may_be_named(algorithm: str, key: object):
    labels = (Label(parameters={"alg": f'"{algorithm}"'}, key=key),)

    assert outcome(Message(labels=labels).request(), public(key)) is None


# ---- step 4


@pytest.mark.parametrize("left_out", POST_COMPONENTS)
def test_step_4_a_post_covers_all_that_it_must(left_out: str):
    covered = [name for name in POST_COMPONENTS if name != left_out]

    answer = parse(labelled(*covered))

    assert isinstance(answer, SignatureFailure)
    assert (answer.reason, answer.status) == (Reason.COVERAGE, 401)


@pytest.mark.parametrize("left_out", BY_PARTS)
def test_step_4_a_target_in_parts_is_whole(left_out: str):
    labels = (Label(components=[name for name in BY_PARTS if name != left_out]),)

    assert reason_of(Message(target="/inbox?a=1", labels=labels).request()) is Reason.COVERAGE


def test_step_4_a_target_without_a_query_needs_none_covered():
    labels = (Label(components=[name for name in BY_PARTS if name != '"@query"']),)

    assert outcome(Message(labels=labels).request()) is None


@pytest.mark.parametrize("left_out", GET_COMPONENTS)
def test_step_4_a_get_covers_method_and_target(left_out: str):
    covered = [name for name in GET_COMPONENTS if name != left_out]

    assert outcome(message_get()) is None
    assert reason_of(message_get(components=covered)) is Reason.COVERAGE


def test_step_4_created_is_part_of_what_is_covered():
    answer = parse(labelled(created="", expires=str(CREATED + 60)))

    assert isinstance(answer, SignatureFailure)
    assert (answer.reason, answer.status) == (Reason.COVERAGE, 401)


@pytest.mark.parametrize("parameter", [";bs", ";sf", ';key="sha-256"', ";tr", ";req", ";other"])
def test_step_4_a_component_with_parameters_makes_a_label_unusable(parameter: str):
    covered = f'"content-digest"{parameter}'

    alone = parse(labelled('"@method"', '"@target-uri"', covered))
    beside = parse(labelled(*POST_COMPONENTS, covered))

    for answer in (alone, beside):
        assert isinstance(answer, SignatureFailure)
        assert (answer.reason, answer.status) == (Reason.COMPONENT, 401)


@pytest.mark.parametrize("component", ["token", "1", ":YQ==:", "?1", '%"@method"'])
def test_step_4_a_component_that_is_no_text_makes_a_label_unusable(component: str):
    assert reason_of(labelled(*POST_COMPONENTS, component)) is Reason.COMPONENT


@pytest.mark.parametrize(
    "name", ["@status", "@signature-params", "@query-param", "@other", "Content-Digest", "x-none"]
)
def test_step_4_what_is_covered_is_there(name: str):
    assert reason_of(labelled(*POST_COMPONENTS, f'"{name}"')) is Reason.ABSENT


def test_step_4_a_covered_target_needs_a_host():
    headers = {"Content-Digest": content_digest(BODY)}

    assert reason_of(Message(headers=headers).request()) is Reason.ABSENT


def test_step_4_nothing_is_covered_twice():
    assert reason_of(labelled(*POST_COMPONENTS, '"@method"')) is Reason.COVERED_TWICE


# ---- several labels

NARROW = Label("narrow", components=('"@method"',))
ODD = Label("odd", components=(*POST_COMPONENTS, '"host";sf'))


def test_a_label_that_cannot_suffice_is_passed_over():
    claims = claims_of(Message(labels=(NARROW, ODD, Label("good"))).request())

    assert len(claims) == 1
    assert holds(claims[0], Message(labels=(NARROW, ODD, Label("good"))).request(), ED25519)


def test_at_most_three_labels_are_tried_in_their_order():
    names = ["a", "b", "c", "d"]
    labels = [Label(name, parameters={"keyid": f'"{KEY_ID}-{name}"'}) for name in names]

    claims = claims_of(Message(labels=labels).request())

    assert len(claims) == LABELS_MAX == 3
    assert [claim.key_id for claim in claims] == [f"{KEY_ID}-{name}" for name in names[:3]]


def test_without_a_usable_label_the_first_one_says_why():
    assert reason_of(Message(labels=(ODD, NARROW)).request()) is Reason.COMPONENT
    assert reason_of(Message(labels=(NARROW, ODD)).request()) is Reason.COVERAGE


def test_each_label_holds_by_itself():
    labels = (Label("one", key=rsa_key()), Label("two"))
    request = Message(labels=labels).request()

    one, two = claims_of(request)

    assert (holds(one, request, RSA), holds(two, request, ED25519)) == (True, True)
    assert (holds(one, request, ED25519), holds(two, request, RSA)) == (False, False)


def test_headers_that_come_in_several_lines_are_one_dictionary():
    first, second = (Message(labels=(Label(name),)).request() for name in ("one", "two"))
    request = Request("POST", "/inbox", (*first.headers, *second.headers[-2:]), BODY)

    claims = claims_of(request)

    assert [holds(claim, request, ED25519) for claim in claims] == [True, True]


# ---- steps 5, 6 and 8


@pytest.mark.parametrize(
    ("created_s", "expires_s", "reason"),
    [
        (CREATED - 50 * 60, 0, None),
        (CREATED + 50 * 60, 0, None),
        (CREATED - 2 * 3600, 0, Reason.CLOCK),
        (CREATED + 2 * 3600, 0, Reason.CLOCK),
        (CREATED - 2 * 3600, CREATED, None),
        (CREATED - 14 * 3600, CREATED, Reason.CLOCK),
        (CREATED, CREATED - 1, Reason.EXPIRES),
        (2**49, 0, Reason.CLOCK),
    ],
)
def test_step_5_a_signature_holds_in_its_window(
    created_s: int, expires_s: int, reason: Reason | None
):
    parameters = {"created": str(created_s), "expires": str(expires_s) if expires_s else ""}

    assert outcome(labelled(**parameters)) is reason


def test_step_5_time_is_judged_by_the_clock_that_is_handed_in():
    request = labelled()

    assert isinstance(judged(request, ED25519, NOW + timedelta(minutes=64)), Verified)
    assert not isinstance(judged(request, ED25519, NOW + timedelta(minutes=66)), Verified)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (content_digest(BODY), None),
        (content_digest(BODY, "sha512", "sha-512"), None),
        (f"{content_digest(BODY)}, {content_digest(BODY, 'sha512', 'sha-512')}", None),
        (content_digest(b"other"), Reason.DIGEST),
        (f"{content_digest(BODY)}, {content_digest(b'other', 'sha512', 'sha-512')}", Reason.DIGEST),
        ("md5=:YQ==:", Reason.DIGEST),
        ("", Reason.DIGEST),
    ],
)
def test_step_6_a_covered_digest_is_that_of_the_body(value: str, reason: Reason | None):
    headers = message_headers() | {"Content-Digest": value}

    assert outcome(Message(headers=headers).request()) is reason


def test_step_6_a_digest_of_the_other_scheme_is_checked_too():
    request = with_header(Message().request(), "Digest", "SHA-256=AAAA")

    assert outcome(request) is Reason.DIGEST


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Host", "alpha.test"),
        ("Signature-Input", Label(parameters={"created": str(CREATED + 1)}).described()),
        ("Signature-Input", Label(components=POST_COMPONENTS[::-1]).described()),
        ("Signature-Input", Label(parameters={"tag": '"x"'}).described()),
    ],
)
def test_step_8_what_is_signed_cannot_be_changed(name: str, text: str):
    value = f"sig1={text}" if name != "Host" else text

    assert outcome(with_header(Message().request(), name, value)) is Reason.INVALID


def test_step_8_a_post_to_another_target_does_not_hold():
    request = Message().request()
    other = Request("POST", "/u/bo/inbox", request.headers, request.body)

    assert outcome(other) is Reason.INVALID


def test_step_8_the_second_try_without_the_query_is_for_the_older_scheme_alone():
    request = message_get("/c/1/history")
    longer = Request("GET", "/c/1/history?page=2", request.headers, None)

    assert outcome(longer) is Reason.INVALID


def test_step_8_a_header_with_several_values_is_signed_as_one():
    headers = (*Message().headers.items(), ("X-Note", "a"), ("X-Note", "b"))
    values = {'"x-note"': "a, b"}
    label = Label(components=(*POST_COMPONENTS, '"x-note"'), values=values)
    signed = Message(labels=(label,)).request()

    assert outcome(Request("POST", "/inbox", (*headers, *signed.headers[-2:]), BODY)) is None


@pytest.mark.parametrize("value", ["caf\u00e9", "a\nb", "a\x00b"])
def test_step_8_a_covered_value_that_no_signature_can_hold_does_not(value: str):
    headers = message_headers() | {"X-Note": value}
    label = Label(components=(*POST_COMPONENTS, '"x-note"'))

    assert outcome(Message(headers=headers, labels=(label,)).request()) is Reason.INVALID


def test_step_8_a_claim_of_the_other_scheme_is_not_judged_here():
    parsed = ParsedSignature(KEY_ID, "", ("date",), b"", None, None, CREATED)

    assert signed_text(parsed, Message().request()) is None


@pytest.mark.parametrize("left_out", ["@method", "@target-uri", "content-digest"])
def test_step_8_a_claim_that_covers_too_little_is_not_judged(left_out: str):
    (claim,) = claims_of(Message().request())
    less = [name for name in claim.covered if name != left_out]

    assert signed_text(claim, Message().request()) is not None
    assert signed_text(replace(claim, covered=tuple(less)), Message().request()) is None


def test_all_that_is_malformed_is_grammar_and_not_a_matter_of_keys():
    assert {Reason.LABEL, Reason.COMPONENT, Reason.TWO_SCHEMES}.isdisjoint(MALFORMED)
