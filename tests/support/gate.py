"""The TLS front of one host: it ends TLS, keeps every request, and can lose, repeat or hold them.

A node behind a gate is reached as behind a reverse proxy. The gate keeps its port when the node
stops, so that the node is found again after its restart.
"""

import asyncio
import json
import ssl
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import trustme

SWALLOWED = b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"
BAD_GATEWAY = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n"


@dataclass(slots=True)
class Exchange:
    """One request as it was on the wire, and what became of it.

    Attributes:
        sender: The host that its User-Agent names.
        host: The host it was sent to.
        raw: Every byte of the request.
        status: Of the answer; 0 while there is none.
        answer: Every byte of the answer.
    """

    sender: str
    host: str
    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    raw: bytes
    status: int = 0
    answer: bytes = b""

    @property
    def document(self) -> dict[str, Any]:
        """The body as JSON; empty if it is none."""
        return json.loads(self.body) if self.body.startswith(b"{") else {}

    @property
    def type(self) -> str:
        """The type of the activity that was posted."""
        return str(self.document.get("type", ""))


Behind = Callable[[Exchange], Awaitable[bytes]]
Which = Callable[[Exchange], bool]
Fate = Callable[["Gate", Exchange], Awaitable[bytes]]


def posted(*types: str, to: str = "", by: str = "") -> Which:
    """Activities of these types, or of any; to a host, or by one."""

    def matches(one: Exchange) -> bool:
        is_type = one.method == "POST" and (not types or one.type in types)
        return is_type and to in {"", one.host} and by in {"", one.sender}

    return matches


@dataclass(slots=True)
class Wire:
    """What all gates of a network share.

    Attributes:
        tape: Every request that reached a gate, oldest first.
        cut: Hosts that nobody reaches and that reach nobody.
        fates: What happens to requests that a test has picked out.
    """

    tape: list[Exchange] = field(default_factory=list)
    cut: set[str] = field(default_factory=set)
    fates: list[tuple[Which, Fate]] = field(default_factory=list)

    @contextmanager
    def fate(self, which: Which, fate: Fate) -> Iterator[None]:
        """Let this happen to these requests until the block ends."""
        rule = (which, fate)
        self.fates.append(rule)
        try:
            yield
        finally:
            self.fates.remove(rule)


class Gate:
    """Listens for one host with its certificate; `behind` answers, and nobody while it is None."""

    def __init__(self, host: str, wire: Wire) -> None:
        self.host = host
        self.behind: Behind | None = None
        self.port = 0
        self._wire = wire
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._server: asyncio.Server | None = None

    async def open(self, ca: trustme.CA) -> None:
        """Listen on a free port of loopback."""
        self.show(ca.issue_cert(self.host))
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._context)
        self.port = self._server.sockets[0].getsockname()[1]

    def show(self, certificate: trustme.LeafCert) -> None:
        """Have this certificate for connections that begin from here on."""
        certificate.configure_cert(self._context)

    async def close(self) -> None:
        """Listen no longer."""
        if self._server is not None:
            self._server.close()

    async def pass_on(self, exchange: Exchange) -> bytes:
        """Hand a request to whoever is behind the gate, and keep the answer."""
        if self.behind is None:
            raise ConnectionResetError
        exchange.answer = await self.behind(exchange)
        exchange.status = int(exchange.answer.split(b" ", 2)[1])
        return exchange.answer

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while (exchange := await self._read(reader)) is not None:
                writer.write(await self._answer(exchange))
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _answer(self, exchange: Exchange) -> bytes:
        if {exchange.sender, self.host} & self._wire.cut:
            raise ConnectionResetError
        self._wire.tape.append(exchange)
        for which, fate in self._wire.fates:
            if which(exchange):
                return await fate(self, exchange)
        return await self.pass_on(exchange)

    async def _read(self, reader: asyncio.StreamReader) -> Exchange | None:
        head = await read_head(reader)
        if not head:
            return None
        first, headers = parse_head(head)
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        method, target, _ = first.split(" ")
        sender = headers.get("user-agent", "").partition("+https://")[2].rstrip(")")
        return Exchange(sender, self.host, method, target, headers, body, head + body)


def node_at(port: int, *, tls: ssl.SSLContext | None = None, name: str | None = None) -> Behind:
    """A node that listens on a port of loopback; with TLS, what believes its name."""

    async def behind(exchange: Exchange) -> bytes:
        try:
            reader, writer = await asyncio.open_connection(
                "127.0.0.1", port, ssl=tls, server_hostname=name
            )
        except OSError:
            return BAD_GATEWAY
        try:
            writer.write(exchange.raw)
            head = await read_head(reader)
            _, headers = parse_head(head)
            return head + await reader.readexactly(int(headers["content-length"]))
        finally:
            writer.close()

    return behind


async def read_head(reader: asyncio.StreamReader) -> bytes:
    """Everything up to the empty line; nothing if the connection has ended."""
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return b""


def parse_head(head: bytes) -> tuple[str, dict[str, str]]:
    """The first line, and the headers by their names in lower case."""
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines if line)
    return first, {name.lower(): value.strip() for name, _, value in pairs}
