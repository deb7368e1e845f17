"""PURE: what the inbox answers: the status, the text that is safe for the sender, when to retry."""

from dataclasses import dataclass
from typing import Final

from federation.policy.disclosure import NOTHING, Disclosed
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.signature.parsed import SignatureFailure
from federation.protocol.verdict import Refused

ACCEPTED: Final = 202
CLOCK_RETRY_S: Final = 180
NOT_NOW: Final = (503, "the signature cannot be checked now")
OVER_LIMIT: Final = (429, "too many hosts of one domain are new")


@dataclass(frozen=True, slots=True)
class NotKnownNow:
    """Nobody can say now whether the request is what it claims to be.

    Attributes:
        is_over_limit: Whether that is so because more would have to be asked than may be.
    """

    retry_after_s: int
    is_over_limit: bool = False


@dataclass(frozen=True, slots=True)
class KeptOut:
    """The operator of this node lets nothing in from a host that answers for the request.

    Attributes:
        is_announced: Whether that is only the host of what somebody else announces.
        is_silent: Whether who sends is told nothing.
        told: What they may learn of why.
    """

    is_announced: bool = False
    is_silent: bool = False
    told: Disclosed = NOTHING


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to a request.

    Attributes:
        reason: Safe for the sender; "" with 202.
        detail: What was seen; for our log only.
        retry_after_s: In seconds, or None.
        signer: Who has signed the request, once that is known; for our log only.
        about: The activity's type and id, once they are known; for our log only.
        problem: The word of the problem, if the status does not say enough; "" otherwise.
        category: Why a rule refuses it, in a word; "" for nothing.
    """

    status: int
    reason: str = ""
    detail: str = ""
    retry_after_s: int | None = None
    signer: str = ""
    about: str = ""
    problem: str = ""
    category: str = ""


COMMITTED: Final = Reply(ACCEPTED)

Fault = SignatureFailure | RemoteProtocolError | Refused | NotKnownNow | KeptOut


def dropped(why: str) -> Reply:
    """It has no effect, and its sender is told nothing: 202."""
    return Reply(ACCEPTED, detail=why)


def reply_to(fault: Fault) -> Reply:
    """The answer to a request with this fault (security.md 2.2)."""
    match fault:
        case SignatureFailure():
            return Reply(fault.status, fault.reason.value, fault.detail)
        case RemoteProtocolError():
            return Reply(fault.status, fault.reason, fault.detail)
        case Refused():
            return Reply(fault.status, fault.reason, retry_after_s=fault.retry_after_s)
        case NotKnownNow(is_over_limit=is_over_limit):
            status, reason = OVER_LIMIT if is_over_limit else NOT_NOW
            return Reply(status, reason, retry_after_s=fault.retry_after_s)
        case KeptOut():
            return _reply_to_kept_out(fault)


def _reply_to_kept_out(fault: KeptOut) -> Reply:
    if fault.is_announced:
        return dropped("what it announces is kept out")
    if fault.is_silent:
        return dropped("a rule drops it")
    # People there read the reason, so what only says that there is one is none.
    return Reply(
        403, fault.told.reason, "kept out", problem="refused", category=fault.told.category
    )
