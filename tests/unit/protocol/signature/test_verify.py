from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from federation.protocol.keys import PublicKey
from federation.protocol.signature.cavage import parse
from federation.protocol.signature.parsed import (
    MALFORMED,
    ParsedSignature,
    Reason,
    Request,
    SignatureFailure,
)
from federation.protocol.signature.verify import Verified, check_time_and_digest, verify
from tests.support.signing import (
    BODY,
    KEY_ID,
    NOW,
    OWNER,
    POST_COVERED,
    Signed,
    digest,
    ed25519_key,
    judged,
    post_headers,
    public,
    rsa_key,
    signed_get,
    with_header,
)

CREATED = int(NOW.timestamp())
BY_CREATED = ("(request-target)", "host", "digest", "(created)")
BY_EXPIRES = (*BY_CREATED, "(expires)")
OTHER_BODY = b'{"type":"Delete"}'


def reason_at(request: Request, now: datetime = NOW) -> Reason | None:
    parsed = parse(request)
    assert isinstance(parsed, ParsedSignature), parsed
    failure = check_time_and_digest(parsed, request, now)
    return failure.reason if failure else None


def after(**span: float) -> datetime:
    return NOW + timedelta(**span)


def with_body(request: Request, body: bytes) -> Request:
    return Request(request.method, request.target, request.headers, body)


# ---- step 5


@pytest.mark.parametrize(
    "now",
    [NOW, after(minutes=50), after(minutes=-50), after(minutes=65), after(minutes=-60)],
)
def test_step_5_a_date_within_the_window_is_let_in(now: datetime):
    assert reason_at(Signed().request(), now) is None


@pytest.mark.parametrize(
    "now",
    [
        after(minutes=65, seconds=1),
        after(minutes=-60, seconds=-1),
        after(hours=2),
        after(hours=-2),
        after(days=365 * 15),
    ],
)
def test_step_5_a_date_outside_the_window_is_a_matter_of_the_clock(now: datetime):
    assert reason_at(Signed().request(), now) is Reason.CLOCK
    assert "clock" in Reason.CLOCK.value


def test_step_5_a_clock_is_not_blamed_for_a_wrong_body():
    request = with_body(Signed().request(), OTHER_BODY)

    assert reason_at(request, after(hours=2)) is Reason.TIME
    assert "clock" not in Reason.TIME.value


@pytest.mark.parametrize(
    ("created", "now", "reason"),
    [
        (CREATED, NOW, None),
        (CREATED, after(minutes=65), None),
        (CREATED, after(minutes=66), Reason.CLOCK),
        (CREATED + 3600, NOW, None),
        (CREATED + 3601, NOW, Reason.CLOCK),
        (CREATED + 7200, NOW, Reason.CLOCK),
        (2**53 - 1, NOW, Reason.CLOCK),
        (1, NOW, Reason.CLOCK),
    ],
)
def test_step_5_created_counts_instead_of_date(created: int, now: datetime, reason: Reason | None):
    headers = {**post_headers(), "Date": "Thu, 01 Jan 1970 00:00:01 GMT"}
    request = Signed(
        headers=headers, parameters={"created": str(created)}, covered=BY_CREATED
    ).request()

    assert reason_at(request, now) is reason


@pytest.mark.parametrize(
    ("expires", "now", "reason"),
    [
        (CREATED, NOW, None),
        (CREATED - 1, NOW, Reason.EXPIRES),
        (CREATED + 10, after(minutes=60, seconds=10), None),
        (CREATED + 10, after(minutes=60, seconds=11), Reason.CLOCK),
        (CREATED + 3 * 3600, after(hours=4), None),
        (CREATED + 3 * 3600, after(hours=4, seconds=1), Reason.CLOCK),
        (CREATED + 24 * 3600, after(hours=13), None),
        (CREATED + 24 * 3600, after(hours=13, seconds=1), Reason.CLOCK),
        (2**53 - 1, after(hours=14), Reason.CLOCK),
    ],
)
def test_step_5_a_covered_expiry_ends_it_but_after_12_hours_it_is_over(
    expires: int, now: datetime, reason: Reason | None
):
    parameters = {"created": str(CREATED), "expires": str(expires)}

    request = Signed(parameters=parameters, covered=BY_EXPIRES).request()

    assert reason_at(request, now) is reason


@pytest.mark.parametrize(
    ("expires", "now", "reason"),
    [
        (CREATED + 12 * 3600, after(minutes=65), None),
        (CREATED + 12 * 3600, after(minutes=66), Reason.CLOCK),
        (CREATED - 3600, after(seconds=1), Reason.CLOCK),
        (1, NOW, Reason.CLOCK),
    ],
)
def test_step_5_an_expiry_that_is_not_covered_only_shortens(
    expires: int, now: datetime, reason: Reason | None
):
    request = Signed(parameters={"expires": str(expires)}).request()

    assert reason_at(request, now) is reason


@pytest.mark.parametrize("date", ["", "yesterday", "Sun, 22 Nov 2026 07:44:00 +0100"])
def test_step_5_a_date_that_cannot_be_read_is_400(date: str):
    request = with_header(Signed().request(), "Date", date)
    parsed = parse(request)
    assert isinstance(parsed, ParsedSignature)

    failure = check_time_and_digest(parsed, request, NOW)

    assert failure is not None
    assert (failure.reason, failure.status) == (Reason.BAD_DATE, 400)


# ---- step 6


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Digest": f"sha-256={digest(BODY)}"},
        {"Digest": f"SHA-256={digest(BODY)} "},
        {"Digest": f"SHA-256={digest(BODY)},SHA-512={digest(BODY, 'sha512')}"},
        {"Content-Digest": f"sha-256=:{digest(BODY)}:"},
    ],
)
def test_step_6_a_right_digest_is_let_in(headers: dict[str, str]):
    assert reason_at(Signed(headers={**post_headers(), **headers}).request()) is None


@pytest.mark.parametrize(
    "headers",
    [
        {"Digest": f"SHA-256={digest(OTHER_BODY)}"},
        {"Digest": f"SHA-256={digest(BODY)},SHA-256={digest(OTHER_BODY)}"},
        {"Digest": f"SHA-512={digest(BODY, 'sha512')}"},
        {"Digest": "MD5=HUXZLQLMuI/KZ5KDcJPcOA=="},
        {"Digest": f"SHA-256={digest(BODY).rstrip('=')}"},
        {"Content-Digest": f"sha-256=:{digest(OTHER_BODY)}:"},
    ],
)
def test_step_6_a_wrong_digest_is_401_covered_or_not(headers: dict[str, str]):
    request = Signed(headers={**post_headers(), **headers}).request()

    assert judged(request, public(rsa_key())) == SignatureFailure(Reason.DIGEST)


def test_step_6_a_replaced_body_is_noticed():
    request = with_body(Signed().request(), OTHER_BODY)

    assert reason_at(request) is Reason.DIGEST


def test_step_6_a_second_digest_header_is_part_of_the_first():
    request = Signed().request()
    headers = (*request.headers, ("digest", f"SHA-256={digest(OTHER_BODY)}"))

    assert reason_at(Request("POST", "/inbox", headers, BODY)) is Reason.DIGEST


@pytest.mark.parametrize(("body", "reason"), [(b"", None), (BODY, Reason.DIGEST)])
def test_step_6_a_get_with_a_digest_has_that_of_nothing(body: bytes, reason: Reason | None):
    request = with_header(signed_get(), "Digest", f"SHA-256={digest(body)}")

    assert reason_at(request) is reason


# ---- step 8


@pytest.mark.parametrize("label", ['"rsa-sha256"', '"hs2019"', ""])
def test_step_8_an_rsa_key_signs(label: str):
    request = Signed(parameters={"algorithm": label}).request()

    assert judged(request, public(rsa_key())) == Verified(KEY_ID, OWNER, "rsa", NOW)


@pytest.mark.parametrize("label", ['"ed25519"', '"hs2019"', ""])
def test_step_8_an_ed25519_key_signs(label: str):
    request = Signed(parameters={"algorithm": label}, key=ed25519_key()).request()

    assert judged(request, public(ed25519_key())) == Verified(KEY_ID, OWNER, "ed25519", NOW)


def test_step_8_a_label_may_narrow_and_never_choose():
    as_ed25519 = Signed(parameters={"algorithm": '"ed25519"'}).request()
    as_rsa = Signed(key=ed25519_key()).request()

    assert judged(as_ed25519, public(rsa_key())) == SignatureFailure(Reason.KEY_TYPE, "ed25519")
    assert judged(as_rsa, public(ed25519_key())) == SignatureFailure(Reason.KEY_TYPE, "rsa-sha256")


@pytest.mark.parametrize("label", ['"hs2019"', ""])
def test_step_8_a_key_of_the_other_type_does_not_verify(label: str):
    by_rsa = Signed(parameters={"algorithm": label}).request()
    by_ed25519 = Signed(parameters={"algorithm": label}, key=ed25519_key()).request()

    assert judged(by_rsa, public(ed25519_key())) == SignatureFailure(Reason.INVALID, KEY_ID)
    assert judged(by_ed25519, public(rsa_key())) == SignatureFailure(Reason.INVALID, KEY_ID)


def test_step_8_a_key_of_another_id_is_not_asked():
    key = public(rsa_key(), "https://alpha.test/u/al#other-key")

    assert judged(Signed().request(), key) == SignatureFailure(Reason.WRONG_KEY, KEY_ID)


@pytest.mark.parametrize(
    "change",
    [
        lambda r: Request("GET", r.target, r.headers, r.body),
        lambda r: Request(r.method, "/u/bo/inbox", r.headers, r.body),
        lambda r: Request(r.method, "/inbox?", r.headers, r.body),
        lambda r: with_header(r, "Host", "gamma.test"),
        lambda r: with_header(r, "Date", "Sun, 22 Nov 2026 07:44:01 GMT"),
        lambda r: with_header(r, "Digest", r.fields["digest"].lower()[:8] + r.fields["digest"][8:]),
        lambda r: Request(r.method, r.target, (*r.headers, ("Host", "beta.test")), r.body),
    ],
)
def test_step_8_what_was_signed_cannot_be_changed(
    change: Callable[[Request], Request],
):
    request = Signed().request()

    assert isinstance(judged(request, public(rsa_key())), Verified)
    assert judged(change(request), public(rsa_key())) == SignatureFailure(Reason.INVALID, KEY_ID)


def test_step_8_what_was_not_signed_may_change():
    request = with_header(Signed().request(), "User-Agent", "another")

    assert isinstance(judged(request, public(rsa_key())), Verified)


@pytest.mark.parametrize("signed_target", ["/u/bo", "/u/bo?page=2"])
def test_step_8_a_get_may_leave_its_query_unsigned(signed_target: str):
    request = signed_get("/u/bo?page=2", signed_target=signed_target)

    assert isinstance(judged(request, public(rsa_key())), Verified)


@pytest.mark.parametrize("signed_target", ["/u", "/u/bo?page=3", "/u/bo?"])
def test_step_8_a_get_may_leave_out_nothing_else(signed_target: str):
    request = signed_get("/u/bo?page=2", signed_target=signed_target)

    assert judged(request, public(rsa_key())) == SignatureFailure(Reason.INVALID, KEY_ID)


def test_step_8_a_post_may_not_leave_its_query_unsigned():
    request = Signed(target="/inbox?x=1", signed_target="/inbox").request()

    assert judged(request, public(rsa_key())) == SignatureFailure(Reason.INVALID, KEY_ID)


def test_step_8_a_covered_header_that_is_gone_fails():
    request = Signed(covered=(*POST_COVERED, "x-note"), headers={**post_headers(), "X-Note": "1"})
    whole = request.request()
    parsed = parse(whole)
    assert isinstance(parsed, ParsedSignature)
    without = tuple(pair for pair in whole.headers if pair[0] != "X-Note")

    answer = verify(parsed, Request("POST", "/inbox", without, BODY), public(rsa_key()))

    assert isinstance(verify(parsed, whole, public(rsa_key())), Verified)
    assert answer == SignatureFailure(Reason.INVALID, KEY_ID)


@pytest.mark.parametrize("created", [None, 2**53 - 1, 253402300800, 253402300799])
def test_step_8_a_time_that_is_none_makes_no_fact(created: int | None):
    parameters = {"created": str(created)} if created else {}
    headers = {**post_headers(), "Date": "some day"}
    covered = BY_CREATED if created else POST_COVERED
    request = Signed(headers=headers, parameters=parameters, covered=covered).request()
    parsed = parse(request)
    assert isinstance(parsed, ParsedSignature)

    assert verify(parsed, request, public(rsa_key())) == SignatureFailure(Reason.TIME)


def test_a_stolen_key_id_speaks_for_nobody_else():
    mallory = PublicKey(
        KEY_ID, "https://evil.test/u/eve", "ed25519", ed25519_key().public_key(), b""
    )
    request = Signed(parameters={"algorithm": ""}, key=ed25519_key()).request()

    answer = judged(request, mallory)

    assert isinstance(answer, Verified)
    assert answer.actor == "https://evil.test/u/eve"


def test_every_reason_is_a_sentence_with_a_status():
    statuses = {reason: SignatureFailure(reason).status for reason in Reason}

    assert {reason for reason, status in statuses.items() if status == 400} == MALFORMED
    assert set(statuses.values()) == {400, 401}
    assert len({reason.value for reason in Reason}) == len(Reason)
    assert all(reason.value.endswith(".") for reason in Reason)
