"""Prints what receiving a signed message costs, in requests to a handler that only reads its body.

Run with `python -m benchmarks.inbox`. Each server is a process of its own, so only its CPU is
counted: a bare aiohttp handler that reads the body and answers 202, and a node on SQLite that
receives the same bytes until its 202, and until each message is applied and has reached an open
event stream. 64 requests are under way at once on connections that stay open. A proven message
comes in draft-cavage with RSA and, as nodes of our kind send it, by RFC 9421 with Ed25519.

In each round the reference and the node take turns, and a round's ratio is made of neighbours, so
that a busy machine slows both alike. The first round warms up and does not count. At the end every
message must be stored and must have been told once, or there is no figure.
"""

import argparse
import asyncio
import json
import statistics
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks._inbox_node import MEMBER, STRANGER, Author, serve_node, serve_reference
from benchmarks._machine import about
from benchmarks._server import Server, server
from benchmarks._stream import Stream
from federation.protocol.signature.sign import Scheme

AT_ONCE = 64


async def send(port: int, requests: Sequence[bytes]) -> None:
    """Send all requests, 64 at once; every answer is 202.

    A connection takes the next request when its last one is answered, so requests leave in order.
    """
    waiting = iter(requests)
    await asyncio.gather(*(_connection(port, waiting) for _ in range(AT_ONCE)))


async def _connection(port: int, waiting: Iterator[bytes]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for request in waiting:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 202"):
            raise RuntimeError(head.decode())
        length = [
            line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")
        ]
        if length:
            await reader.readexactly(int(length[0].split(b":")[1]))
    writer.close()


class Figures:
    """What each round has cost, in microseconds of the server's CPU for one request."""

    def __init__(self) -> None:
        self.reference_us: list[float] = []
        self.ratios: dict[str, list[float]] = defaultdict(list)

    def note(self, name: str, *, node_us: float, reference_us: float) -> None:
        """Compare a block of requests to the node with the block of the reference beside it."""
        self.reference_us.append(reference_us)
        self.ratios[name].append(node_us / reference_us)

    def report(self) -> dict[str, object]:
        """Medians, each with its smallest and largest round."""
        medians = {name: round(statistics.median(them), 2) for name, them in self.ratios.items()}
        spread = {name: [round(min(v), 2), round(max(v), 2)] for name, v in self.ratios.items()}
        reference_us = round(statistics.median(self.reference_us))
        return {**medians, "spread": spread, "reference_us": reference_us}


class Trial:
    """A reference and a node side by side, the people who write, and the stream that listens."""

    def __init__(self, folder: Path, reference: Server, node: Server) -> None:
        self._reference = reference
        self._node = node
        member = Author.load(folder, MEMBER)
        self._authors = {
            "proven": member,
            "ed25519": replace(member, scheme=Scheme.RFC_9421_ED25519),
            "unproven": Author.load(folder, STRANGER),
        }
        self._stream = Stream(node.port)
        self._sent = 0
        self.figures = Figures()

    def run(self, count: int, rounds: int) -> None:
        """So many rounds with so many requests a block, after one that warms up."""
        for number in range(rounds + 1):
            if number == 1:
                self.figures = Figures()
            for kind in self._authors:
                self._until_202(kind, count)
                if kind != "ed25519":  # what follows the 202 knows nothing of requests
                    self._until_told(kind, count)

    def _until_202(self, kind: str, count: int) -> None:
        """While the worker rests; afterwards it does what has gathered, which is not counted."""
        requests = self._requests(kind, count)
        self._node.ask("hold")
        bare, node = self._cost_us(self._reference, requests), self._cost_us(self._node, requests)
        self._node.ask("work")
        self._stream.wait_for(self._sent)
        self.figures.note(f"{kind}_until_202", node_us=node, reference_us=bare)

    def _until_told(self, kind: str, count: int) -> None:
        requests = self._requests(kind, count)
        bare = self._cost_us(self._reference, requests)
        node = self._cost_us(self._node, requests, is_awaited=True)
        self.figures.note(f"{kind}_until_told", node_us=node, reference_us=bare)

    def _requests(self, kind: str, count: int) -> list[bytes]:
        self._sent += count
        author = self._authors[kind]
        return [author.request() for _ in range(count)]

    def _cost_us(
        self, server: Server, requests: Sequence[bytes], *, is_awaited: bool = False
    ) -> float:
        began = server.cpu_s()
        asyncio.run(send(server.port, requests))
        if is_awaited:
            self._stream.wait_for(self._sent)
        return (server.cpu_s() - began) / len(requests) * 1e6

    def check(self) -> None:
        """Every message was told once and is stored, and nothing is left in the queue.

        Raises:
            RuntimeError: It is not so; the figures mean nothing.
        """
        stored = json.loads(self._node.ask("count"))
        wanted = {"messages": self._sent, "waiting": 0, "events": self._sent}
        if stored != wanted or len(set(self._stream.uris)) != self._sent:
            raise RuntimeError(f"{wanted} were wanted, {stored} are stored")


def measure(count: int, rounds: int) -> dict[str, object]:
    """The figures of a whole run."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with (
            server("benchmarks.inbox", "reference", folder) as reference,
            server("benchmarks.inbox", "node", folder) as node,
        ):
            trial = Trial(folder, reference, node)
            trial.run(count, rounds)
            trial.check()
    return trial.figures.report()


def main() -> None:
    """Measure, or be a server."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=512, help="Requests in a block.")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--serve", choices=("reference", "node"), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        asyncio.run((serve_node if options.serve == "node" else serve_reference)(options.folder))
        return
    found = measure(options.count, options.rounds)
    sizes = {"at_once": AT_ONCE, "count": options.count, "rounds": options.rounds}
    print(json.dumps({"benchmark": "inbox", **sizes, **found, **about()}))


if __name__ == "__main__":
    main()
