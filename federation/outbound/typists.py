"""Who is typing where: told to the people here while it lasts, and kept in memory alone.

Source: groups-protocol.md 8
"""

import json
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from federation.protocol.timestamps import format_time

EVERY: Final = timedelta(seconds=5)
LASTS_MAX: Final = timedelta(seconds=10)
PEOPLE_MAX: Final = 50
REMEMBERED: Final = 10_000
ACTIVE_FOR: Final = timedelta(minutes=2)

# A person, the type of an event and its data as JSON text.
TellLive = Callable[[str, str, str], None]


@dataclass(frozen=True, slots=True)
class Typing:
    """Somebody types in a conversation.

    Attributes:
        acct: Their handle.
        listeners: The people here who are told.
    """

    conversation_id: str
    person: str
    acct: str
    published: datetime
    until: datetime
    listeners: tuple[str, ...]


class Typists:
    """Hands typing notices to the streams of the people here, and remembers the latest."""

    def __init__(self, tell: TellLive) -> None:
        self._tell = tell
        self._typed: OrderedDict[tuple[str, str], datetime] = OrderedDict()

    def is_too_soon(self, conversation_id: str, person: str, now: datetime) -> bool:
        """Whether this person's last notice there is less than 5 s old."""
        last = self._typed.get((conversation_id, person))
        return last is not None and now - last < EVERY

    def heard(self, typing: Typing, now: datetime) -> None:
        """Tell those who listen."""
        key = (typing.conversation_id, typing.person)
        self._typed[key] = now
        self._typed.move_to_end(key)
        if len(self._typed) > REMEMBERED:
            self._typed.popitem(last=False)
        data = json.dumps(
            {
                "conversation": typing.conversation_id,
                "acct": typing.acct,
                "until": format_time(typing.until),
            }
        )
        for person in typing.listeners:
            self._tell(person, "typing", data)

    def lately(self, conversation_id: str, now: datetime) -> frozenset[str]:
        """Who has typed there within two minutes."""
        return frozenset(
            person
            for (place, person), at in self._typed.items()
            if place == conversation_id and now - at <= ACTIVE_FOR
        )
