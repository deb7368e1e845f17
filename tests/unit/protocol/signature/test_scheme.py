"""A request is read by one scheme, which its headers choose and no failure changes."""

import pytest

from federation.protocol.signature.parsed import Reason, Request, SignatureFailure
from federation.protocol.signature.scheme import claims_in
from tests.support.message_signing import Label, Message
from tests.support.signing import Signed, with_header

CAVAGE = Signed().request()
MESSAGE = Message().request()


def reason_of(request: Request) -> Reason | None:
    answer = claims_in(request)
    return answer.reason if isinstance(answer, SignatureFailure) else None


def schemes_of(request: Request) -> list[str]:
    answer = claims_in(request)
    assert not isinstance(answer, SignatureFailure), answer
    return ["draft-cavage" if claim.parameters is None else "RFC 9421" for claim in answer]


def test_the_headers_choose_the_scheme():
    two_labels = Message(labels=(Label("a"), Label("b"))).request()

    assert schemes_of(CAVAGE) == ["draft-cavage"]
    assert schemes_of(MESSAGE) == ["RFC 9421"]
    assert schemes_of(two_labels) == ["RFC 9421", "RFC 9421"]


def test_without_either_header_a_request_is_unsigned():
    assert reason_of(Request("POST", "/inbox", (("Host", "beta.test"),), b"")) is Reason.UNSIGNED


@pytest.mark.parametrize(
    "signature_input",
    [
        'sig1=("@method" "@target-uri" "content-digest");created=1;keyid="x"',
        'sig1=("@method")',
        "sig1",
        "",
        "nonsense here",
        "sig1=(",
    ],
)
def test_a_signature_input_never_lets_the_older_scheme_count(signature_input: str):
    request = with_header(CAVAGE, "Signature-Input", signature_input)

    answer = claims_in(request)

    assert isinstance(answer, SignatureFailure)
    assert (answer.reason, answer.status) == (Reason.TWO_SCHEMES, 401)


def test_a_signature_of_neither_scheme_is_malformed():
    answer = claims_in(with_header(MESSAGE, "Signature", "neither one"))

    assert isinstance(answer, SignatureFailure)
    assert (answer.reason, answer.status) == (Reason.GRAMMAR, 400)


@pytest.mark.parametrize("request_", [CAVAGE, MESSAGE], ids=["draft-cavage", "RFC 9421"])
def test_a_signature_in_authorization_is_refused_whatever_stands_beside(request_: Request):
    assert reason_of(with_header(request_, "Authorization", "Signature x")) is (
        Reason.IN_AUTHORIZATION
    )
