"""Prints what a message to a large group costs, and what a large group costs beside a small one.

Run with `python -m benchmarks.groups`. The first figure is a message to 1,000 members on 200 hosts,
from the request of its author until every host has it, beside 200 deliveries of the same bytes that
nobody had to write. The second is a group of 1,000 members and 100,000 messages beside one of 10
members and 100 messages, whose members are on the same two hosts, so that both owe as many
deliveries: posting, and reading a page. The receivers are one other process; CPU of this one is
counted, all threads.
"""

import argparse
import asyncio
import json
import os
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import trustme
from aiohttp import ClientSession, web

from benchmarks._big_groups import fill, talk
from benchmarks._machine import about
from node.clock import Clock
from storage import database, peers
from storage.times import to_ms
from tests.support.live_node import LiveNode
from tests.support.mold import copy_empty
from tests.support.node_config import write_config
from tests.support.person import Person

HOSTS = [f"h{number}.test" for number in range(200)]
FEW = HOSTS[:2]
MEMBERS, MESSAGES = 1000, 100_000
SMALL_MEMBERS, SMALL_MESSAGES = 10, 100
A_ROUND = 10
OWE_AGAIN = """
UPDATE delivery SET state = 'pending', claim = '', attempts = 0, settled_at = NULL, due_at = $1
WHERE activity_id = (SELECT activity_id FROM delivery ORDER BY id DESC LIMIT 1)
"""


# ------------------------------------------------------------------------------- the receivers


async def receive(certificate: str) -> None:
    """Answer 202 for every host, and to a GET how many POSTs there were; prints the port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    posts = 0

    async def inbox(request: web.Request) -> web.Response:
        nonlocal posts
        await request.read()
        posts += 1
        return web.Response(status=202)

    async def count(_request: web.Request) -> web.Response:
        return web.json_response(posts)

    app = web.Application()
    app.router.add_post("/inbox", inbox)
    app.router.add_get("/count", count)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context, backlog=512).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.get_running_loop().create_future()


@contextmanager
def receivers(folder: Path) -> Iterator[int]:
    """The other process, and its port."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    certificate = folder / "peer.pem"
    authority.issue_cert(*HOSTS).private_key_and_cert_chain_pem.write_to_path(str(certificate))
    command = [sys.executable, "-m", "benchmarks.groups", "--receive", str(certificate)]
    # The command is made above.
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()


async def posts_of(port: int) -> int:
    """How many POSTs have come so far."""
    # It answers by its number, for which its certificate is not made.
    async with (
        ClientSession() as http,
        http.get(f"https://127.0.0.1:{port}/count", ssl=False) as answer,
    ):
        return int(await answer.json())


# ------------------------------------------------------------------------------- the node


async def started(folder: Path, port: int) -> tuple[LiveNode, Person]:
    """A node without workers, and somebody who lives there."""
    config = write_config(
        folder,
        "alpha.test",
        hosts=dict.fromkeys(HOSTS, port),
        ca_file=str(folder / "ca.pem"),
        more={
            "server": {"listen": ["127.0.0.1:0"]},
            "database": {"url": f"sqlite://{folder}/covey.db"},
        },
    )
    node = LiveNode("alpha.test", config, Clock())
    await node.start()
    person = node.person("al")
    await person.arrive()
    return node, person


async def cpu_of(work: Callable[[], Awaitable[object]]) -> float:
    """Seconds of CPU of this process, all threads."""
    began = time.process_time()
    await work()
    return time.process_time() - began


async def deliver(node: LiveNode) -> None:
    """Serve all lanes that are due, 64 at a time."""
    worker, now = node.node.parts.deliveries, node.clock.now
    while any(await asyncio.gather(*(node.inside(worker.run_once(now())) for _ in range(64)))):
        pass


async def owe_again(node: LiveNode) -> None:
    """Owe what was delivered last once more, to the same hosts."""
    now = to_ms(node.clock.now())
    lanes = [(host, now) for host in HOSTS]

    async def write() -> None:
        async with database.transaction():
            await database.run(OWE_AGAIN, now)
            await database.insert_many("peer", ("host", "due_at"), lanes, conflict=peers.MAKE_DUE)

    await node.inside(write())


# ------------------------------------------------------------------------------- the figures


async def measure_fan_out(
    node: LiveNode, person: Person, port: int, rounds: int
) -> dict[str, object]:
    """A message to 1,000 members beside 200 deliveries, in alternation."""
    room = await person.start_conversation("large")
    await fill(node, room, HOSTS, members=MEMBERS)
    path = f"/conversations/{(await person.see(room))['id']}/messages"
    posting, messages, deliveries, posts = [], [], [], []

    async def post() -> None:
        await person.must("POST", path, {"text": "Thursday works for me."})

    for number in range(rounds + 1):
        before = await posts_of(port)
        posted = await cpu_of(post)
        if await posts_of(port) != before:
            raise RuntimeError("the API answered after a delivery had begun")
        sent = await cpu_of(lambda: deliver(node))
        came = await posts_of(port) - before
        await owe_again(node)
        alone = await cpu_of(lambda: deliver(node))
        if number:  # the first round shakes hands
            posting.append(posted)
            messages.append(posted + sent)
            deliveries.append(alone)
            posts.append(came)
    excess = [whole - bare for whole, bare in zip(messages, deliveries, strict=True)]
    (left,) = await node.rows("SELECT COUNT(*) AS n FROM delivery WHERE state <> 'delivered'")
    return {
        "benchmark": "groups, fan-out",
        "members": MEMBERS,
        "hosts": len(HOSTS),
        "rounds": rounds,
        "posts": sorted(set(posts)),
        "post_ms": ms(posting),
        "message_ms": ms(messages),
        "deliveries_ms": ms(deliveries),
        "excess_ms": ms(excess),
        "excess_spread_ms": [round(min(excess) * 1e3, 1), round(max(excess) * 1e3, 1)],
        "not_delivered": left["n"],
    }


async def measure_sizes(node: LiveNode, person: Person, rounds: int) -> dict[str, object]:
    """A large group beside a small one: what posting and reading a page cost in each."""
    rooms = []
    for members, messages in ((SMALL_MEMBERS, SMALL_MESSAGES), (MEMBERS, MESSAGES)):
        room = await person.start_conversation(f"of {members}")
        await fill(node, room, FEW, members=members)
        await talk(node, person, room, messages=messages)
        rooms.append(Pages(str((await person.see(room))["id"])))
    for room in rooms:
        await room.begin(person)
    for number in range(rounds + 1):
        for room in rooms:
            await room.run(person)
            if not number:
                room.forget()
    small, large = rooms
    both = zip(large.reporting, small.reporting, strict=True)
    more = [larger - smaller for larger, smaller in both]
    apart = [whole - part for whole, part in zip(large.posting, more, strict=True)]
    return {
        "benchmark": "groups, size",
        "members": [SMALL_MEMBERS, MEMBERS],
        "messages": [SMALL_MESSAGES, MESSAGES],
        "rounds": rounds,
        "post_ms": [ms(small.posting), ms(large.posting)],
        "post_ratio": ratio(apart, small.posting),
        "post_and_report_ratio": ratio(large.posting, small.posting),
        "report_ms": [ms(small.reporting), ms(large.reporting)],
        "page_ms": [ms(small.reading), ms(large.reading)],
        "page_ratio": ratio(large.reading, small.reading),
        "own_page_ratio": ratio(large.newest, small.newest),
    }


class Pages:
    """What posting, and reading a page, took in each round.

    The answer to a post says of every member what became of the message, which is the fan-out's:
    what it takes to ask for that alone, so much more as it takes in the large group, is no part of
    `post_ratio`.

    A page of what others wrote is read. The newest page says of each message by its reader what
    became of it at every member, which is the fan-out's; it is measured by itself.
    """

    def __init__(self, place: str) -> None:
        self._path = f"/conversations/{place}/messages"
        self._before = ""
        self.posting: list[float] = []
        self.reporting: list[float] = []
        self.reading: list[float] = []
        self.newest: list[float] = []

    async def begin(self, person: Person) -> None:
        """Find the page that is read: before anything is posted."""
        page = (await person.must("GET", f"{self._path}?limit=2"))["items"]
        self._before = page[-1]["id"]

    async def run(self, person: Person) -> None:
        """Some posts, and as many pages."""

        async def post() -> None:
            for _ in range(A_ROUND):
                await person.must("POST", self._path, {"text": "Thursday works for me."})

        async def report() -> None:
            for _ in range(A_ROUND):
                await person.must("GET", f"/messages/{newest}/delivery")

        async def read(query: str) -> None:
            for _ in range(A_ROUND):
                await person.must("GET", f"{self._path}?limit=40{query}")

        self.posting.append(await cpu_of(post) / A_ROUND)
        newest = (await person.must("GET", f"{self._path}?limit=1"))["items"][0]["id"]
        self.reporting.append(await cpu_of(report) / A_ROUND)
        self.reading.append(await cpu_of(lambda: read(f"&before={self._before}")) / A_ROUND)
        self.newest.append(await cpu_of(lambda: read("")) / A_ROUND)

    def forget(self) -> None:
        """The first round fills caches."""
        self.posting.clear()
        self.reporting.clear()
        self.reading.clear()
        self.newest.clear()


def ms(seconds: list[float]) -> float:
    """The median in milliseconds."""
    return round(statistics.median(seconds) * 1e3, 1)


def ratio(large: list[float], small: list[float]) -> float:
    """The median of the ratios, round by round."""
    return round(statistics.median(a / b for a, b in zip(large, small, strict=True)), 2)


async def measure(folder: Path, port: int, rounds: int) -> None:
    """Print both figures."""
    os.environ["SSL_CERT_FILE"] = str(folder / "ca.pem")
    node, person = await started(folder, port)
    try:
        for figure in (
            await measure_fan_out(node, person, port, rounds),
            await measure_sizes(node, person, rounds),
        ):
            print(json.dumps({**figure, **about()}), flush=True)
    finally:
        await node.stop()


def main() -> None:
    """Measure, or be the receivers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--receive", metavar="CERTIFICATE", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.receive:
        asyncio.run(receive(options.receive))
        return
    with tempfile.TemporaryDirectory() as name, receivers(Path(name)) as port:
        copy_empty(Path(name) / "covey.db")
        asyncio.run(measure(Path(name), port, options.rounds))


if __name__ == "__main__":
    main()
