"""Of many who want the same document at once one fetches it, and a host is asked little at once."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final, Generic, TypeVar

T = TypeVar("T")

PER_HOST_MAX: Final = 2
IN_ALL_MAX: Final = 64


class SingleFlight(Generic[T]):
    """Shares the outcome of work between all who ask for it while it runs.

    It starts no task: the first who asks does the work. If that one is cancelled or fails, the
    next takes over.
    """

    def __init__(self) -> None:
        self._running: dict[str, asyncio.Future[T]] = {}

    async def run(self, name: str, work: Callable[[], Awaitable[T]]) -> T:
        """What the work under this name answers, done by us or by whoever came before."""
        while (running := self._running.get(name)) is not None:
            await asyncio.wait({running})
            if not running.cancelled():
                return running.result()
        flight: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._running[name] = flight
        try:
            outcome = await work()
            flight.set_result(outcome)
        finally:
            flight.cancel()
            del self._running[name]
        return outcome


class Slots:
    """How many questions may be open, per host and in all; nobody waits for a slot."""

    def __init__(self, *, per_host: int = PER_HOST_MAX, in_all: int = IN_ALL_MAX) -> None:
        self._per_host = per_host
        self._in_all = in_all
        self._open: dict[str, int] = {}

    @asynccontextmanager
    async def taken(self, host: str) -> AsyncIterator[bool]:
        """Whether there is a slot for this host; if so it is held for the block."""
        held = self._open.get(host, 0)
        if held >= self._per_host or sum(self._open.values()) >= self._in_all:
            yield False
            return
        self._open[host] = held + 1
        try:
            yield True
        finally:
            left = self._open.pop(host) - 1
            if left:
                self._open[host] = left
