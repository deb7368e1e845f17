import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from federation.protocol.proof import ProofFailure, add_proof, check_proof, verification_method
from federation.protocol.vocabulary import CONTEXT
from tests.support.examples import group_message

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
METHOD = "https://bob.example/u/bob#ed25519-key"
NOW = datetime(2026, 9, 3, 12, 5, tzinfo=UTC)
DIGITS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def proven(document: dict[str, Any] | None = None) -> dict[str, Any]:
    return add_proof(document or group_message(), key=KEY, method=METHOD, created=NOW)


def signed_by_hand(document: dict[str, Any], options: dict[str, Any]) -> dict[str, Any]:
    """The FEP told once more, step by step, with nothing of ours in it."""
    hashes = [hashlib.sha256(rfc8785.dumps(part)).digest() for part in (options, document)]
    number = int.from_bytes(KEY.sign(hashes[0] + hashes[1]), "big")
    text = ""
    while number:
        text = DIGITS[number % 58] + text
        number //= 58
    return {**document, "proof": {**options, "proofValue": f"z{text}"}}


def options(**changes: object) -> dict[str, Any]:
    found = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "created": "2026-09-03T12:05:00.000Z",
        "verificationMethod": METHOD,
        "proofPurpose": "assertionMethod",
        **changes,
    }
    return {name: value for name, value in found.items() if value is not None}


def check(document: dict[str, Any]) -> ProofFailure | None:
    return check_proof(document, key=KEY.public_key(), now=NOW)


@pytest.mark.parametrize(
    "document",
    [
        group_message(),
        {**group_message(), "size": 1.5},
        {**group_message(), "ключ": "значение"},
        {"@context": "https://www.w3.org/ns/activitystreams", "type": "Create"},
    ],
)
def test_a_proof_is_that_of_the_algorithm_done_by_hand(document: dict[str, Any]):
    by_hand = signed_by_hand(document, options(**{"@context": document["@context"]}))

    assert proven(document) == by_hand
    assert check(by_hand) is None


def test_a_proof_repeats_the_context_and_replaces_the_one_before():
    document = proven(proven({**group_message(), "signature": {"type": "RsaSignature2017"}}))

    assert document["proof"]["@context"] == CONTEXT
    assert "signature" not in document
    assert check(document) is None


def test_a_document_without_context_has_a_proof_without_one():
    document = proven({"type": "Create"})

    assert "@context" not in document["proof"]
    assert check(document) is None


@pytest.mark.parametrize(
    "change",
    [
        {"@context": None},
        {"@context": CONTEXT, "expires": "2026-09-03T12:05:00.001Z"},
        {"@context": CONTEXT, "created": None},
        {"@context": CONTEXT, "created": "2026-09-03T12:05:00+00:00"},
        {"@context": CONTEXT, "nonce": "unknown options are signed over"},
    ],
)
def test_options_that_are_allowed(change: dict[str, Any]):
    assert check(signed_by_hand(group_message(), options(**change))) is None


@pytest.mark.parametrize(
    ("change", "failure"),
    [
        ({"@context": "https://www.w3.org/ns/activitystreams"}, ProofFailure.CONTEXT),
        ({"@context": CONTEXT[::-1]}, ProofFailure.CONTEXT),
        ({"expires": "2026-09-03T12:05:00Z"}, ProofFailure.EXPIRED),
        ({"expires": "never"}, ProofFailure.MALFORMED),
        ({"created": "yesterday"}, ProofFailure.MALFORMED),
        ({"type": "Proof"}, ProofFailure.MALFORMED),
        ({"proofPurpose": "authentication"}, ProofFailure.PURPOSE),
        ({"proofPurpose": None}, ProofFailure.PURPOSE),
        ({"domain": "a.example"}, ProofFailure.FOR_OTHERS),
        ({"challenge": "x"}, ProofFailure.FOR_OTHERS),
        ({"cryptosuite": "ecdsa-jcs-2019"}, ProofFailure.MISSING),
    ],
)
def test_options_that_fail_though_signed(change: dict[str, Any], failure: ProofFailure):
    assert check(signed_by_hand(group_message(), options(**change))) is failure


@pytest.mark.parametrize(
    ("change", "failure"),
    [
        ({"created": "2026-09-03T12:05:01.000Z"}, ProofFailure.WRONG),
        ({"nonce": "added"}, ProofFailure.WRONG),
        ({"verificationMethod": METHOD + "2"}, ProofFailure.WRONG),
        ({"proofValue": None}, ProofFailure.MALFORMED),
        ({"proofValue": 7}, ProofFailure.MALFORMED),
        ({"proofValue": "z"}, ProofFailure.MALFORMED),
        ({"proofValue": "z0"}, ProofFailure.MALFORMED),
        ({"proofValue": "u" + "1" * 64}, ProofFailure.MALFORMED),
        ({"proofValue": "z" + "1" * 64}, ProofFailure.WRONG),
    ],
)
def test_an_altered_proof_fails(change: dict[str, Any], failure: ProofFailure):
    document = proven()
    document["proof"].update(change)

    assert check(document) is failure


@pytest.mark.parametrize("value", [None, "z3FXQ", [], [7]])
def test_what_is_no_proof_is_missing(value: object):
    document = {**group_message(), "proof": value}

    assert check(document) is ProofFailure.MISSING
    assert verification_method(document) is None


def test_of_two_proofs_the_one_we_can_check_counts():
    document = proven()
    other = {"type": "DataIntegrityProof", "cryptosuite": "ecdsa-jcs-2019"}

    assert check({**document, "proof": [other, document["proof"]]}) is None
    assert check({**document, "proof": [document["proof"]] * 2}) is ProofFailure.MISSING


def test_another_key_fails():
    other = Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key()

    assert check_proof(proven(), key=other, now=NOW) is ProofFailure.WRONG


def test_a_linked_data_signature_is_no_part_of_what_is_proven():
    assert check({**proven(), "signature": {"signatureValue": "x"}}) is None


def test_an_integer_without_canonical_form_fails():
    assert check({**proven(), "size": 2**53}) is ProofFailure.MALFORMED


def test_an_expired_proof_held_the_moment_before():
    document = signed_by_hand(group_message(), options(expires="2026-09-03T12:05:00Z"))

    before = NOW - timedelta(milliseconds=1)

    assert check_proof(document, key=KEY.public_key(), now=before) is None


def test_the_method_is_named_in_canonical_form():
    document = proven()
    document["proof"]["verificationMethod"] = METHOD.replace("bob.example", "BOB.example:443")

    assert verification_method(document) == METHOD


def test_white_space_and_order_on_the_wire_change_nothing():
    document = proven()

    again = json.loads(json.dumps(dict(reversed(document.items())), indent=3, sort_keys=False))

    assert check(again) is None
