"""What a message of ours is stamped with: the later of now and the newest we show, within a cap."""

from datetime import datetime, timedelta
from typing import Final

STEP: Final = timedelta(milliseconds=1)
AHEAD_MAX: Final = timedelta(seconds=60)
TOO_FAR_AHEAD: Final = timedelta(minutes=2)


def stamp(now: datetime, newest_t: datetime | None) -> datetime:
    """Answer the `published` of what we send: whole milliseconds, at most 60 s ahead of now.

    Args:
        now: The real clock.
        newest_t: The greatest sort time shown in the conversation, or for a state change the time
            of the one before; None when there is neither.

    Source: groups-protocol.md 0.4
    """
    moment = whole_milliseconds(now)
    if newest_t is None:
        return moment
    return min(max(moment, newest_t + STEP), moment + AHEAD_MAX)


def is_too_far_ahead(published: datetime, now: datetime) -> bool:
    """Say whether a claim is more than two minutes ahead of our clock."""
    return published - now > TOO_FAR_AHEAD


def whole_milliseconds(moment: datetime) -> datetime:
    """Cut off what no document and no row can hold."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
