"""What somebody sends too much of is refused before the answer, and nothing of it is stored.

Sources: groups-protocol.md 5.1.3 and 8; security.md 4.2.
"""

from collections import OrderedDict
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from federation.activities.invite import OPEN_REQUESTS_MAX
from federation.groups.doors import CONTACTS_ONLY
from federation.inbound.status import Reply
from federation.pipeline.doors import doors_of
from federation.pipeline.needs import Needs
from federation.protocol.activity import Activity
from storage import blocks, memberships
from storage.doors import closed_among, of_people

READ_EVERY: Final = timedelta(seconds=10)
# A sender keeps to its own clock, and ours may see two of its beats a little closer.
LENIENCE: Final = timedelta(seconds=1)
REMEMBERED: Final = 10_000
TOO_MANY_S: Final = 3600

TOO_OFTEN: Final = Reply(429, "receipts too often", retry_after_s=int(READ_EVERY.total_seconds()))
CLOSED: Final = Reply(403, "they take nothing from people they do not know", problem=CONTACTS_ONLY)
TOO_MANY: Final = Reply(429, "too many open requests", retry_after_s=TOO_MANY_S)


class Press:
    """Knows what came lately."""

    def __init__(self) -> None:
        self._read: OrderedDict[tuple[str, str], datetime] = OrderedDict()

    async def judge(self, activity: Activity, needs: Needs, now: datetime) -> Reply | None:
        """Why this is too much, or None."""
        if activity.type == "Read":
            return self._receipt(activity, now)
        if activity.type == "Invite":
            return await _invitation(activity)
        # An unaware author is told nothing (groups-protocol.md 0.5), and the road stores nothing.
        if needs.said is not None and needs.people and activity.log is not None:
            return await _first_message(activity, needs.strangers_to)
        return None

    def _receipt(self, activity: Activity, now: datetime) -> Reply | None:
        key = (activity.actor, activity.context)
        last = self._read.get(key)
        if last is not None and now - last < READ_EVERY - LENIENCE:
            return TOO_OFTEN
        self._read[key] = now
        self._read.move_to_end(key)
        if len(self._read) > REMEMBERED:
            self._read.popitem(last=False)
        return None


async def _invitation(activity: Activity) -> Reply | None:
    """Strangers' open invitations are bounded for each person; whoever is blocked hears nothing."""
    person = activity.target
    if await memberships.open_requests(person) < OPEN_REQUESTS_MAX:
        return None
    ways = await doors_of([person], activity.actor, invites=True)
    hiding = {row["account_uri"] for row in await blocks.against([activity.actor])}
    return None if person in ways.open | ways.closed | hiding else TOO_MANY


async def _first_message(activity: Activity, people: Collection[str]) -> Reply | None:
    """Whoever takes nothing of people they do not know says so, and nothing is stored.

    Some of several may still take it; the road leaves the others out.
    """
    closed = await closed_among(set(people) - {activity.actor})
    if not closed:
        return None
    here = await of_people(set(people) - {activity.actor})
    ways = await doors_of(closed, activity.actor, invites=False)
    return CLOSED if ways.closed == frozenset(here) else None
