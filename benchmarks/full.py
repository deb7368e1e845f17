"""Prints what a node costs that has been in use for years, beside the same node when it was new.

Run with `python -m benchmarks.full`. Two nodes talk, as in `end_to_end`; then one of them is
stopped, given a million messages, 20,000 conversations (1,000 of them its reader's) and 50,000
people elsewhere, and started again. Counted is the CPU of that node alone, all threads: a message
of the other until it came out of the event stream, the list of conversations, and a page of
messages, each while new and while full, in the same room.
"""

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from benchmarks._full_node import PEOPLE, fill
from benchmarks._machine import about
from benchmarks.end_to_end import SOON_S, Listening, Talk, cpu_s, two_people
from node.clock import Clock
from storage.times import to_ms
from tests.support.person import Person, Room

WARMING = 20
PAGE = 40
A_ROUND = 20
SAID_BEFORE = 100
# So that the reader has a whole page of conversations while the node is new.
FEW = PAGE * PEOPLE
DATABASE = "covey.db"


class Costs:
    """Milliseconds of CPU of the reader's node, a figure a round."""

    def __init__(self, reader: Person, author: Person, room: Room) -> None:
        self._reader, self._author, self._room = reader, author, room
        self.told: list[float] = []
        self.listed: list[float] = []
        self.paged: list[float] = []

    async def measure(self, rounds: int, count: int) -> None:
        """Take all three in turn."""
        listening, opened = Listening(self._reader), asyncio.Event()
        reading = asyncio.create_task(listening.run(opened))
        await asyncio.wait_for(opened.wait(), SOON_S)
        there = str((await self._author.see(self._room))["id"])
        here = str((await self._reader.see(self._room))["id"])
        talk = Talk(self._author, self._reader, there, listening)
        await talk.one_by_one(WARMING)
        for _ in range(rounds):
            self.told.append(await self._cost(lambda: talk.one_by_one(count), count))
            pages = (
                (self.listed, f"/conversations?limit={PAGE}"),
                (self.paged, f"/conversations/{here}/messages?limit={PAGE}"),
            )
            for costs, path in pages:
                costs.append(await self._cost(lambda path=path: self._ask(path), A_ROUND))
        reading.cancel()

    async def _ask(self, path: str) -> None:
        for _ in range(A_ROUND):
            await self._reader.must("GET", path)

    async def _cost(self, work: Callable[[], Awaitable[object]], count: int) -> float:
        began = cpu_s(self._reader.node)
        await work()
        return (cpu_s(self._reader.node) - began) / count * 1e3


async def measure(folder: Path, options: argparse.Namespace) -> dict[str, object]:
    """New, full, and how soon the full one is ready."""
    many = {
        "messages": options.messages,
        "places": max(options.messages // 50, FEW),
        "actors": max(options.messages // 20, FEW),
    }
    few = {"messages": FEW, "places": FEW, "actors": FEW}
    async with two_people(folder) as (al, bo, room):
        there = str((await bo.see(room))["id"])
        for number in range(SAID_BEFORE):
            await bo.must("POST", f"/conversations/{there}/messages", {"text": f"word {number}"})
        new, full = Costs(al, bo, room), Costs(al, bo, room)
        await _filled(al, few)
        await new.measure(options.rounds, options.count)
        ready_s = await _filled(al, many)
        size = (al.node.folder / DATABASE).stat().st_size
        await full.measure(options.rounds, options.count)
    return {
        "benchmark": "full",
        **many,
        "gigabytes": round(size / 1e9, 2),
        "ready_s": round(ready_s, 2),
        **_compared("told", new.told, full.told),
        **_compared("list", new.listed, full.listed),
        **_compared("page", new.paged, full.paged),
        "rounds": options.rounds,
        **about(),
    }


async def _filled(person: Person, sizes: dict[str, int]) -> float:
    """Fill their node while it is stopped; the seconds until it was ready again."""
    await person.node.kill()
    path = person.node.folder / DATABASE
    await asyncio.to_thread(fill, path, person.uri, to_ms(Clock().now()), **sizes)
    began = time.monotonic()
    await person.node.start()
    return time.monotonic() - began


def _compared(name: str, new: list[float], full: list[float]) -> dict[str, object]:
    before, after = statistics.median(new), statistics.median(full)
    return {f"{name}_ms": [round(before, 2), round(after, 2)], f"{name}": round(after / before, 2)}


def main() -> None:
    """Measure on Linux, where the CPU of a process can be read from /proc."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--count", type=int, default=100, help="Messages in each round.")
    parser.add_argument("--messages", type=int, default=1_000_000, help="How full.")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        print(json.dumps(asyncio.run(measure(Path(name), options))))


if __name__ == "__main__":
    main()
