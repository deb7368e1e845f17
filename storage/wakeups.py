"""Who waits for work hears of it: in this process at once, in others by NOTIFY, else by polling.

A wake-up says that there is something, and for caches which ids; it never carries content. A lost
one costs a poll and nothing else.

    inbox, deliver, repair, event   there is work, or news for streams
    changed                         the id of an actor, or GROUPS: what is kept of them is old
    typing                          who types where, and until when
    sent                            what went in passing, so that it does not go again too soon
    policy, keys, restored          what holds for the whole node is another
"""

import asyncio
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Literal, get_args

from storage.dialect import Driver
from storage.errors import StorageError

Channel = Literal[
    "inbox",
    "deliver",
    "repair",
    "event",
    "changed",
    "typing",
    "sent",
    "policy",
    "keys",
    "restored",
]

CHANNELS: tuple[Channel, ...] = get_args(Channel)
POLL_S = 5.0

# What PostgreSQL takes in one notification, less the sender's number.
_PAYLOAD_MAX_BYTES = 7900
# "Something, it is not said what": too many ids, or wake-ups may have been lost.
ANYTHING = ""
# Said at `changed`: a group has entered an epoch.
GROUPS = "groups"


class Listener:
    """One waiter's place at a channel; what is told while it works is kept for it."""

    def __init__(self) -> None:
        self._told = asyncio.Event()
        self._keys: set[str] = set()

    def tell(self, keys: Collection[str]) -> None:
        """Wake the waiter."""
        self._keys.update(keys or (ANYTHING,))
        self._told.set()

    async def wait(self, *, timeout_s: float = POLL_S) -> frozenset[str]:
        """The ids told since the last call; empty when it is merely time to poll.

        `ANYTHING` among them stands for ids that are not known.
        """
        if not self._told.is_set():
            try:
                async with asyncio.timeout(timeout_s):
                    await self._told.wait()
            except TimeoutError:
                return frozenset()
        keys = frozenset(self._keys)
        self._keys.clear()
        self._told.clear()
        return keys

    async def gather(self, for_s: float) -> None:
        """Let what is told within so long count as told already."""
        if for_s:
            await asyncio.sleep(for_s)
            self._keys.clear()
            self._told.clear()


class Wakeups:
    """The channels of one open database."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self._listeners: dict[str, set[Listener]] = {channel: set() for channel in CHANNELS}

    @contextmanager
    def listening(self, channel: Channel) -> Iterator[Listener]:
        """Hear a channel while the block lasts."""
        listener = Listener()
        self._listeners[channel].add(listener)
        try:
            yield listener
        finally:
            self._listeners[channel].discard(listener)

    def ring(self, wakes: Mapping[Channel, Collection[str]]) -> None:
        """Wake who listens in this process."""
        for channel, keys in wakes.items():
            for listener in self._listeners[channel]:
                listener.tell(keys)

    async def tell_others(
        self, connection: object | None, wakes: Mapping[Channel, Collection[str]]
    ) -> None:
        """Wake who listens in other processes, once `connection` has committed."""
        if wakes:
            payloads: dict[str, str] = {channel: _payload(keys) for channel, keys in wakes.items()}
            await self._driver.notify(connection, payloads)

    async def run(self) -> None:
        """Hear other processes, and again when the connection is lost; never returns."""
        while True:
            # The pollers meet the same database and say what is wrong with it.
            with suppress(StorageError):
                await self._driver.listen(self._heard, CHANNELS)
            await asyncio.sleep(1)

    def _heard(self, channel: str, payload: str) -> None:
        keys = payload.split(" ")
        for name in CHANNELS:
            if channel in {name, ANYTHING}:
                self.ring({name: keys})


def _payload(keys: Collection[str]) -> str:
    text = " ".join(sorted(keys))
    return text if len(text.encode()) <= _PAYLOAD_MAX_BYTES else ANYTHING
