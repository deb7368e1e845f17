"""A database that is away, slow or locked: 503 meanwhile, nothing lost, and on by itself."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import pytest_asyncio

from tests.faults.cluster import Cluster, Group, make_cluster
from tests.faults.conftest import Measure
from tests.faults.crowd import Owed, crowd
from tests.faults.database_server import DatabaseServer, new_server
from tests.faults.scenarios import seeds
from tests.faults.tcp_proxy import TcpProxy
from tests.support.checker import Sent
from tests.support.network import POSTGRES
from tests.support.person import Person
from tests.support.process_node import NodeDiedError, ProcessNode, free_ports, until

GONE_FOR_S = 30
SLOW_FOR_S = 60
SLOWER_S = 0.5
LOCKED_FOR_S = 20
# What the answer takes besides the five seconds that a lock is waited for.
ANSWERED_WITHIN_S = 10.0
GROWS_AT_MOST_MIB = 128
AT_ONCE = 40
IN_FLIGHT_MOST = 8
WITHOUT_POSTGRES = pytest.mark.skipif(not POSTGRES, reason="no PostgreSQL named")


@dataclass(slots=True)
class Load:
    """Somebody says things, some at once, and notes what they are told and how long it takes.

    Attributes:
        slowest_s: The longest that an answer took.
        statuses: What was answered; 0 if nothing was.
    """

    cluster: Cluster
    person: Person
    path: str
    slowest_s: float = 0.0
    statuses: list[int] = field(default_factory=list)

    async def until(self, ends_s: float, at_once: int = 4) -> None:
        """Go on for so many seconds."""
        ends_at = asyncio.get_running_loop().time() + ends_s
        await asyncio.gather(*(self._go_on(place, ends_at) for place in range(at_once)))

    async def _go_on(self, place: int, ends_at: float) -> None:
        loop, number = asyncio.get_running_loop(), 0
        while loop.time() < ends_at:
            number += 1
            await self.say(f"{len(self.statuses)} {place} {number}")
            await asyncio.sleep(0.1)

    async def say(self, text: str) -> int:
        """Say one thing; the status, or 0 if there is no answer."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            status, _ = await self.person.ask("POST", self.path, {"text": text}, key=text)
        except (OSError, TimeoutError):
            status = 0
        self.slowest_s = max(self.slowest_s, loop.time() - began)
        self.statuses.append(status)
        self.cluster.history.sends.append(Sent(self.person.acct, text, status in {200, 201}))
        return status


async def load(cluster: Cluster, person: Person) -> Load:
    path = f"/conversations/{(await person.see(cluster.room))['id']}/messages"
    return Load(cluster, person, path)


@dataclass(frozen=True, slots=True)
class Apart:
    """A cluster in which the database of alpha is on a server of its own, behind a proxy."""

    cluster: Cluster
    server: DatabaseServer
    proxy: TcpProxy


@pytest_asyncio.fixture
async def apart(
    engine: str, group: Group, tmp_path: Path, everybodys: Path
) -> AsyncIterator[Apart]:
    if engine != "postgres":
        pytest.skip("a file is never away")
    server = new_server(everybodys / "cluster", everybodys / "log")
    await server.make()
    proxy = TcpProxy(server.port)
    await proxy.open()
    url = urlsplit(await server.take(group.urls["alpha.test"]))
    through = url._replace(netloc=f"covey@127.0.0.1:{proxy.port}").geturl()
    made = await make_cluster(group, tmp_path / "nodes", databases={"alpha.test": through})
    yield Apart(made, server, proxy)
    await made.close()
    proxy.close()
    await server.stop()


@pytest.mark.long
@pytest.mark.parametrize("seed", seeds())
async def test_f07_a_database_that_is_gone_for_half_a_minute(apart: Apart, seed: int):
    cluster, al = apart.cluster, apart.cluster.people["al"]
    await cluster.start()
    said = await load(cluster, al)
    saying = asyncio.create_task(said.until(GONE_FOR_S + 15))
    await asyncio.sleep(5)

    await apart.server.stop()
    await asyncio.sleep(GONE_FOR_S)
    await apart.server.start()
    back_at = len(said.statuses)
    await asyncio.sleep(5)
    is_back_from = len(said.statuses)
    await saying

    assert set(said.statuses) <= {201, 503}
    assert 503 in said.statuses[:back_at]
    assert set(said.statuses[is_back_from + 4 :]) == {201}
    assert said.slowest_s <= ANSWERED_WITHIN_S
    assert await cluster.settled() == [], f"SEED={seed}"


@pytest.mark.long
@pytest.mark.parametrize("seed", seeds())
async def test_f08_a_slow_server_makes_memory_grow_by_little(apart: Apart, seed: int):
    await apart.cluster.start()
    apart.proxy.delay_s = SLOWER_S
    await under_load(apart.cluster)
    apart.proxy.delay_s = 0

    assert await apart.cluster.settled() == [], f"SEED={seed}"


@pytest.mark.long
@pytest.mark.parametrize("seed", seeds())
async def test_f08_a_slow_file_makes_memory_grow_by_little(files: Cluster, seed: int):
    node = files.node("alpha")
    slowness = node.folder / "slowness"
    slowness.write_text("0")
    node.environment["COVEY_SLOW_QUERIES"] = str(slowness)
    await files.start()
    slowness.write_text(f"{SLOWER_S * 1000:.0f}")
    await under_load(files)
    slowness.write_text("0")

    assert await files.settled() == [], f"SEED={seed}"


async def under_load(cluster: Cluster) -> None:
    """Ask more of alpha than it can do, for a minute."""
    cluster.node("alpha").patience_s = SLOW_FOR_S
    said = await load(cluster, cluster.people["al"])
    pid = cluster.node("alpha").pid
    before = memory_mib(pid)
    await said.until(SLOW_FOR_S, at_once=AT_ONCE)

    assert memory_mib(pid) - before < GROWS_AT_MOST_MIB
    assert set(said.statuses) <= {0, 201, 503}


def memory_mib(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    (line,) = [one for one in status.splitlines() if one.startswith("VmRSS:")]
    return int(line.split()[1]) / 1024


@pytest.mark.parametrize("seed", seeds())
async def test_f09_a_file_that_another_process_has_locked(files: Cluster, seed: int):
    al, node = files.people["al"], files.node("alpha")
    await files.start()
    said = await load(files, al)
    await said.say("before")

    with closing(sqlite3.connect(node.folder / "covey.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        await said.until(LOCKED_FOR_S, at_once=8)
        other.execute("ROLLBACK")
    during = said.statuses[1:]
    assert await until(lambda: is_said(said), within_s=ANSWERED_WITHIN_S)

    assert set(during) <= {201, 503}
    assert 503 in during
    assert said.slowest_s <= ANSWERED_WITHIN_S
    assert await files.settled() == [], f"SEED={seed}"


async def is_said(said: Load) -> bool:
    return await said.say(f"after {len(said.statuses)}") == 201


async def test_f35_a_second_process_is_refused_where_the_database_is_a_file(files: Cluster):
    await files.start("alpha")
    twin = files.node("alpha")
    pid = twin.pid
    second = type(twin)(twin.name, twin.folder, twin.port, is_plain=True, database=twin.database)

    with pytest.raises(NodeDiedError, match="another process serves"):
        await second.start()

    assert twin.pid == pid
    assert (await files.people["al"].ask("GET", "/me"))[0] == 200


async def test_f35_two_processes_on_one_server_deliver_each_row_once(
    group: Group, engine: str, tmp_path: Path, measure: Measure
):
    if engine != "postgres":
        pytest.skip("a file has one process")
    async with crowd(group, tmp_path, ["one.crowd.test", "two.crowd.test"]) as town:
        names = ("one.crowd.test", "two.crowd.test")
        rows = [Owed(name, n, datetime.now(UTC), f"c{n % 5}") for name in names for n in range(300)]
        await town.owe(rows)
        (port,) = free_ports(1)
        twin = ProcessNode(
            town.node.name,
            town.node.folder,
            port,
            role="worker",
        )
        await asyncio.gather(town.node.start(), twin.start())
        try:

            async def is_all_there() -> bool:
                return len({(one.host, one.number) for one in town.inboxes.arrivals}) == 600

            assert await until(is_all_there, within_s=120)
        finally:
            await twin.kill()

        # Two owners would have sixteen under way, and no order.
        assert max(town.inboxes.most.values()) <= IN_FLIGHT_MOST
        measure("requests a row", len(town.inboxes.arrivals) / 600)
        for name in names:
            numbers = [one.number for one in town.inboxes.arrivals if one.host == name]
            firsts = list(dict.fromkeys(numbers))
            for conversation in range(5):
                ones = [number for number in firsts if number % 5 == conversation]
                assert ones == sorted(ones)
