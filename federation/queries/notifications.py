"""What somebody is told of in a list of notifications: messages, reactions, and who follows them.

Nothing of it is kept for this: it is found among messages, follows and reactions, and reaches back
thirty days. What is muted or hidden is not told, and of requests there is a list of their own.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from federation.queries.client_pages import Wanted
from federation.queries.numbered_views import NotificationView
from storage import client_marks, notifications
from storage.client_marks import CLEARED
from storage.database import Row, together
from storage.notifications import Reach
from storage.times import from_ms, to_ms

MENTION: Final = "mention"
FAVOURITE: Final = "favourite"
FOLLOW: Final = "follow"
FOLLOW_REQUEST: Final = "follow_request"
KINDS: Final = frozenset({MENTION, FAVOURITE, FOLLOW, FOLLOW_REQUEST})
OF_FOLLOWS: Final = {"accepted": FOLLOW, "pending": FOLLOW_REQUEST}
BACK: Final = timedelta(days=30)
COUNT_MAX: Final = 100
# More than come within one millisecond.
SLACK: Final = 8
LAST: Final = 2**53 - 1
# How far somebody has read, as their clients say.
READ: Final = "notifications"
TIMELINES: Final = frozenset({READ, "home"})


@dataclass(frozen=True, slots=True)
class Wish:
    """Which notifications are asked for.

    Attributes:
        kinds: Of `KINDS`.
        other: Those of this person alone; "" for everybody's.
    """

    kinds: Collection[str] = KINDS
    other: str = ""


@dataclass(frozen=True, slots=True)
class NotificationPage:
    """Notifications, the newest first.

    Attributes:
        has_older: Whether there are more behind the last of them.
    """

    notifications: tuple[NotificationView, ...] = ()
    has_older: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """How far somebody has read in a list of their clients."""

    timeline: str
    place: int
    version: int
    updated_at: datetime


def of_message(message_id: str, author: str) -> NotificationView:
    """What tells of a message."""
    at_ms = notifications.arrived_ms(message_id)
    number = notifications.number_of(f"{MENTION} {message_id}", at_ms)
    return NotificationView(number, MENTION, from_ms(at_ms), author, message_id)


@together
async def page_of(
    person: str, account: str, wanted: Wanted, now: datetime, wish: Wish | None = None
) -> NotificationPage:
    """A page of what a person is told of.

    Args:
        person: Whose.
        account: The name of their account.
        wanted: The page, by numbers of notifications.
        now: Thirty days before it nothing is told.
        wish: Which; None for all.
    """
    wish = wish or Wish()
    cleared = [row["place"] for row in await client_marks.find(account, [CLEARED])]
    oldest = notifications.first_number(to_ms(now - BACK))
    upwards = wanted.min_number is not None
    above = (wanted.min_number if upwards else wanted.since_number) or 0
    low = max(oldest, above + 1, *(place + 1 for place in cleared))
    high = min(wanted.max_number - 1 if wanted.max_number is not None else LAST, LAST)
    if low > high:
        return NotificationPage()
    away = await client_marks.dismissed(account, low, high)
    reach = Reach(
        since_ms=notifications.made_at_ms(low),
        until_ms=notifications.made_at_ms(high) + 1,
        limit=wanted.limit + 1 + SLACK + len(away),
        other=wish.other,
        upwards=upwards,
    )
    found = [
        one
        for one in await _found(person, reach, wish.kinds)
        if low <= one.number <= high and one.number not in away
    ]
    found.sort(key=lambda one: one.number, reverse=not upwards)
    shown = found[: wanted.limit]
    has_older = bool(shown) if upwards else len(found) > wanted.limit
    return NotificationPage(tuple(shown[::-1] if upwards else shown), has_older)


async def find_notification(
    person: str, account: str, number: int, now: datetime
) -> NotificationView | None:
    """One of what a person is told of."""
    span = Wanted(limit=1, max_number=number + 1, since_number=number - 1)
    found = (await page_of(person, account, span, now)).notifications
    return found[0] if found else None


async def count_unread(person: str, account: str, now: datetime, wish: Wish) -> int:
    """How much came behind the mark of what is read; 100 at most."""
    marks = await client_marks.find(account, [READ])
    since = marks[0]["place"] if marks else None
    wanted = Wanted(limit=COUNT_MAX, since_number=since)
    return len((await page_of(person, account, wanted, now, wish)).notifications)


async def find_marks(account: str, timelines: Collection[str]) -> tuple[Mark, ...]:
    """How far somebody has read in these lists, as far as it was said."""
    rows = await client_marks.find(account, TIMELINES.intersection(timelines))
    return tuple(
        Mark(row["timeline"], row["place"], row["version"], from_ms(row["updated_at"]))
        for row in rows
    )


async def _found(person: str, reach: Reach, kinds: Collection[str]) -> list[NotificationView]:
    found: list[NotificationView] = []
    if MENTION in kinds:
        rows = await notifications.mentions(person, reach)
        found += [of_message(row["message_id"], row["person"]) for row in rows]
    if FAVOURITE in kinds:
        found += map(_reaction, await notifications.reactions(person, reach))
    if FOLLOW in kinds or FOLLOW_REQUEST in kinds:
        rows = await notifications.follows(person, reach)
        found += [one for one in map(_follow, rows) if one.kind in kinds]
    return found


def _reaction(row: Row) -> NotificationView:
    name = f"{FAVOURITE} {row['message_id']} {row['person']} {row['emoji']}"
    number = notifications.number_of(name, row["at"])
    return NotificationView(number, FAVOURITE, from_ms(row["at"]), row["person"], row["message_id"])


def _follow(row: Row) -> NotificationView:
    number = notifications.number_of(f"{FOLLOW} {row['person']}", row["at"])
    return NotificationView(number, OF_FOLLOWS[row["state"]], from_ms(row["at"]), row["person"])
