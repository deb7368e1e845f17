"""The caller's event stream, which goes on where a client says that it stopped."""

import re
from collections.abc import Sequence
from typing import Final

from aiohttp import web

from federation.queries import events
from federation.queries.views import ConversationView, MessageView, Told
from node.covey_api.call import BASE, caller_of
from node.covey_api.documents import conversation, encoded, message
from node.http.routes import Endpoint, Scope
from node.http.sse import ServerEvent, send_events
from node.live import LIVE, Listener

RESUME: Final = "Last-Event-ID"
CATCH_UP: Final = 200
NUMBER_DIGITS_MAX: Final = 18

_POSITION: Final = re.compile(rf"([0-9a-f]+)-([0-9]{{1,{NUMBER_DIGITS_MAX}}})")


class Stream:
    """One client's stream: first what it has missed, from storage, then what is told live."""

    def __init__(self, person: str, name: str, listener: Listener) -> None:
        self._person = person
        self._name = name
        self._listener = listener
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
                return [self._event(one) for one in told]
        heard = await self._listener.take(timeout_s)
        told = [one for one in heard if one.id > self._last or not one.id]
        self._last = max((one.id for one in told), default=0) or self._last
        return None if self._listener.has_ended() else [self._event(one) for one in told]

    async def _held(self, resume: str) -> int | None:
        match = _POSITION.fullmatch(resume)
        if match is None or match[1] != self._name:
            return None
        number = int(match[2])
        return number if await events.is_held(number) else None

    def _event(self, told: Told) -> ServerEvent:
        # What is told in passing has no id: a client goes on from the last that has one.
        return ServerEvent(self._id(told.id) if told.id else "", told.type, _data(told))

    def _id(self, number: int) -> str:
        return f"{self._name}-{number}"


async def stream(request: web.Request) -> web.StreamResponse:
    """Server-Sent Events; resumes from `Last-Event-ID`."""
    caller = caller_of(request)
    person = caller.actor_uri
    with request.app[LIVE].listening(person, credential=caller.credential) as listener:
        opened = Stream(person, await events.stream_name(), listener)
        await opened.begin(request.headers.get(RESUME, ""))
        return await send_events(request, opened.next)


def _data(told: Told) -> str:
    match told.shown:
        case MessageView():
            return encoded(message(told.shown)).decode()
        case ConversationView():
            return encoded(conversation(told.shown)).decode()
        case None:
            return told.data or "{}"


ENDPOINTS: Final = (Endpoint("GET", f"{BASE}/events", stream, Scope.READ_STATUSES),)
