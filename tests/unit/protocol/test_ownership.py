from datetime import UTC, datetime

import pytest

from federation.protocol.ownership import Authenticated, Hearsay, ProofStanding, judge
from federation.protocol.parse import parse_activity
from federation.protocol.signature.verify import Verified
from federation.protocol.verdict import Refused
from tests.support.examples import examples, group_message

BOB = "https://bob.example/u/bob"
MALLORY = "https://bob.example/u/mallory"
HELD, ABSENT, BROKEN = ProofStanding.HELD, ProofStanding.ABSENT, ProofStanding.BROKEN
OWN, OTHER = BOB, MALLORY
AWARE, LEGACY = True, False


def signed_by(actor: str) -> Verified:
    """A fact made for the test; outside tests the verifier alone makes it."""
    return Verified(f"{actor}#main-key", actor, "rsa", datetime(2026, 9, 3, tzinfo=UTC))


@pytest.mark.parametrize(
    ("signer", "proof", "aware", "answer"),
    [
        (OWN, HELD, AWARE, Authenticated),
        (OTHER, HELD, AWARE, Authenticated),
        (OWN, ABSENT, AWARE, Refused),
        (OTHER, ABSENT, AWARE, Refused),
        (OWN, BROKEN, AWARE, Refused),
        (OTHER, BROKEN, AWARE, Refused),
        (OWN, HELD, LEGACY, Authenticated),
        (OTHER, HELD, LEGACY, Authenticated),
        (OWN, ABSENT, LEGACY, Authenticated),
        (OTHER, ABSENT, LEGACY, Hearsay),
        (OWN, BROKEN, LEGACY, Refused),
        (OTHER, BROKEN, LEGACY, Refused),
    ],
)
def test_whose_word_a_message_is(
    signer: str, proof: ProofStanding, aware: object, answer: type[object]
):
    activity = parse_activity(group_message())

    found = judge(activity, signed_by(signer), proof=proof, aware=bool(aware))

    assert type(found) is answer
    if isinstance(found, Refused):
        assert found.status == 401
    if isinstance(found, Authenticated):
        assert (found.activity, found.signer) == (activity, signer)
        assert found.proven is (proof is HELD)


@pytest.mark.parametrize("name", ["8 Read", "8 ChatTyping"])
@pytest.mark.parametrize(
    ("signer", "proof", "aware", "answer"),
    [
        (OWN, ABSENT, AWARE, Authenticated),
        (OTHER, ABSENT, AWARE, Refused),
        (OTHER, HELD, AWARE, Refused),
        (OWN, BROKEN, AWARE, Refused),
        (OWN, ABSENT, LEGACY, Authenticated),
        (OTHER, ABSENT, LEGACY, Hearsay),
        (OTHER, HELD, LEGACY, Hearsay),
    ],
)
def test_a_receipt_or_typing_is_signed_by_its_actor(
    name: str, signer: str, proof: ProofStanding, aware: object, answer: type[object]
):
    activity = parse_activity({**examples()[name], "actor": BOB})

    assert type(judge(activity, signed_by(signer), proof=proof, aware=bool(aware))) is answer
