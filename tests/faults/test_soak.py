"""For minutes or a day three nodes talk while something breaks every minute: `SOAK_MINUTES=`."""

import asyncio
import os
from random import Random

import pytest

from tests.faults.cluster import Cluster
from tests.faults.conftest import Measure
from tests.faults.scenarios import seeds
from tests.faults.test_database import memory_mib
from tests.support.gate import Exchange, Gate, posted

MINUTES = float(os.environ.get("SOAK_MINUTES") or "2")
# A soak wants ten a second over all; a reader that compares them is the slower part.
SAYS_EVERY_S = 1.0
BREAKS_EVERY_S = 20.0
DESCRIPTORS_MOST = 200
WAL_MOST_BYTES = 64 << 20


async def kill(cluster: Cluster, chance: Random) -> None:
    node = cluster.node(chance.choice(("alpha", "beta", "gamma")))
    await node.kill()
    await asyncio.sleep(chance.uniform(0, 5))
    await node.start()


async def stop(cluster: Cluster, chance: Random) -> None:
    node = cluster.node(chance.choice(("alpha", "beta", "gamma")))
    await node.terminate()
    await node.start()


async def cut(cluster: Cluster, chance: Random) -> None:
    name = chance.choice(list(cluster.nodes))
    cluster.wire.cut.add(name)
    await asyncio.sleep(chance.uniform(1, 8))
    cluster.wire.cut.discard(name)


async def lose(cluster: Cluster, chance: Random) -> None:
    async def lossy(gate: Gate, exchange: Exchange) -> bytes:
        if chance.random() < 0.1:
            raise ConnectionResetError
        return await gate.pass_on(exchange)

    with cluster.wire.fate(posted(), lossy):
        await asyncio.sleep(chance.uniform(1, 8))


async def repeat(cluster: Cluster, chance: Random) -> None:
    async def twice(gate: Gate, exchange: Exchange) -> bytes:
        await gate.pass_on(exchange)
        return await gate.pass_on(exchange)

    with cluster.wire.fate(posted(), twice):
        await asyncio.sleep(chance.uniform(1, 8))


NEMESES = (kill, stop, cut, lose, repeat)


@pytest.mark.long
@pytest.mark.parametrize("seed", seeds())
async def test_f47_something_breaks_every_minute(cluster: Cluster, measure: Measure, seed: int):
    chance, loop = Random(seed), asyncio.get_running_loop()
    await cluster.start()
    ends_at = loop.time() + 60 * MINUTES
    talking = asyncio.create_task(talk(cluster, ends_at))
    first = memory_mib(cluster.node("alpha").pid)
    while loop.time() < ends_at:
        await chance.choice(NEMESES)(cluster, chance)
        await asyncio.sleep(min(BREAKS_EVERY_S, max(0.0, ends_at - loop.time())))
    await talking

    assert await cluster.settled(120) == [], f"SEED={seed}"
    measure("messages", len(cluster.history.sends))
    for node in cluster.nodes.values():
        assert node.descriptors() <= DESCRIPTORS_MOST
        wal = node.folder / "covey.db-wal"
        assert not wal.exists() or wal.stat().st_size <= WAL_MOST_BYTES
    measure("MiB of alpha at first", first)
    measure("MiB of alpha at last", memory_mib(cluster.node("alpha").pid))


async def talk(cluster: Cluster, ends_at: float) -> None:
    """Each in turn says something, whether anybody answers or not."""
    loop, number = asyncio.get_running_loop(), 0
    while loop.time() < ends_at:
        number += 1
        person = cluster.members[number % 3]
        await cluster.history.say(person, f"{person.name} {number}")
        await asyncio.sleep(SAYS_EVERY_S)
