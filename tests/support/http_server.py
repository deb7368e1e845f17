"""An application behind the node's own HTTP server, on loopback and with any patience."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial

from aiohttp import web

from node.http.client_address import networks
from node.http.connection import Manner, Patience
from node.http.door import Door
from node.http.security_headers import polish
from node.http.server import serving

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(frozen=True, slots=True)
class HttpServer:
    """Where it listens; what it was dialled for is hung up when it ends."""

    port: int
    _writers: list[asyncio.StreamWriter] = field(default_factory=list)

    async def dial(
        self, *, address: str = "127.0.0.1", tls: ssl.SSLContext | None = None
    ) -> Streams:
        """A connection to it.

        Args:
            address: From where; any of 127.0.0.0/8 is ours to choose.
            tls: To speak TLS.
        """
        reader, writer = await asyncio.open_connection(
            "127.0.0.1",
            self.port,
            local_addr=(address, 0),
            ssl=tls,
            server_hostname="alpha.test" if tls else None,
        )
        self._writers.append(writer)
        return reader, writer

    async def hang_up(self) -> None:
        """Close every connection."""
        for writer in self._writers:
            writer.close()
        await asyncio.gather(*(one.wait_closed() for one in self._writers), return_exceptions=True)

    async def say(self, data: bytes) -> bytes:
        """What comes back on a connection of its own, until it is closed."""
        reader, writer = await self.dial()
        writer.write(data)
        async with asyncio.timeout(10):
            return await reader.read()


@asynccontextmanager
async def http_server(
    app: web.Application,
    *,
    patience: Patience | None = None,
    most: int = 100,
    most_per_address: int = 100,
    proxies: tuple[str, ...] = (),
    tls: ssl.SSLContext | None = None,
) -> AsyncIterator[HttpServer]:
    """Serve an application until the block ends."""
    door = Door(most=most, most_per_address=most_per_address, proxies=networks(proxies))
    manner = Manner(lambda: "ID0", partial(polish, is_https=True), patience or Patience())
    async with serving(app, ["127.0.0.1:0"], door=door, manner=manner, tls=tls) as ports:
        server = HttpServer(ports[0])
        try:
            yield server
        finally:
            await server.hang_up()
