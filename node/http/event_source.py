"""A person's events for one client, which goes on where it says that it stopped."""

import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from federation.queries import events
from federation.queries.views import Told
from node.http.sse import ServerEvent
from node.live import Listener

RESUME: Final = "Last-Event-ID"
CATCH_UP: Final = 200
NUMBER_DIGITS_MAX: Final = 18

_POSITION: Final = re.compile(rf"([0-9a-f]+)-([0-9]{{1,{NUMBER_DIGITS_MAX}}})")

# The type and the data of an event in the words of a front end; None for what it does not tell.
Write = Callable[[Told], Awaitable[tuple[str, str] | None]]


class EventSource:
    """What one client is told: first what it has missed, from storage, then what happens."""

    def __init__(self, person: str, name: str, listener: Listener, write: Write) -> None:
        self._person = person
        self._name = name
        self._listener = listener
        self._write = write
        self._last = 0
        self._opening: ServerEvent | None = None
        self._is_behind = True

    async def begin(self, resume: str) -> None:
        """Find where to go on: behind the id the client names, or at the newest event.

        A client whose id is of another database, or whose events are reaped, is told `reset`: it
        fetches anew what it shows.
        """
        newest = await events.newest()
        held = await self._held(resume) if resume else None
        self._last = newest if held is None else held
        if resume and held is None:
            self._opening = ServerEvent(self._id(newest), "reset", "{}")
        else:
            # An id without data is no event, but a client cut off before the first one has it.
            self._opening = ServerEvent(self._id(self._last), "position", "")

    async def next(self, timeout_s: float) -> Sequence[ServerEvent] | None:
        """What the client is sent next; None when it is over, and the client comes again."""
        if self._opening is not None:
            opening, self._opening = self._opening, None
            return (opening,)
        if self._listener.has_ended():
            return None
        if self._is_behind:
            told, last = await events.read_for(self._person, self._last, limit=CATCH_UP)
            self._is_behind = last > self._last
            self._last = last
            if told:
                return await self._events(told)
        heard = await self._listener.take(timeout_s)
        told = [one for one in heard if one.id > self._last or not one.id]
        self._last = max((one.id for one in told), default=0) or self._last
        shown = await self._events(told)
        return None if self._listener.has_ended() else shown

    async def _held(self, resume: str) -> int | None:
        match = _POSITION.fullmatch(resume)
        if match is None or match[1] != self._name:
            return None
        number = int(match[2])
        return number if await events.is_held(number) else None

    async def _events(self, told: Sequence[Told]) -> list[ServerEvent]:
        written = [(one, await self._write(one)) for one in told]
        # What is told in passing has no id: a client goes on from the last that has one.
        return [
            ServerEvent(self._id(one.id) if one.id else "", *words)
            for one, words in written
            if words is not None
        ]

    def _id(self, number: int) -> str:
        return f"{self._name}-{number}"
