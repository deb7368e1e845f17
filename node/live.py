"""One reader of the event table per process, and many listeners, each with a bounded buffer.

A listener is given up when it reads too slowly, within 2 s when what opened it is revoked, and at
once when the node stops.
"""

import asyncio
import logging
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from aiohttp import web

from federation.queries.events import render
from federation.queries.views import ConversationView, MessageView, Told
from storage import credentials, events
from storage.database import current, together
from storage.errors import StorageUnavailable
from storage.events import Event

BUFFER_MAX_BYTES: Final = 1024 * 1024
BATCH: Final = 500
CHECK_EVERY_S: Final = 1.0

# What a rendered event weighs apart from its texts, roughly.
EVENT_BYTES: Final = 1024
MEMBER_BYTES: Final = 200

log = logging.getLogger(__name__)


class Listener:
    """What one stream has still to be told.

    Args:
        credential: The hash of the session or token that opened it.
    """

    def __init__(self, credential: str) -> None:
        self.credential = credential
        self._waiting: deque[Told] = deque()
        self._size_bytes = 0
        self._rung = asyncio.Event()
        self._is_over = False

    def put(self, told: Told) -> None:
        """Tell one more; a listener with more than 1 MiB unread is given up."""
        self._waiting.append(told)
        self._size_bytes += _weight(told)
        if self._size_bytes > BUFFER_MAX_BYTES:
            self.end()
        self._rung.set()

    def end(self) -> None:
        """Tell it nothing any more."""
        self._is_over = True
        self._waiting.clear()
        self._rung.set()

    def has_ended(self) -> bool:
        """Whether its reader was too slow, or may not read any more."""
        return self._is_over

    async def take(self, timeout_s: float) -> Sequence[Told]:
        """Everything told since the last call; empty when nothing was for so long."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._rung.wait()
        except TimeoutError:
            return ()
        told = tuple(self._waiting)
        self._waiting.clear()
        self._size_bytes = 0
        self._rung.clear()
        return told


class Live:
    """Hands each event to the streams of the person it is for."""

    def __init__(self) -> None:
        self._listeners: dict[str, set[Listener]] = defaultdict(set)
        self._last = 0
        self._is_closed = False

    @contextmanager
    def listening(self, person: str, *, credential: str) -> Iterator[Listener]:
        """Hear what a person is told while the block lasts and the credential is good.

        What was told before is read from storage, after this was entered: nothing falls between.
        """
        listener = Listener(credential)
        if self._is_closed:
            listener.end()
        self._listeners[person].add(listener)
        try:
            yield listener
        finally:
            self._listeners[person].discard(listener)
            if not self._listeners[person]:
                del self._listeners[person]

    def tell(self, person: str, type_: str, data: str) -> None:
        """Tell a person's streams something that is worth nothing later: it has no number."""
        for listener in self._listeners.get(person, ()):
            listener.put(Told(0, person, type_, None, data))

    def count(self) -> int:
        """How many streams are open."""
        return sum(map(len, self._listeners.values()))

    def has_listeners(self) -> bool:
        """Whether there is any stream here."""
        return bool(self._listeners)

    def close(self) -> None:
        """End every stream, and each that is opened later; clients come again."""
        self._is_closed = True
        for listener in self._everybody():
            listener.end()

    async def run(self) -> None:
        """Read events as they come; never returns."""
        with current().wakeups.listening("event") as bell:
            self._last = await events.get_newest_id()
            # Who came before that number was known may lack some events: they come again.
            for early in self._everybody():
                early.end()
            clock, checked_s = asyncio.get_running_loop().time, 0.0
            while True:
                # Not so long after each event: credentials are checked when it is time for that.
                await bell.wait(timeout_s=max(0.0, checked_s + CHECK_EVERY_S - clock()))
                is_time = clock() - checked_s >= CHECK_EVERY_S
                try:
                    # What a stream is told a second time, it leaves out.
                    while (self._listeners or is_time) and await self.run_once():
                        pass
                    if is_time:
                        checked_s = clock()
                        await self.check()
                except StorageUnavailable:
                    log.warning("events wait for the database", extra={"action": "live.waits"})

    async def check(self) -> None:
        """End the streams whose session or token is gone, or whose account is not active."""
        listeners = self._everybody()
        good = await credentials.granted({one.credential for one in listeners})
        for listener in listeners:
            if listener.credential not in good:
                listener.end()

    async def run_once(self) -> bool:
        """Hand over one batch; answer whether there may be more."""
        if not self._listeners:
            newest = await events.get_newest_id()
            # Who came meanwhile may have looked before that number was there.
            if not self._listeners:
                self._last = newest
            return False
        batch, shown = await _read(self._last, frozenset(self._listeners))
        if not batch:
            return False
        for told in shown:
            for listener in self._listeners.get(told.person, ()):
                listener.put(told)
        self._last = batch[-1].id
        return len(batch) == BATCH

    def _everybody(self) -> list[Listener]:
        return [one for heard in self._listeners.values() for one in heard]


LIVE: Final = web.AppKey("live", Live)


@together
async def _read(after: int, people: frozenset[str]) -> tuple[list[Event], list[Told]]:
    """Everybody's next events, and how those of these people are shown."""
    batch = await events.read_after(after, limit=BATCH)
    return batch, await render([one for one in batch if one.account_uri in people])


def _weight(told: Told) -> int:
    match told.shown:
        case MessageView():
            texts = len(told.shown.text or "") + len(told.shown.html or "")
            return EVENT_BYTES + 2 * texts
        case ConversationView():
            return 2 * EVENT_BYTES + MEMBER_BYTES * len(told.shown.members)
        case None:
            return EVENT_BYTES + len(told.data)
