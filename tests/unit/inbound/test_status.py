import pytest

from federation.inbound.status import (
    COMMITTED,
    Fault,
    NotKnownNow,
    Reply,
    dropped,
    reply_to,
)
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.signature.parsed import Reason, SignatureFailure
from federation.protocol.verdict import Refused

REASON = next(iter(Reason))
FAILED = SignatureFailure(REASON)
REPLIES: list[tuple[Fault, Reply]] = [
    (SignatureFailure(REASON, "seen"), Reply(FAILED.status, REASON.value, "seen")),
    (RemoteProtocolError("no object", "seen", status=422), Reply(422, "no object", "seen")),
    (Refused("not a member"), Reply(403, "not a member")),
    (
        NotKnownNow(30),
        Reply(503, "the signature cannot be checked now", retry_after_s=30),
    ),
    (
        NotKnownNow(1800, is_over_limit=True),
        Reply(429, "too many hosts of one domain are new", retry_after_s=1800),
    ),
]


@pytest.mark.parametrize(("fault", "reply"), REPLIES)
def test_each_fault_has_its_answer(fault: Fault, reply: Reply):
    assert reply_to(fault) == reply


def test_what_is_dropped_looks_like_what_is_committed():
    silent = dropped("nobody follows that here")

    assert (silent.status, silent.reason) == (COMMITTED.status, COMMITTED.reason)
    assert silent.detail == "nobody follows that here"
