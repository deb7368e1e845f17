"""What a check answers: allowed, or refused for a reason that has a name."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Allowed:
    """The check has nothing against it."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The check forbids it.

    Attributes:
        reason: A short constant phrase, safe to show to whoever asked.
        status: The HTTP status for an aware sender while an answer is still open.
        notice: The `chatNotice` word of a Reject that says it (groups-protocol.md 4.5), or "".
        retry_after_s: After how many seconds it may be allowed, or None.
    """

    reason: str
    status: int = 403
    notice: str = ""
    retry_after_s: int | None = None


Verdict = Allowed | Refused
