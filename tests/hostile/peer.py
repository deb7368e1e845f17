"""Every other server there is: one TLS port that answers for any name, with anything."""

import asyncio
import json
import ssl
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import trustme

from tests.hostile.name_server import NameServer
from tests.support.gate import Exchange, parse_head, read_head
from tests.support.signer import ACTIVITY_JSON

# Not 127.0.0.1: a name that leads there is an attack, one that leads here is a server.
ADDRESS = "127.7.7.7"
LOOK_EVERY_S = 0.05

Act = Callable[[Exchange, asyncio.StreamWriter], Awaitable[None]]


@dataclass(slots=True)
class HostilePeer:
    """Whoever asks it is answered by the act of that host and path, else of that host, else 404.

    Attributes:
        tape: Every request that reached it, oldest first.
        names: Where names are looked up.
        busy: How many requests it is answering at this moment.
        most: The largest number of connections there were at once, by host.
    """

    ca: trustme.CA
    port: int = 0
    tape: list[Exchange] = field(default_factory=list)
    names: NameServer = field(default_factory=lambda: NameServer((ADDRESS, 0)))
    busy: int = 0
    most: dict[str, int] = field(default_factory=dict)
    _acts: dict[tuple[str, str], Act] = field(default_factory=dict)
    _contexts: dict[str, ssl.SSLContext] = field(default_factory=dict)
    _server: asyncio.Server | None = None
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)
    _open: dict[str, int] = field(default_factory=dict)

    async def open(self) -> None:
        """Listen, and answer questions for names."""
        self._server = await asyncio.start_server(
            self._serve, ADDRESS, 0, ssl=self.context_for("any.test"), backlog=1000
        )
        self.port = self._server.sockets[0].getsockname()[1]
        self.names.usual = (ADDRESS, self.port)
        await self.names.open(ADDRESS)

    async def close(self) -> None:
        """Hang up and listen no longer."""
        self.names.close()
        self.hang_up()
        if self._server is not None:
            self._server.close()

    def hang_up(self) -> None:
        """End every connection there is."""
        for writer in self._writers:
            writer.transport.abort()

    def act(self, host: str, path: str, act: Act) -> None:
        """Let an act answer a path, or "" for all paths of a host that have no other."""
        self._acts[host, path] = act

    def serve(self, url: str, document: Mapping[str, Any] | bytes, **answer: Any) -> None:
        """Answer a URL with a document; `answer` goes to `told`."""
        host, _, path = url.removeprefix("https://").partition("/")
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        self.act(host, f"/{path}", told(body=body, **answer))

    def forget(self, url: str) -> None:
        """Answer a URL no longer."""
        host, _, path = url.removeprefix("https://").partition("/")
        self._acts.pop((host, f"/{path}"), None)

    def asked(self, host: str = "", path: str = "", method: str = "") -> list[Exchange]:
        """What was asked of a host, and there of a path."""
        return [
            one
            for one in self.tape
            if host in {"", one.host}
            and path in {"", one.target.partition("?")[0]}
            and method in {"", one.method}
        ]

    def believe(self, host: str, context: ssl.SSLContext) -> None:
        """Show another certificate for a host from here on."""
        self._contexts[host] = context
        self.hang_up()

    def context_for(self, host: str) -> ssl.SSLContext:
        """A certificate of this name by the authority that the node believes."""
        if host not in self._contexts:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.ca.issue_cert(host).configure_cert(context)
            context.sni_callback = self._choose
            self._contexts[host] = context
        return self._contexts[host]

    def _choose(self, connection: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
        if name:
            connection.context = self.context_for(name)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        host = ""
        with suppress(OSError, asyncio.IncompleteReadError, ValueError):
            while (exchange := await _read(reader)) is not None:
                if not host:
                    host = exchange.host
                    self._open[host] = self._open.get(host, 0) + 1
                    self.most[host] = max(self.most.get(host, 0), self._open[host])
                self.tape.append(exchange)
                await self._answer(exchange, writer)
        if host:
            self._open[host] -= 1
        self._writers.discard(writer)
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()

    async def _answer(self, exchange: Exchange, writer: asyncio.StreamWriter) -> None:
        path = exchange.target.partition("?")[0]
        acts = self._acts
        act = acts.get((exchange.host, path)) or acts.get((exchange.host, "")) or told(404)
        self.busy += 1
        try:
            await act(exchange, writer)
            await writer.drain()
        finally:
            self.busy -= 1


def told(
    status: int = 200,
    *,
    body: bytes = b"",
    content_type: str | Iterable[str] = ACTIVITY_JSON,
    headers: Mapping[str, str] | None = None,
) -> Act:
    """Answer with this status, type and body."""
    kinds = [content_type] if isinstance(content_type, str) else content_type
    lines = [
        f"HTTP/1.1 {status} X",
        f"Content-Length: {len(body)}",
        *(f"Content-Type: {kind}" for kind in kinds),
        *(f"{name}: {value}" for name, value in (headers or {}).items()),
    ]
    answer = "\r\n".join([*lines, "", ""]).encode() + body

    async def act(_: Exchange, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)

    return act


def moved(to: str, status: int = 302) -> Act:
    """Answer with a redirect."""
    return told(status, headers={"Location": to})


def after(event: asyncio.Event, act: Act) -> Act:
    """Answer only when the test says so, if anybody is still waiting."""

    async def waiting(exchange: Exchange, writer: asyncio.StreamWriter) -> None:
        while not writer.is_closing():
            with suppress(TimeoutError):
                await asyncio.wait_for(event.wait(), LOOK_EVERY_S)
                await act(exchange, writer)
                break

    return waiting


def drip(begin: bytes, *, every_s: float, piece: bytes = b" ") -> Act:
    """Begin an answer and go on with it for ever, a piece at a time."""

    async def act(_: Exchange, writer: asyncio.StreamWriter) -> None:
        writer.write(begin)
        while not writer.is_closing():
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(every_s)

    return act


async def _read(reader: asyncio.StreamReader) -> Exchange | None:
    head = await read_head(reader)
    if not head:
        return None
    first, headers = parse_head(head)
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    method, target, _ = first.split(" ")
    host = headers.get("host", "")
    return Exchange("", host, method, target, headers, body, head + body)
