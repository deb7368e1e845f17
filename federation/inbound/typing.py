"""A typing notice is judged by what is in memory, handed to streams, and forgotten.

Sources: groups-protocol.md 8; security.md 4.1.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from federation.activities.known import KnownConversation
from federation.inbound.status import COMMITTED, Reply, dropped
from federation.outbound.typists import EVERY, LASTS_MAX, PEOPLE_MAX, Notice, Typing, Typists
from federation.pipeline.load import conversations_of
from federation.protocol import timestamps
from federation.protocol.activity import Activity
from federation.protocol.errors import RemoteProtocolError
from storage import actors, blocks, conversations
from storage.database import wake

REMEMBERED: Final = 500
FRESH_FOR: Final = timedelta(seconds=60)

TOO_SOON: Final = Reply(429, "typing too often", retry_after_s=int(EVERY.total_seconds()))


@dataclass(frozen=True, slots=True)
class _Seen:
    at: datetime
    places: tuple[KnownConversation, ...]


class TypingNotices:
    """Judges notices that arrive; who is in a conversation is known for a minute."""

    def __init__(self, typists: Typists) -> None:
        self._typists = typists
        self._places: OrderedDict[str, _Seen] = OrderedDict()

    async def hear(self, activity: Activity, now: datetime) -> Reply:
        """Tell the people here, or drop it; its sender never learns which.

        1. It has no id, and lasts at most 10 s that are not over. 2. It is by somebody in a
        conversation of at most 50. 3. The last one is 5 s ago.
        """
        until = _until(activity)
        if activity.id or until is None or until <= now:  # 1
            return dropped("no typing notice, or one of the past")
        place = await self._place(activity, now)
        if place is None or len(place.present()) > PEOPLE_MAX:  # 2
            return dropped("typing by a stranger, or among too many")
        if self._typists.is_too_soon(place.id, activity.actor, now):  # 3
            return TOO_SOON
        notice = Notice(place.id, activity.actor, until)
        self._typists.heard(await told(notice, place), now)
        await wake("typing", notice.key)
        return COMMITTED

    async def _place(self, activity: Activity, now: datetime) -> KnownConversation | None:
        """The conversation of that context in which its actor is."""
        if not activity.context:
            return None
        seen = self._places.get(activity.context)
        if seen is None or now - seen.at >= FRESH_FOR:
            found = await conversations.by_context([activity.context])
            seen = _Seen(now, tuple(await conversations_of(found) if found else ()))
            self._places[activity.context] = seen
            self._places.move_to_end(activity.context)
            if len(self._places) > REMEMBERED:
                self._places.popitem(last=False)
        return next((one for one in seen.places if one.is_in(activity.actor)), None)


def _until(activity: Activity) -> datetime | None:
    try:
        until = timestamps.parse_time(activity.document.get("endTime"))
    except RemoteProtocolError:
        return None
    if activity.published is None or until - activity.published > LASTS_MAX:
        return None
    return until


async def told(notice: Notice, place: KnownConversation) -> Typing:
    """Who is told: everybody here but those who hide that person, or are hidden by them."""
    person = notice.person
    actor = await actors.find_actor(person)
    hiding = {row["account_uri"] for row in await blocks.against([person])}
    apart = {person} | hiding | await blocks.hidden_among(person, place.present())
    return Typing(
        notice,
        acct=f"{actor.username}@{actor.domain}" if actor is not None else "",
        listeners=tuple(
            one for one in place.present() if place.memberships[one].local and one not in apart
        ),
    )
