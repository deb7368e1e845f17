"""Prints what honest senders wait longer while one other address floods a node with bad signatures.

Run with `python -m benchmarks.flood`. The node, as `covey serve` runs it, the flood and the server
of the keys that it names are processes of their own. Messages to a group come at a modest rate
over connections that stay open, and each is timed from the moment at which it was due until its
202: first alone, then beside a flood from an address of loopback that was not heard of before. The
two are a pair, and its ratio is made of neighbours, so that a busy machine slows both alike.

It fails if an honest message is lost or is not answered with 202, if the flood gets a 500, or if
more keys were fetched than the rates allow: there is no figure then.
"""

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks._flood import GRACE_S, HOST, serve_flood, serve_origin
from benchmarks._inbox_node import MEMBER, Author, serve_node
from benchmarks._machine import about
from benchmarks._server import Server, server
from benchmarks._stream import Stream
from federation.inbound.meter import FAILURES_MAX
from federation.inbound.rates import Limits
from federation.remote.flight import PER_HOST_MAX
from node import log

MODULE = "benchmarks.flood"
LINES = 8
LIMIT = 1.5


@dataclass(slots=True)
class Trial:
    """A node, those who write to it, and what they have seen.

    Attributes:
        quiet: Of each pair, how long each honest request took without a flood, in seconds.
        flooded: The same beside one.
        cores: Of each pair, how much of a core the node used without a flood.
        floods: What came of each.
    """

    folder: Path
    node: Server
    flooder: Server
    origin: Server
    options: argparse.Namespace
    quiet: list[list[float]] = field(default_factory=list)
    flooded: list[list[float]] = field(default_factory=list)
    cores: list[float] = field(default_factory=list)
    floods: list[dict[str, object]] = field(default_factory=list)
    _sent: int = 0

    def run(self) -> None:
        """All pairs, after a while that warms up.

        Raises:
            RuntimeError: Something happened that must not; the figures mean nothing.
        """
        author = Author.load(self.folder, MEMBER)
        stream = Stream(self.node.port)
        asyncio.run(self._honest(author))
        for number in range(self.options.pairs):
            cpu_s = self.node.cpu_s()
            self.quiet.append(asyncio.run(self._honest(author)))
            self.cores.append(self._cores_since(cpu_s))
            self.flooded.append(asyncio.run(self._beside_a_flood(author, number)))
        stream.wait_for(self._sent)
        stored = json.loads(self.node.ask("count"))
        wanted = {"messages": self._sent, "waiting": 0, "events": self._sent}
        if stored != wanted or len(set(stream.uris)) != self._sent:
            raise RuntimeError(f"{wanted} were wanted, {stored} are stored")

    async def _honest(self, author: Author) -> list[float]:
        """Send at the honest rate; how long each took."""
        count = int(self.options.honest_rate * self.options.seconds)
        requests = [author.request() for _ in range(count)]
        self._sent += count
        return await send(self.node.port, requests, self.options.honest_rate)

    async def _beside_a_flood(self, author: Author, number: int) -> list[float]:
        order = {
            "address": f"127.0.0.{9 + number}",
            "port": self.node.port,
            "seconds": self.options.seconds,
            "rate": self.options.rate,
            "anew": self.options.anew,
            "keys": self.options.keys,
        }
        before, cpu_s = self._fetches(), self.node.cpu_s()
        flooding = asyncio.create_task(asyncio.to_thread(self.flooder.ask, json.dumps(order)))
        took = await self._honest(author)
        seen = json.loads(await flooding)
        seen["key_fetches"] = self._fetches() - before
        seen["flooded_node_cores"] = self._cores_since(cpu_s)
        self.floods.append(seen)
        if "500" in seen["statuses"]:
            raise RuntimeError(f"the node broke: {seen}")
        if seen["key_fetches"] > self.budget:
            raise RuntimeError(f"more than {self.budget} keys were fetched: {seen}")
        return took

    def _cores_since(self, cpu_s: float) -> float:
        return round((self.node.cpu_s() - cpu_s) / self.options.seconds, 2)

    def _fetches(self) -> int:
        return sum(json.loads(self.origin.ask("count")).values())

    @property
    def budget(self) -> int:
        """How many keys an address may make the node ask for in one flood.

        A hundred failures make it suspect; then it has a second's worth at once, and its rate.
        """
        suspect = Limits().failure * (self.options.seconds + GRACE_S + 1)
        return FAILURES_MAX + PER_HOST_MAX + int(suspect)

    def report(self) -> dict[str, object]:
        """Medians over the pairs; times in milliseconds."""
        statuses: Counter[str] = Counter()
        for one in self.floods:
            statuses.update(one["statuses"])
        facts = sorted({name for one in self.floods for name in one} - {"statuses"})
        return {
            **{
                f"{name}_p{part}_ms": round(statistics.median(ms(them, part)), 2)
                for part in (50, 95)
                for name, them in (("quiet", self.quiet), ("flooded", self.flooded))
            },
            **{f"ratio_p{part}": self._ratio(part) for part in (50, 95)},
            "quiet_node_cores": self.cores,
            "statuses": dict(sorted(statuses.items())),
            **{name: [one.get(name, 0) for one in self.floods] for name in facts},
            "budget": self.budget,
        }

    def _ratio(self, part: int) -> dict[str, object]:
        pairs = zip(ms(self.quiet, part), ms(self.flooded, part), strict=True)
        ratios = [round(flooded / quiet, 2) for quiet, flooded in pairs]
        return {"median": statistics.median(ratios), "limit": LIMIT, "all": ratios}


def ms(runs: Sequence[Sequence[float]], part: int) -> list[float]:
    """The percentile of each run, in milliseconds."""
    return [statistics.quantiles(one, n=100)[part - 1] * 1000 for one in runs]


async def send(port: int, requests: Sequence[bytes], rate: float) -> list[float]:
    """Send requests when they are due, and time each from then until its 202.

    Raises:
        RuntimeError: One got another answer.
    """
    waiting: asyncio.Queue[tuple[float, bytes] | None] = asyncio.Queue()
    took: list[float] = []
    lines = [asyncio.create_task(_line(port, waiting, took)) for _ in range(LINES)]
    began = time.perf_counter()
    for number, request in enumerate(requests):
        due = began + number / rate
        await asyncio.sleep(due - time.perf_counter())
        waiting.put_nowait((due, request))
    for _ in lines:
        waiting.put_nowait(None)
    await asyncio.gather(*lines)
    return took


async def _line(
    port: int, waiting: "asyncio.Queue[tuple[float, bytes] | None]", took: list[float]
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while (one := await waiting.get()) is not None:
        due, request = one
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        took.append(time.perf_counter() - due)
        if not head.startswith(b"HTTP/1.1 202"):
            raise RuntimeError(head.decode())
    writer.close()


async def serve(folder: Path) -> None:
    """The node, with the rates that every node has."""
    port = (folder / "origin").read_text()
    log.set_up("console", "info")
    await serve_node(
        folder,
        f'[federation]\nca_file = "{folder}/ca.pem"\nallow_private_addresses = ["127.0.0.1/32"]\n'
        f'[federation.hosts]\n"{HOST}" = "127.0.0.1:{port}"\n',
    )


def measure(options: argparse.Namespace) -> dict[str, object]:
    """The figures of a whole run."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with server(MODULE, "origin", folder) as origin:
            (folder / "origin").write_text(str(origin.port))
            with (
                server(MODULE, "node", folder, folder / "log") as node,
                server(MODULE, "flood", folder) as flooder,
            ):
                trial = Trial(folder, node, flooder, origin, options)
                trial.run()
    return trial.report()


def main() -> None:
    """Measure, or be a server."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=6.0, help="Of each half of a pair.")
    parser.add_argument("--rate", type=int, default=2000, help="Bad requests a second.")
    parser.add_argument("--honest-rate", type=float, default=40.0, help="Honest ones a second.")
    parser.add_argument("--anew", action="store_true", help="A connection for each.")
    parser.add_argument("--keys", choices=("bad", "silent"), default="bad")
    parser.add_argument("--serve", choices=("node", "flood", "origin"), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve == "flood":
        serve_flood(options.folder)
    elif options.serve:
        asyncio.run((serve if options.serve == "node" else serve_origin)(options.folder))
    else:
        names = ("seconds", "rate", "honest_rate", "anew", "keys")
        sizes = {name: getattr(options, name) for name in names}
        found = measure(options)
        print(json.dumps({"benchmark": "flood", **sizes, **found, **about()}))


if __name__ == "__main__":
    main()
