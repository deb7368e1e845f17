"""Bytes between a client and a server, late or cut off."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field

CHUNK = 65536


@dataclass(slots=True)
class TcpProxy:
    """Passes connections of loopback on to another port of it.

    Attributes:
        to: The port to which they go.
        delay_s: How long each piece from the client is held back.
        is_cut: Whether nobody gets through.
        most: The largest number of connections there were at once.
    """

    to: int
    port: int = 0
    delay_s: float = 0.0
    is_cut: bool = False
    most: int = 0
    _server: asyncio.Server | None = None
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)

    async def open(self) -> None:
        """Listen on a free port."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    def cut(self) -> None:
        """End every connection and let none begin."""
        self.is_cut = True
        for writer in self._writers:
            writer.transport.abort()

    def heal(self) -> None:
        """Let connections begin."""
        self.is_cut = False

    def close(self) -> None:
        """Listen no longer."""
        self.cut()
        if self._server is not None:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.is_cut:
            writer.transport.abort()
            return
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.to)
        except OSError:
            writer.transport.abort()
            return
        self._writers |= {writer, far_writer}
        self.most = max(self.most, len(self._writers) // 2)
        await asyncio.gather(
            self._pass(reader, far_writer, is_late=True), self._pass(far_reader, writer)
        )
        self._writers -= {writer, far_writer}

    async def _pass(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, is_late: bool = False
    ) -> None:
        with suppress(OSError):
            while data := await reader.read(CHUNK):
                if is_late and self.delay_s:
                    await asyncio.sleep(self.delay_s)
                writer.write(data)
                await writer.drain()
        writer.close()
