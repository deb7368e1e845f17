"""A thousand servers come back at once, and a thousand streams are open."""

import asyncio
import re
import socket
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.faults.cluster import Group
from tests.faults.conftest import Measure
from tests.faults.crowd import AUTHOR, HOME, Crowd, crowd, percentile
from tests.faults.scenarios import seeds
from tests.faults.test_load import SECOND, api_seconds, now
from tests.hostile.cast import Actor
from tests.hostile.wire import raw_of
from tests.support.gate import parse_head, read_head
from tests.support.process_node import until

EVENT = re.compile(rb"event (\d+) ")
PEERS, EACH = 1000, 20
# Below the share of one address.
CONNECTIONS_PER_ADDRESS = 100


@pytest.mark.long
@pytest.mark.parametrize("seed", seeds())
async def test_f30_a_thousand_peers_come_back_with_twenty_messages_each(
    group: Group, tmp_path: Path, measure: Measure, seed: int
):
    actors = [Actor(f"https://p{n}.test/u/x", key_name="everybody") for n in range(PEERS)]
    async with crowd(group, tmp_path, []) as town:
        await town.know(actors)
        requests = await asyncio.to_thread(all_said, actors)
        await town.node.start()
        asked = asyncio.create_task(api_seconds(town, 30))
        began = now()
        answers = await asyncio.gather(*(send_all(town, n, requests[n::50]) for n in range(50)))
        measure("s until all was taken", (now() - began) / SECOND)
        refused = [one for counts in answers for one in counts if one[0] != 202]
        measure("answered 503 first", len(refused))
        assert {status for status, _ in refused} <= {429, 503}
        assert all(int(wait) > 0 for _, wait in refused)

        async def is_all_there() -> bool:
            (row,) = await town.node.rows(
                "SELECT count(*) AS number FROM message WHERE text LIKE 'back %'"
            )
            return int(row["number"]) == PEERS * EACH

        assert await until(is_all_there, within_s=300)
        measure("s until all was shown", (now() - began) / SECOND)
        measure("p95 of the API in s", percentile(await asked, 95))


def all_said(actors: Sequence[Actor]) -> list[bytes]:
    """A message of each in turn, signed; to al directly."""
    return [
        raw_of(one.post(one.create(AUTHOR, text=f"back {number}"), headers={"Host": HOME}))
        for number in range(EACH)
        for one in actors
    ]


async def send_all(town: Crowd, number: int, requests: Sequence[bytes]) -> list[tuple[int, str]]:
    """Send one after the other, again where the node asks for it; each refusal and its wait."""
    refused: list[tuple[int, str]] = []
    for request in requests:
        while True:
            answer = await knock(town, f"127.5.{number}.1", request)
            if answer[0] == 202:
                break
            refused.append(answer)
            await asyncio.sleep(1)
    return refused


async def knock(town: Crowd, source: str, request: bytes) -> tuple[int, str]:
    """Send a request on a connection of its own: status and Retry-After."""
    reader, writer = await asyncio.open_connection(
        "127.0.0.1", town.node.port, local_addr=(source, 0)
    )
    try:
        writer.write(request)
        first, headers = parse_head(await read_head(reader))
        return int(first.split()[1]), headers.get("retry-after", "")
    finally:
        writer.close()


STREAMS, DEAF = 1000, 100
EVENTS = 700


@pytest.mark.long
@pytest.mark.parametrize("seed", seeds())
async def test_f48_a_thousand_streams_of_which_a_hundred_are_never_read(
    group: Group, tmp_path: Path, measure: Measure, seed: int
):
    path = "/api/covey/v1/events"
    async with crowd(group, tmp_path, []) as town, AsyncExitStack() as stack:
        await town.node.start()
        listening = [await stream(town, n, path, stack) for n in range(STREAMS)]
        deaf, heard = listening[:DEAF], [Heard() for _ in listening[DEAF:]]
        reading = [
            asyncio.create_task(one.read(reader))
            for one, (reader, _) in zip(heard, listening[DEAF:], strict=True)
        ]
        room = (await town.al.rooms("joined"))[0]["id"]
        before = town.memory_mib()
        for number in range(EVENTS):
            body = {"text": f"event {number} {'x' * 4000}"}
            await town.al.must("POST", f"/conversations/{room}/messages", body)
        measure("MiB more", town.memory_mib() - before)

        async def all_have_heard() -> bool:
            return all(len(one.numbers) >= EVENTS for one in heard)

        assert await until(all_have_heard, within_s=300)
        assert all(one.numbers == list(range(EVENTS)) for one in heard)
        dropped = [await is_dropped(reader) for reader, _ in deaf]
        measure("dropped", sum(dropped))
        assert sum(dropped) == DEAF
        for task in reading:
            task.cancel()


@dataclass(slots=True)
class Heard:
    """What one stream has told."""

    numbers: list[int] = field(default_factory=list)

    async def read(self, reader: asyncio.StreamReader) -> None:
        """Read on."""
        while line := await reader.readline():
            found = EVENT.search(line)
            if found and line.startswith(b"data:"):
                self.numbers.append(int(found[1]))


async def stream(
    town: Crowd, number: int, path: str, stack: AsyncExitStack
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Open an event stream of al, with small buffers of the system."""
    one = socket.socket()
    one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096 if number < DEAF else 65536)
    one.bind((f"127.6.{number // CONNECTIONS_PER_ADDRESS}.1", 0))
    one.connect(("127.0.0.1", town.node.port))
    reader, writer = await asyncio.open_connection(sock=one, limit=4096 if number < DEAF else 65536)
    stack.callback(writer.close)
    head = (
        f"GET {path} HTTP/1.1\r\nHost: alpha.test\r\nAuthorization: Bearer {town.al.token}\r\n\r\n"
    )
    writer.write(head.encode())
    return reader, writer


async def is_dropped(reader: asyncio.StreamReader) -> bool:
    """Whether the node has hung up on a stream that nobody has read."""
    try:
        async with asyncio.timeout(30):
            while await reader.read(65536):
                pass
    except OSError:
        return True
    except TimeoutError:
        return False
    return True
