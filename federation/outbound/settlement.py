"""What an outcome does to its row and to its lane."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from federation.outbound import health
from federation.outbound.backoff import wait_for
from federation.outbound.health import Failure
from federation.outbound.outcome import (
    Broken,
    Delivered,
    Faulty,
    Gone,
    KeptOut,
    LaneFailed,
    Later,
    Reason,
    Refetch,
    Refused,
)
from federation.policy import refusal
from storage.changes.lanes import LaneHealth
from storage.delivery_claims import Claimed
from storage.delivery_queue import Settled

BROKEN_TRIES = 3
"""A row that fails inside so often is parked."""


@dataclass(frozen=True, slots=True)
class Undecided:
    """The database went away before it was known what becomes of the row."""


Resolved = Delivered | Later | Refused | Gone | Faulty | LaneFailed | Broken | KeptOut | Undecided
"""An outcome after which nothing is left to look up."""


@dataclass(frozen=True, slots=True)
class Sent:
    """How sending a row ended.

    Attributes:
        status: Of the answer; 0 without one.
        took_s: From signing to the answer.
    """

    row: Claimed
    outcome: Resolved
    status: int
    took_s: float


def resolved(outcome: Refetch, *, has_moved: bool) -> Resolved:
    """What follows once the recipients were looked up anew."""
    return Later(outcome.reason, timedelta(0)) if has_moved else outcome.otherwise


def settled(sent: Sent, now: datetime, *, chance: float) -> Settled:
    """The row as it is to be written."""
    row, outcome = sent.row, sent.outcome
    match outcome:
        case Delivered():
            return Settled(row, "delivered", sent.status, "", 0, row.due_at)
        case Refused() | Gone() | KeptOut():
            return Settled(
                row, "refused", sent.status, _why(row.host, outcome), row.tries, row.due_at
            )
        case Later():
            return _aside(sent, outcome.reason.value, now + outcome.wait)
        case Faulty():
            return _aside(sent, Reason.SERVER_ERROR.value, now + outcome.wait)
        case LaneFailed() | Undecided():
            return Settled(row, "pending", sent.status, row.reason, row.tries, row.due_at)
        case Broken():
            return _broken(sent, outcome, now, chance)
        case _:
            assert_never(outcome)


def _why(host: str, outcome: Refused | Gone | KeptOut) -> str:
    if isinstance(outcome, KeptOut):
        return outcome.reason
    if isinstance(outcome, Refused) and outcome.refusal is not None:
        return refusal.sentence(host, outcome.refusal)
    return Reason.GONE.value if isinstance(outcome, Gone) else outcome.reason.value


def _aside(sent: Sent, reason: str, due_at: datetime) -> Settled:
    return Settled(sent.row, "pending", sent.status, reason, _tries(sent.row, reason), due_at)


def _tries(row: Claimed, reason: str) -> int:
    return row.tries + 1 if row.reason == reason else 1


def _broken(sent: Sent, outcome: Broken, now: datetime, chance: float) -> Settled:
    row, reason = sent.row, outcome.fault.value
    tries = _tries(row, reason)
    if tries >= BROKEN_TRIES:
        return Settled(row, "parked", 0, reason, tries, row.due_at)
    due_at = now + wait_for(tries - 1, timedelta(0), chance)
    return Settled(row, "pending", 0, reason, tries, due_at)


def health_after(lane: LaneHealth, sent: Sent, now: datetime, *, chance: float) -> LaneHealth:
    """The lane's health, given how sending one row ended."""
    outcome = sent.outcome
    match outcome:
        case Delivered():
            return health.after_success(lane, now)
        case LaneFailed(trouble, retry_after):
            failure = Failure(trouble.value, retry_after, chance)
            return health.after_failure(lane, now=now, failure=failure)
        case Faulty():
            failure = Failure(Reason.SERVER_ERROR.value, None, chance)
            return health.after_fault(lane, sent.row.id, now=now, failure=failure)
        case Later() | Refused() | Gone():
            return health.after_answer(lane)
        case Broken() | KeptOut() | Undecided():
            return lane
        case _:
            assert_never(outcome)
