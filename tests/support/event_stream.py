"""A client of the event stream, which reads one event at a time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientResponse

from federation.protocol import strict_json
from tests.support.api_node import BASE, Person

WAIT_S = 10.0


@dataclass(frozen=True, slots=True)
class Heard:
    """An event as a client gets it."""

    id: str
    type: str
    data: Any


@dataclass(slots=True)
class EventStream:
    """An open stream.

    Attributes:
        last_id: What the client would resume from.
    """

    response: ClientResponse
    last_id: str = ""
    _fields: dict[str, str] = field(default_factory=dict)

    async def next(self, *types: str) -> Heard:
        """The next event of one of these types, of any type if none is named."""
        async with asyncio.timeout(WAIT_S):
            while True:
                heard = await self._read()
                if not types or heard.type in types:
                    return heard

    async def open(self) -> None:
        """Wait until the server has said from where the stream goes on."""
        async with asyncio.timeout(WAIT_S):
            while not self.last_id:
                await self._line()

    async def until_end(self) -> None:
        """Read what comes until the server ends the stream."""
        while await self.response.content.readline():
            pass

    async def _read(self) -> Heard:
        while True:
            await self._line()
            if "end" not in self._fields:
                continue
            fields, self._fields = self._fields, {}
            # An id alone is no event.
            if "data" in fields:
                data = strict_json.loads(fields["data"].encode())
                return Heard(self.last_id, fields.get("event", "message"), data)

    async def _line(self) -> None:
        line = (await self.response.content.readline()).decode()
        assert line, "the stream ended"
        is_empty = line == "\n" and not self._fields
        if line.startswith(":") or is_empty:
            return
        name, _, value = line.rstrip("\n").partition(": ")
        self._fields[name or "end"] = value
        if name == "id":
            self.last_id = value


@asynccontextmanager
async def listening(person: Person, *, resume: str = "") -> AsyncIterator[EventStream]:
    """Somebody's stream, from here on or from the id it stopped at."""
    headers = person.headers | ({"Last-Event-ID": resume} if resume else {})
    async with person.client.get(f"{BASE}/events", headers=headers) as response:
        assert response.status == 200, await response.text()
        stream = EventStream(response)
        await stream.open()
        yield stream
