"""Requests as bytes on a connection of their own, and what comes back."""

import asyncio
import json
import ssl
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from federation.protocol.signature.parsed import Request
from tests.hostile.cast import HOME
from tests.support.gate import parse_head, read_head

ANSWER_WITHIN_S = 30.0

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the node said.

    Attributes:
        status: 0 if the connection ended without an answer.
        headers: By lower-case name.
        seconds: How long it took.
        closed: Whether the node says that it hangs up after it.
        cookies: What it sets.
    """

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    seconds: float = 0.0
    closed: bool = False
    cookies: tuple[str, ...] = ()

    @property
    def document(self) -> dict[str, Any]:
        """The body as JSON."""
        return json.loads(self.body)


@cache
def _trusting(ca_file: str) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=ca_file)


@dataclass(frozen=True, slots=True)
class Line:
    """The way to the node."""

    port: int
    ca_file: str

    async def dial(self, source: str) -> Streams:
        """A connection from one of the addresses of loopback."""
        return await asyncio.open_connection(
            "127.0.0.1",
            self.port,
            ssl=_trusting(self.ca_file),
            server_hostname=HOME,
            local_addr=(source, 0),
        )

    async def say(self, raw: bytes, *, source: str) -> list[Answer]:
        """Send bytes and read every answer until the node hangs up."""
        reader, writer = await self.dial(source)
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                with suppress(OSError):
                    writer.write(raw)
                told, began = [], asyncio.get_running_loop().time()
                while (answer := await read_answer(reader, began)).status:
                    told.append(answer)
                return told
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def send(self, raw: bytes, *, source: str) -> Answer:
        """Send bytes and read one answer."""
        answers: list[Answer] = []
        await self.send_all([raw], source=source, answers=answers)
        return answers[0]

    async def send_all(self, raws: Iterable[bytes], *, source: str, answers: list[Answer]) -> None:
        """Send one after the other on one connection, until the node ends it.

        Args:
            raws: The requests.
            source: From which address.
            answers: What comes back is put here, as it comes.
        """
        loop = asyncio.get_running_loop()
        reader, writer = await self.dial(source)
        try:
            for raw in raws:
                async with asyncio.timeout(ANSWER_WITHIN_S):
                    began = loop.time()
                    with suppress(OSError):
                        writer.write(raw)
                    answers.append(await read_answer(reader, began))
                if answers[-1].closed:
                    break
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()


async def drip(streams: Streams, begin: bytes, pieces: Iterable[bytes]) -> Answer:
    """Send bytes, then a piece a second until there is an answer."""
    began = asyncio.get_running_loop().time()
    reader, writer = streams
    writer.write(begin)
    reading = asyncio.create_task(read_answer(reader, began))
    try:
        for piece in pieces:
            if (await asyncio.wait([reading], timeout=1))[0]:
                break
            writer.write(piece)
        return await reading
    finally:
        writer.transport.abort()


async def read_answer(reader: asyncio.StreamReader, began: float) -> Answer:
    """One answer, and whether the connection ends after it."""
    loop = asyncio.get_running_loop()
    try:
        head = await read_head(reader)
        if not head:
            return Answer(0, closed=True, seconds=loop.time() - began)
        first, headers = parse_head(head)
        cookies = tuple(value for name, value in _fields(head) if name == "set-cookie")
        body = await _body(reader, headers)
    except OSError:
        return Answer(0, closed=True, seconds=loop.time() - began)
    seconds = loop.time() - began
    says_close = headers.get("connection", "").lower() == "close"
    return Answer(int(first.split(" ")[1]), headers, body, seconds, says_close, cookies)


def _fields(head: bytes) -> Iterable[tuple[str, str]]:
    for line in head.decode("latin-1").split("\r\n")[1:]:
        name, _, value = line.partition(":")
        yield name.lower(), value.strip()


async def _body(reader: asyncio.StreamReader, headers: dict[str, str]) -> bytes:
    if headers.get("transfer-encoding", "") != "chunked":
        return await reader.readexactly(int(headers.get("content-length", "0")))
    body = b""
    while size := int((await reader.readline()).split(b";")[0], 16):
        body += await reader.readexactly(size)
        await reader.readexactly(2)
    await reader.readline()
    return body


def raw_of(request: Request) -> bytes:
    """The bytes of a request."""
    length = () if request.body is None else (("Content-Length", str(len(request.body))),)
    lines = [
        f"{request.method} {request.target} HTTP/1.1",
        *(f"{name}: {value}" for name, value in (*request.headers, *length)),
    ]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + (request.body or b"")


def plain(
    method: str, target: str, headers: dict[str, str] | None = None, body: bytes | None = None
) -> Request:
    """A request without signature."""
    own = {"Host": HOME, **(headers or {})}
    return Request(method, target, tuple(own.items()), body)
