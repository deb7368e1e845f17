"""A typing notice that another process of this node has taken reaches the streams of this one."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from federation.activities.known import KnownConversation
from federation.inbound.typing import FRESH_FOR, told
from federation.outbound.typists import PEOPLE_MAX, Notice, Typists
from federation.pipeline.load import conversations_of
from storage import conversations

REMEMBERED: Final = 500


@dataclass(frozen=True, slots=True)
class _Seen:
    at: datetime
    place: KnownConversation | None


class TypingElsewhere:
    """Hears who types, from other processes; who is in a conversation is known for a minute.

    Args:
        typists: Tells the streams of this process, and knows what they were told.
        has_streams: Whether there is any.
    """

    def __init__(self, typists: Typists, has_streams: Callable[[], bool]) -> None:
        self._typists = typists
        self._has_streams = has_streams
        self._places: OrderedDict[str, _Seen] = OrderedDict()

    async def hear(self, key: str, now: datetime) -> None:
        """Tell the people here who hear of it; what this process took itself they know."""
        notice = Notice.of(key)
        if notice is None or notice.until <= now or self._typists.knows(notice):
            return
        self._typists.note(notice, now)
        place = await self._place(notice.conversation_id, now) if self._has_streams() else None
        if place is None or len(place.present()) > PEOPLE_MAX or not place.is_in(notice.person):
            return
        self._typists.heard(await told(notice, place), now)

    async def _place(self, conversation_id: str, now: datetime) -> KnownConversation | None:
        seen = self._places.get(conversation_id)
        if seen is None or now - seen.at >= FRESH_FOR:
            found = await conversations.by_id([conversation_id])
            places = await conversations_of(found) if found else []
            seen = _Seen(now, places[0] if places else None)
            self._places[conversation_id] = seen
            self._places.move_to_end(conversation_id)
            if len(self._places) > REMEMBERED:
                self._places.popitem(last=False)
        return seen.place
