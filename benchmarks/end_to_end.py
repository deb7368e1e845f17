"""Prints what one message between two nodes costs, and how soon it is seen on the other side.

Run with `python -m benchmarks.end_to_end`. Two nodes are started as an operator does it, each a
process with a database of its own, and talk over TLS on loopback; each has one member of a group.
A message counts from the request of its author until it comes out of the other's open event stream.
CPU is that of both nodes' processes, all threads, as a multiple of one RSA-2048 signature that this
process makes meanwhile; whoever asks and listens is this process and is not counted.

First one message at a time, then a fixed number a second, then several authors at once.
"""

import argparse
import asyncio
import json
import ssl
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import trustme
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

from benchmarks._machine import about
from benchmarks.start import threads_cpu_s
from tests.support.person import Person, Room
from tests.support.process_node import ProcessNode, make_nodes, until

SOON_S = 60.0
WARMING = 30
AT_ONCE = 8
SIGNATURES = 50


# ------------------------------------------------------------------------------- the nodes


@asynccontextmanager
async def two_people(folder: Path) -> AsyncIterator[tuple[Person, Person, Room]]:
    """A group of two people on two running nodes."""
    nodes = make_nodes(folder, trustme.CA(), "alpha.test", "beta.test")
    try:
        al, bo = await asyncio.gather(*map(_arrived, nodes, ("al", "bo")))
        room = await al.start_conversation("tea")
        await al.invite(bo, room)
        await _until_state(bo, room, {"invited", "requested"})
        await bo.accept(room)
        await _until_state(bo, room, {"joined"})
        yield al, bo, room
    finally:
        await asyncio.gather(*(node.kill() for node in nodes if node.was_started))


async def _arrived(node: ProcessNode, name: str) -> Person:
    await node.covey("migrate")
    await node.covey("user", "add", name)
    person = Person(node, name, await node.token_for(name))
    await node.start()
    return person


async def _until_state(person: Person, room: Room, states: set[str]) -> None:
    async def is_so() -> bool:
        return await person.state_in(room) in states

    if not await until(is_so, within_s=SOON_S):
        raise RuntimeError(f"{person.acct} is not {states}")


def cpu_s(node: ProcessNode) -> float:
    """Seconds of CPU that a node has used."""
    return threads_cpu_s(node.pid)


# ------------------------------------------------------------------------------- who listens


class Listening:
    """When each message came out of somebody's event stream.

    Attributes:
        twice: Messages that came more than once.
    """

    def __init__(self, person: Person) -> None:
        self._person = person
        self._seen: dict[str, asyncio.Future[float]] = {}
        self.twice: set[str] = set()

    def expect(self, text: str) -> asyncio.Future[float]:
        """What becomes the time at which a message with this text comes."""
        return self._seen.setdefault(text, asyncio.get_running_loop().create_future())

    async def run(self, opened: asyncio.Event) -> None:
        """Read the stream until cancelled."""
        node = self._person.node
        tls = ssl.create_default_context(cafile=str(node.folder / "ca.pem"))
        headers = {"Host": node.name, "Authorization": f"Bearer {self._person.token}"}
        url = f"https://127.0.0.1:{node.port}/api/covey/v1/events"
        patience = aiohttp.ClientTimeout(total=None)
        async with (
            aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=tls)) as http,
            http.get(url, headers=headers, timeout=patience, server_hostname=node.name) as answer,
        ):
            opened.set()
            kind = b""
            async for line in answer.content:
                name, _, value = line.strip().partition(b": ")
                if name == b"event":
                    kind = value
                elif name == b"data" and kind == b"message":
                    self._note(str(json.loads(value)["text"]))

    def _note(self, text: str) -> None:
        awaited = self.expect(text)
        if awaited.done():
            self.twice.add(text)
        else:
            awaited.set_result(time.monotonic())


# ------------------------------------------------------------------------------- the figures


class Talk:
    """One says things in a room, and the other hears them."""

    def __init__(self, author: Person, reader: Person, place: str, listening: Listening) -> None:
        self._author = author
        self._nodes = (author.node, reader.node)
        self._path = f"/conversations/{place}/messages"
        self._listening = listening
        self._number = 0

    async def say(self) -> float:
        """Say the next thing; the milliseconds until it is heard."""
        self._number += 1
        text = f"Thursday works for me, {self._number}"
        heard = self._listening.expect(text)
        began = time.monotonic()
        await self._author.must("POST", self._path, {"text": text})
        return (await asyncio.wait_for(heard, SOON_S) - began) * 1e3

    async def one_by_one(self, count: int) -> list[float]:
        """Each is said when the one before has been heard."""
        return [await self.say() for _ in range(count)]

    async def by_the_clock(self, count: int, *, a_second: int) -> list[float]:
        """So many a second, whatever becomes of them; each counts from when it is due."""
        began = asyncio.get_running_loop().time()

        async def due(number: int) -> float:
            await asyncio.sleep(began + number / a_second - asyncio.get_running_loop().time())
            return await self.say()

        return list(await asyncio.gather(*(due(number) for number in range(count))))

    async def at_once(self, count: int) -> list[float]:
        """Several authors, each of whom waits for nothing but their own message."""
        turns = await asyncio.gather(*(self.one_by_one(count // AT_ONCE) for _ in range(AT_ONCE)))
        return [taken for turn in turns for taken in turn]

    def cpu_s(self) -> float:
        """What both nodes have used so far."""
        return sum(cpu_s(node) for node in self._nodes)


class Signature:
    """What signing once with RSA-2048 costs on this machine, now."""

    def __init__(self) -> None:
        self._key = generate_private_key(65537, 2048)

    def cost_s(self) -> float:
        """Seconds of CPU."""
        began = time.thread_time()
        for _ in range(SIGNATURES):
            self._key.sign(b"digest", PKCS1v15(), SHA256())
        return (time.thread_time() - began) / SIGNATURES


async def measure(folder: Path, rounds: int, count: int, a_second: int) -> None:
    """Print a line for each way of talking."""
    async with two_people(folder) as (al, bo, room):
        listening, opened = Listening(bo), asyncio.Event()
        reading = asyncio.create_task(listening.run(opened))
        await asyncio.wait_for(opened.wait(), SOON_S)
        talk = Talk(al, bo, str((await al.see(room))["id"]), listening)
        await talk.one_by_one(WARMING)
        signature = Signature()
        ways = {
            "one at a time": lambda: talk.one_by_one(count),
            f"{a_second} a second": lambda: talk.by_the_clock(count, a_second=a_second),
            f"{AT_ONCE} authors at once": lambda: talk.at_once(count),
        }
        for name, way in ways.items():
            taken_ms: list[float] = []
            costs_s: list[float] = []
            signatures_s: list[float] = []
            for _ in range(rounds):
                before, began = signature.cost_s(), talk.cpu_s()
                times = await way()
                costs_s.append((talk.cpu_s() - began) / len(times))
                signatures_s.append((before + signature.cost_s()) / 2)
                taken_ms += times
            print(json.dumps(_figure(name, taken_ms, costs_s, signatures_s)), flush=True)
        reading.cancel()
        if listening.twice:
            raise RuntimeError(f"{len(listening.twice)} messages were told twice")


def _figure(
    name: str, taken_ms: Sequence[float], costs_s: Sequence[float], signatures_s: Sequence[float]
) -> dict[str, object]:
    ratios = [cost / one for cost, one in zip(costs_s, signatures_s, strict=True)]
    centiles = statistics.quantiles(taken_ms, n=100)
    return {
        "benchmark": "end to end",
        "way": name,
        "messages": len(taken_ms),
        "p50_ms": round(centiles[49], 1),
        "p99_ms": round(centiles[98], 1),
        "cpu_ms": round(statistics.median(costs_s) * 1e3, 2),
        "signature_ms": round(statistics.median(signatures_s) * 1e3, 3),
        "cpu_in_signatures": round(statistics.median(ratios), 2),
        "spread": [round(min(ratios), 2), round(max(ratios), 2)],
        **about(),
    }


def main() -> None:
    """Measure on Linux, where the CPU of a process can be read from /proc."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--count", type=int, default=200, help="Messages in each round.")
    parser.add_argument("--a-second", type=int, default=50)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        asyncio.run(measure(Path(name), options.rounds, options.count, options.a_second))


if __name__ == "__main__":
    main()
