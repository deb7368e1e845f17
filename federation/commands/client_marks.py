"""Somebody's clients say how far they have read, and put notifications away."""

from datetime import datetime, timedelta

from storage import client_marks, notifications
from storage.times import to_ms

MOMENT = timedelta(milliseconds=1)


async def mark(account: str, timeline: str, place: int, now: datetime) -> None:
    """Remember how far somebody has read in a list, instead of what was said before."""
    await client_marks.put(account, timeline, place, now)


async def clear(account: str, now: datetime) -> None:
    """Put everything away that somebody has been told of until now."""
    after = notifications.first_number(to_ms(now + MOMENT))
    await client_marks.clear(account, after - 1, now)


async def dismiss(account: str, number: int) -> None:
    """Put one notification away, which the caller has found."""
    await client_marks.dismiss(account, number)
