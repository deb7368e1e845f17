"""Who is typing where: told to the people here while it lasts, and kept in memory alone.

Source: groups-protocol.md 8
"""

import json
import re
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from federation.protocol.timestamps import format_time
from storage.times import from_ms, to_ms

EVERY: Final = timedelta(seconds=5)
LASTS_MAX: Final = timedelta(seconds=10)
PEOPLE_MAX: Final = 50
REMEMBERED: Final = 10_000
ACTIVE_FOR: Final = timedelta(minutes=2)

_KEY: Final = re.compile(r"([^| ]+)\|([^ ]+)\|([0-9]{1,15})")

# A person, the type of an event and its data as JSON text.
TellLive = Callable[[str, str, str], None]


@dataclass(frozen=True, slots=True)
class Notice:
    """Somebody types in a conversation.

    Attributes:
        conversation_id: Our id of it.
        person: Who.
        until: When it is over, if nothing more is heard.
    """

    conversation_id: str
    person: str
    until: datetime

    @property
    def key(self) -> str:
        """By what other processes hear of it."""
        return f"{self.conversation_id}|{self.person}|{to_ms(self.until)}"

    @classmethod
    def of(cls, key: str) -> "Notice | None":
        """What a key stands for; None if it is none."""
        match = _KEY.fullmatch(key)
        return cls(match[1], match[2], from_ms(int(match[3]))) if match else None


@dataclass(frozen=True, slots=True)
class Typing:
    """A notice, and who is told.

    Attributes:
        acct: The handle of whoever types.
        listeners: The people here who are told.
    """

    notice: Notice
    acct: str
    listeners: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Last:
    at: datetime
    until: datetime


class Typists:
    """Hands typing notices to the streams of the people here, and remembers the latest."""

    def __init__(self, tell: TellLive) -> None:
        self._tell = tell
        self._typed: OrderedDict[tuple[str, str], _Last] = OrderedDict()

    def is_too_soon(self, conversation_id: str, person: str, now: datetime) -> bool:
        """Whether this person's last notice there is less than 5 s old."""
        last = self._typed.get((conversation_id, person))
        return last is not None and now - last.at < EVERY

    def knows(self, notice: Notice) -> bool:
        """Whether this is the last one that was noted, or an earlier one."""
        last = self._typed.get((notice.conversation_id, notice.person))
        return last is not None and to_ms(last.until) >= to_ms(notice.until)

    def note(self, notice: Notice, now: datetime) -> None:
        """Remember that somebody types, telling nobody."""
        key = (notice.conversation_id, notice.person)
        self._typed[key] = _Last(now, notice.until)
        self._typed.move_to_end(key)
        if len(self._typed) > REMEMBERED:
            self._typed.popitem(last=False)

    def heard(self, typing: Typing, now: datetime) -> None:
        """Tell those who listen."""
        notice = typing.notice
        self.note(notice, now)
        data = json.dumps(
            {
                "conversation": notice.conversation_id,
                "acct": typing.acct,
                "until": format_time(notice.until),
            }
        )
        for person in typing.listeners:
            self._tell(person, "typing", data)

    def lately(self, conversation_id: str, now: datetime) -> frozenset[str]:
        """Who has typed there within two minutes."""
        return frozenset(
            person
            for (place, person), last in self._typed.items()
            if place == conversation_id and now - last.at <= ACTIVE_FOR
        )
