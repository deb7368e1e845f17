"""Every answer to a delivery means one thing for its row and one thing for its lane.

    Outcome
    ├── Delivered     2xx
    ├── Later         the row steps aside and is tried again
    ├── Refused       the host will not have it; the row ends
    ├── Gone          the recipient is gone; the row ends
    ├── Refetch       look the recipients up anew: at once if their inbox moved, else `otherwise`
    ├── Faulty        a 5xx: the row steps aside, and the lane counts it
    ├── LaneFailed    the host is away; the row stays where it is
    ├── Broken        nothing was sent, because something is wrong here
    └── KeptOut       nothing was sent, because the operator lets nothing go there; the row ends

Source: delivery.md, section 4.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from federation.outbound.backoff import read_retry_after, wait_for
from federation.policy.refusal import Refusal


class Reason(Enum):
    """Why a row waits or ended, in words for its sender."""

    NOT_ACCEPTED = "the other server does not accept this activity"
    CLIENT_ERROR = "the other server answers with an error"
    SIGNATURE = "the other server does not accept our signature"
    FORBIDDEN = "the other server says that this is not allowed"
    CONTACTS_ONLY = "they take no messages from people they don't know"
    NOT_FOUND = "the other server does not know this recipient"
    MOVED = "the recipient's inbox has moved and its new place is unknown"
    GONE = "the recipient is gone"
    SERVER_ERROR = "the other server reports a failure of its own"


class HostTrouble(Enum):
    """Why a whole host waits, in words for the operator."""

    UNRESOLVED = "its name does not resolve"
    UNREACHABLE = "it does not accept connections"
    TLS = "its certificate or TLS handshake is not acceptable"
    DEADLINE = "it does not answer in time"
    DISCONNECTED = "it ends connections early"
    INVALID = "its answer is not HTTP"
    NOT_DIALLED = "its address may not be dialled"
    BUSY = "it asks to wait"


class Fault(Enum):
    """Why a row cannot be sent from here, in words for the operator."""

    NO_BODY = "the bytes of the activity are missing here"
    NO_INBOX = "the inbox of the recipient is not known here"
    NO_KEY = "the key of the sender is missing here"
    FAILED = "sending failed inside this node; the log says how"


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back; `retry_after` is the header of this name, '' if absent."""

    status: int
    retry_after: str
    says_contacts_only: bool = False
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Tried:
    """What is known about a row when its answer is judged.

    `reason` is the last judgement about the row, '' if none; `tries` is how often in a row it was
    that.
    """

    reason: str
    tries: int
    is_shared: bool
    created_at: datetime
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class Delivered:
    """The host has taken it."""


@dataclass(frozen=True, slots=True)
class Later:
    """Try the row again after `wait`."""

    reason: Reason
    wait: timedelta


@dataclass(frozen=True, slots=True)
class Refused:
    """The host will not have it; `refusal` is what it says of that itself, or None."""

    reason: Reason
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Gone:
    """There is nobody to have it."""


@dataclass(frozen=True, slots=True)
class Refetch:
    """Look the recipients up anew; what follows when their inbox is the same."""

    reason: Reason
    otherwise: Later | Refused | Gone


@dataclass(frozen=True, slots=True)
class Faulty:
    """The host failed on this row: try it again after `wait`, and let the lane count."""

    wait: timedelta


@dataclass(frozen=True, slots=True)
class LaneFailed:
    """The host is away; `retry_after` is what it asked for."""

    trouble: HostTrouble
    retry_after: timedelta | None


@dataclass(frozen=True, slots=True)
class Broken:
    """Something is wrong here; the host was not asked."""

    fault: Fault


@dataclass(frozen=True, slots=True)
class KeptOut:
    """The operator lets nothing go to this host, for this reason; the host was not asked."""

    reason: str


Outcome = Delivered | Later | Refused | Gone | Refetch | Faulty | LaneFailed | Broken | KeptOut

AFTER_SIGNATURE: Final = (timedelta(hours=1), timedelta(hours=6), timedelta(hours=24))
AFTER_NOT_FOUND: Final = (timedelta(hours=1), timedelta(hours=6), timedelta(hours=16))
"""Three further tries within a day."""

AFTER_NOT_ACCEPTED: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class _Case:
    retry_after: timedelta | None
    row: Tried
    now: datetime
    chance: float

    def tries(self, reason: Reason) -> int:
        return self.row.tries if self.row.reason == reason.value else 0

    def ladder_wait(self, reason: Reason) -> timedelta:
        return wait_for(self.tries(reason), self.now - self.row.created_at, self.chance)


def _step_or_refused(case: _Case, reason: Reason, waits: tuple[timedelta, ...]) -> Later | Refused:
    tries = case.tries(reason)
    return Later(reason, waits[tries]) if tries < len(waits) else Refused(reason)


def _delivered(_case: _Case) -> Outcome:
    return Delivered()


def _moved(case: _Case) -> Outcome:
    return Refetch(Reason.MOVED, _step_or_refused(case, Reason.MOVED, AFTER_NOT_FOUND))


def _not_found(case: _Case) -> Outcome:
    return Refetch(Reason.NOT_FOUND, _step_or_refused(case, Reason.NOT_FOUND, AFTER_NOT_FOUND))


def _gone(case: _Case) -> Outcome:
    return Refetch(Reason.GONE, Gone()) if case.row.is_shared else Gone()


def _not_accepted(case: _Case) -> Outcome:
    if case.tries(Reason.NOT_ACCEPTED):
        return Refused(Reason.NOT_ACCEPTED)
    wait = case.retry_after or AFTER_NOT_ACCEPTED
    if case.row.published_at is not None:
        # A stamp ahead of their clock is a common cause: a second try before that time is wasted.
        wait = max(wait, case.row.published_at - case.now)
    return Later(Reason.NOT_ACCEPTED, wait)


def _signature(case: _Case) -> Outcome:
    return _step_or_refused(case, Reason.SIGNATURE, AFTER_SIGNATURE)


def _forbidden(_case: _Case) -> Outcome:
    return Refused(Reason.FORBIDDEN)


def _client_error(case: _Case) -> Outcome:
    return Later(Reason.CLIENT_ERROR, case.ladder_wait(Reason.CLIENT_ERROR))


def _busy(case: _Case) -> Outcome:
    return LaneFailed(HostTrouble.BUSY, case.retry_after)


def _server_error(case: _Case) -> Outcome:
    return Faulty(case.ladder_wait(Reason.SERVER_ERROR))


BY_STATUS: Final[Mapping[int, Callable[[_Case], Outcome]]] = {
    **dict.fromkeys((400, 405, 406, 413, 415, 422), _not_accepted),
    **dict.fromkeys((408, 425, 429, 503), _busy),
    401: _signature,
    403: _forbidden,
    404: _not_found,
    410: _gone,
}

BY_CLASS: Final[Mapping[int, Callable[[_Case], Outcome]]] = {
    2: _delivered,
    3: _moved,
    4: _client_error,
    5: _server_error,
}


def judge(answer: Answered, row: Tried, *, now: datetime, chance: float) -> Outcome:
    """What an answer means; a status outside 200 to 599 is not HTTP and fails the lane."""
    if answer.says_contacts_only or answer.refusal is not None:
        why = Reason.CONTACTS_ONLY if answer.says_contacts_only else Reason.FORBIDDEN
        return Refused(why, answer.refusal)
    rule = BY_STATUS.get(answer.status) or BY_CLASS.get(answer.status // 100)
    if rule is None:
        return LaneFailed(HostTrouble.INVALID, None)
    return rule(_Case(read_retry_after(answer.retry_after, now), row, now, chance))
