"""What is worth something only now: sent once from memory, and never again.

Receipts and typing notices go to aware hosts. Nothing of them is stored, a host that does not
answer misses them, and of several under one key the last one put goes.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from federation.outbound.deliver import Keyring
from federation.outbound.signing import SigningDesk, Unsigned
from federation.protocol.errors import LocalProtocolError
from federation.protocol.uri import host_of
from federation.protocol.vocabulary import ACTIVITY_JSON
from federation.remote.schemes import Schemes
from federation.transport.client import Client
from storage import actors
from storage.database import wake

WAITING_MAX: Final = 10_000
REMEMBERED: Final = 10_000
AT_ONCE: Final = 16


@dataclass(frozen=True, slots=True)
class Note:
    """Something to be sent once.

    Attributes:
        key: What it replaces while it waits; without spaces.
        document: The activity, without proof.
        people: For whom; those on unaware servers are left out.
        every: How often, at most, something under this key is sent.
    """

    key: str
    document: Mapping[str, Any]
    people: tuple[str, ...]
    every: timedelta


class Fleeting:
    """Sends what was put in; `run_once` sends all that is due."""

    def __init__(
        self, client: Client, keyring: Keyring, schemes: Schemes, clock: Callable[[], datetime]
    ) -> None:
        self._client = client
        self._keyring = keyring
        self._schemes = schemes
        self._clock = clock
        self._desk = SigningDesk()
        self._waiting: dict[str, tuple[datetime, Note]] = {}
        self._sent: OrderedDict[str, datetime] = OrderedDict()
        self._bell = asyncio.Event()
        self._slots = asyncio.Semaphore(AT_ONCE)

    def put(self, note: Note) -> None:
        """Send this soon, in place of what waits under its key."""
        now, last = self._clock(), self._sent.get(note.key)
        due_at = now if last is None else max(now, last + note.every)
        if note.key in self._waiting or len(self._waiting) < WAITING_MAX:
            self._waiting[note.key] = (due_at, note)
            self._bell.set()

    def may_put(self, key: str, every: timedelta) -> bool:
        """Whether something under this key would go at once."""
        last = self._sent.get(key)
        return key not in self._waiting and (last is None or self._clock() - last >= every)

    async def run_once(self, now: datetime) -> bool:
        """Send what is due; answer whether there was anything."""
        due = [key for key, (at, _) in self._waiting.items() if at <= now]
        notes = [self._waiting.pop(key)[1] for key in due]
        if not notes:
            return False
        self.were_sent(due, now)
        await wake("sent", *due)
        await asyncio.gather(*(self._send(note) for note in notes))
        return True

    def were_sent(self, keys: Iterable[str], now: datetime) -> None:
        """These went at this moment, from here or from another process of this node."""
        for key in keys:
            self._sent[key] = now
            self._sent.move_to_end(key)
            if key in self._waiting:
                due_at, note = self._waiting[key]
                self._waiting[key] = (max(due_at, now + note.every), note)
        while len(self._sent) > REMEMBERED:
            self._sent.popitem(last=False)

    async def wait(self) -> None:
        """Wait until something is due."""
        self._bell.clear()
        first = min((at for at, _ in self._waiting.values()), default=None)
        wait_s = None if first is None else max((first - self._clock()).total_seconds(), 0)
        try:
            async with asyncio.timeout(wait_s):
                await self._bell.wait()
        except TimeoutError:
            return

    async def _send(self, note: Note) -> None:
        body = msgspec.json.encode(note.document)
        author = note.document["actor"]
        inboxes = await _inboxes(note.people)
        await asyncio.gather(*(self._post(author, inbox, body) for inbox in inboxes))

    async def _post(self, author: str, inbox: str, body: bytes) -> None:
        async with self._slots:
            scheme = await self._schemes.of(host_of(inbox))
            signer = await self._keyring.for_requests(author, scheme)
            if signer is None:
                return
            try:
                headers = await self._desk.sign(Unsigned(inbox, body, signer, self._clock()))
            except LocalProtocolError:
                return
            headers["Content-Type"] = ACTIVITY_JSON
            await self._client.post(inbox, body, headers)


async def _inboxes(people: tuple[str, ...]) -> list[str]:
    """One inbox for each host that offers a shared one, else one for each person."""
    found = await actors.find_actors(sorted(people)) if people else {}
    inboxes: dict[str, None] = {}
    for actor in found.values():
        if actor.aware and not actor.local:
            inboxes[actor.shared_inbox or actor.inbox] = None
    return list(inboxes)
