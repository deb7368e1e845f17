"""Whoever floods a node with signatures that do not hold, and the server of the keys they name."""

import asyncio
import itertools
import json
import os
import re
import socket
import ssl
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import trustme
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from benchmarks._inbox_node import Author, obey
from federation.protocol.keys import pem_of

HOST = "flood.test"
EVE = f"https://{HOST}/u/eve"
KEY_ID = f'keyId="{EVE}#main-key"'.encode()
STATUS = re.compile(rb"HTTP/1\.1 (\d{3}) ")
# What may be the beginning of a status line that is not whole yet.
STATUS_BYTES = 12
CONNECTIONS = 64
TICK_S = 0.005
# What a connection takes before it counts as one that nobody reads from.
UNREAD_BYTES_MAX = 16 * 1024
# So many requests differ from each other in more than the key they name.
SIGNED = 64
GRACE_S = 1.0
SILENCE_S = 60
# A real flood is made elsewhere, and takes no core from those whom we measure.
POLITE = 10


# ------------------------------------------------------------------------------- the origin


async def serve_origin(folder: Path) -> None:
    """Serve Eve and her key over TLS, and nobody else; count what is asked for.

    Who asks for a key below /silent/ gets no answer.
    """
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(HOST).configure_cert(context)
    asked: Counter[str] = Counter()
    document = json.dumps(_actor()).encode()

    async def answer(request: web.Request) -> web.Response:
        is_eve = request.path == "/u/eve"
        asked["eve" if is_eve else "nobody"] += 1
        if request.path.startswith("/silent/"):
            await asyncio.sleep(SILENCE_S)
        if not is_eve:
            return web.Response(status=404)
        return web.Response(body=document, content_type="application/activity+json")

    async def count() -> dict[str, int]:
        return dict(asked)

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
    print(runner.addresses[0][1], flush=True)
    await obey({"count": count})


def _actor() -> dict[str, object]:
    pem = pem_of(generate_private_key(65537, 2048).public_key())
    return {
        "@context": ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"],
        "id": EVE,
        "type": "Person",
        "preferredUsername": "eve",
        "inbox": f"{EVE}/inbox",
        "outbox": f"{EVE}/outbox",
        "publicKey": {"id": f"{EVE}#main-key", "owner": EVE, "publicKeyPem": pem},
    }


# ------------------------------------------------------------------------------- the flood


class Flood:
    """Requests from one address, as fast as they are due or as the node lets them in.

    Attributes:
        anew: Whether each request has a connection of its own, which ends with the answer.
        statuses: How many answers of each status came.
        facts: What else there was to count.
    """

    def __init__(self, address: str, port: int, requests: Iterator[bytes]) -> None:
        self._place = (address, port)
        self._requests = requests
        self._open: list[_Line] = []
        self._opening: set[asyncio.Task[None]] = set()
        self.anew = False
        self.statuses: Counter[str] = Counter()
        self.facts: Counter[str] = Counter()

    async def run(self, seconds: float, rate: int, *, anew: bool) -> None:
        """Flood.

        Args:
            seconds: How long.
            rate: Requests a second that are due; nobody waits for an answer.
            anew: Whether each request has a connection of its own.
        """
        self.anew = anew
        began = time.monotonic()
        due = 0
        while (past := time.monotonic() - began) < seconds:
            due += (more := int(past * rate) - due)
            for _ in range(more):
                self._connect() if anew else self._send()
            if not anew and len(self._open) + len(self._opening) < CONNECTIONS:
                self._connect()
            await asyncio.sleep(TICK_S)
        self.facts["due"] = due
        await asyncio.sleep(GRACE_S)
        for line in self._open:
            line.transport.abort()
        await asyncio.gather(*self._opening, return_exceptions=True)

    def _send(self) -> None:
        line = next((one for one in self._in_turn() if one.is_read), None)
        if line is None:
            self.facts["held_back"] += 1
        else:
            self._write(line)

    def _in_turn(self) -> list["_Line"]:
        """Those that are open, another one first each time."""
        self._open = self._open[1:] + self._open[:1]
        return self._open

    def _write(self, line: "_Line") -> None:
        self.facts["sent"] += 1
        line.transport.write(next(self._requests))

    def _connect(self) -> None:
        if len(self._opening) >= CONNECTIONS:
            self.facts["held_back"] += 1
            return
        task = asyncio.create_task(self._connected())
        self._opening.add(task)
        task.add_done_callback(self._opening.discard)

    async def _connected(self) -> None:
        address, port = self._place
        loop, own = asyncio.get_running_loop(), socket.socket()
        own.settimeout(0)
        try:
            own.bind((address, 0))
            await loop.sock_connect(own, ("127.0.0.1", port))
            _, line = await loop.create_connection(lambda: _Line(self), sock=own)
        except OSError:
            own.close()
            self.facts["not_let_in"] += 1
            return
        self.facts["connections"] += 1
        self._write(line)

    def opened(self, line: "_Line") -> None:
        """A connection can be used."""
        self._open.append(line)

    def lost(self, line: "_Line") -> None:
        """A connection has ended."""
        self._open.remove(line)


class _Line(asyncio.Protocol):
    """A connection of the flood, which counts the answers."""

    transport: asyncio.WriteTransport

    def __init__(self, flood: Flood) -> None:
        self._flood = flood
        self._rest = b""

    @property
    def is_read(self) -> bool:
        """Whether the node takes what is sent."""
        return self.transport.get_write_buffer_size() < UNREAD_BYTES_MAX

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if not isinstance(transport, asyncio.WriteTransport):
            raise TypeError(transport)
        self.transport = transport
        self._flood.opened(self)

    def data_received(self, data: bytes) -> None:
        data, end = self._rest + data, 0
        for found in STATUS.finditer(data):
            self._flood.statuses[found[1].decode()] += 1
            end = found.end()
        self._rest = data[end:][-STATUS_BYTES:]
        if end and self._flood.anew:
            self.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._flood.lost(self)


def _bad_requests(folder: Path, keys: str) -> Iterator[bytes]:
    """Signed with a key that is not Eve's.

    "bad": One names her key, the next one that is not there. "silent": Each names another one, of
    which its server says nothing.
    """
    eve = replace(Author.load(folder, EVE), rsa=generate_private_key(65537, 2048))
    signed = itertools.cycle([eve.request() for _ in range(SIGNED)])
    for number, request in enumerate(signed):
        folder_of_key = b"silent" if keys == "silent" else b"u"
        mine = KEY_ID.replace(b"u/eve", b"%s/e%d" % (folder_of_key, number))
        yield request if number % 2 and keys == "bad" else request.replace(KEY_ID, mine)


def serve_flood(folder: Path) -> None:
    """Flood whenever a line of standard input says so; answer it with what came of it."""
    print(0, flush=True)
    os.nice(POLITE)
    for line in sys.stdin:
        order = json.loads(line)
        flood = Flood(order["address"], order["port"], _bad_requests(folder, order["keys"]))
        asyncio.run(flood.run(order["seconds"], order["rate"], anew=order["anew"]))
        print(json.dumps({"statuses": flood.statuses, **flood.facts}), flush=True)
