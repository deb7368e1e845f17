"""Each request to another inbox is counted by what came of it, for who runs this node."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Final

from federation.outbound.outcome import (
    Broken,
    Delivered,
    Faulty,
    Gone,
    KeptOut,
    LaneFailed,
    Later,
    Refused,
)
from federation.outbound.settlement import Sent, Undecided
from storage.tally import Tally

WORDS: Final[Mapping[type, str]] = {
    Delivered: "delivered",
    Later: "later",
    Refused: "refused",
    Gone: "gone",
    Faulty: "server_error",
    LaneFailed: "host_failed",
    Broken: "broken",
    KeptOut: "kept_out",
    Undecided: "undecided",
}
# Stage, action and mode of what the operator's rules decide here.
KEPT_OUT: Final = "delivery reject enforce"
# A Date names whole seconds: on the average its sender's clock is half a second further.
HALF_A_SECOND: Final = timedelta(seconds=0.5)
DATES_REMEMBERED: Final = 64


def count(tally: Tally, sent: Sent, now: datetime) -> None:
    """Count what came of sending one row."""
    outcome = sent.outcome
    tally.deliveries.add(WORDS[type(outcome)])
    if isinstance(outcome, Delivered):
        tally.delivery_s.add((now - sent.row.created_at).total_seconds())
    elif isinstance(outcome, KeptOut):
        tally.policy.add(KEPT_OUT)


def note_clock(tally: Tally, host: str, date: str, now: datetime) -> None:
    """Note how far our clock is ahead of a host's, by the Date of its answer."""
    theirs = _read_date(date)
    if theirs is not None:
        tally.offsets.heard(host, (now - theirs).total_seconds())


@lru_cache(DATES_REMEMBERED)
def _read_date(text: str) -> datetime | None:
    """The middle of the second that a Date names: what answers in one second names the same."""
    try:
        told = parsedate_to_datetime(text)
    except ValueError:
        return None
    return (told if told.tzinfo else told.replace(tzinfo=UTC)) + HALF_A_SECOND
