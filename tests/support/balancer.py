"""What stands before several web processes: each connection goes to the next that takes it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import count


@dataclass(slots=True)
class Balancer:
    """Passes bytes on, TLS and all."""

    ports: Sequence[int]
    _turn: "count[int]" = field(default_factory=count)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Join a connection with one of a process that is there."""
        try:
            there = await self._reach()
            if there is None:
                return
            await asyncio.gather(_pipe(reader, there[1]), _pipe(there[0], writer))
        finally:
            writer.close()

    async def _reach(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        for _ in self.ports:
            with suppress(OSError):
                return await asyncio.open_connection("127.0.0.1", self._next())
        return None

    def _next(self) -> int:
        return self.ports[next(self._turn) % len(self.ports)]


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


@asynccontextmanager
async def balancing(port: int, *ports: int) -> AsyncIterator[None]:
    """Listen on a port of loopback for those who listen on the others."""
    server = await asyncio.start_server(Balancer(ports).serve, "127.0.0.1", port)
    async with server:
        yield
