"""A process that is killed at any point loses nothing it acknowledged and shows nothing twice."""

import asyncio
from random import Random

import pytest

from tests.faults.cluster import KILLED, QUIET_WITHIN_S, Cluster
from tests.faults.scenarios import seeds
from tests.support.process_node import ProcessNode

RECEIVING = ("inside-group-commit", "after-accept-before-commit", "after-commit-before-answer")
SENDING = ("after-send-before-settle", "mid-fan-out")
KILLS = 3


async def must_die(node: ProcessNode) -> None:
    """Wait until the failpoint has killed the process."""
    async with asyncio.timeout(QUIET_WITHIN_S):
        assert await node.ended() == KILLED


@pytest.mark.parametrize("seed", seeds())
async def test_f01_nodes_killed_at_any_moment_lose_nothing(cluster: Cluster, seed: int):
    chance = Random(seed)
    await cluster.start()

    for kill in range(KILLS):
        victim = cluster.node(chance.choice(("alpha", "beta", "gamma")))
        talking = asyncio.create_task(cluster.say_all(f"round {kill}", 6))
        await asyncio.sleep(chance.uniform(0, 0.4))
        await victim.kill()
        await talking
        await victim.start()

    assert await cluster.settled() == [], f"SEED={seed}"
    # One kill, one repetition of what was under way then.
    assert max(cluster.deliveries("gamma.test").values()) <= 1 + KILLS


@pytest.mark.parametrize("failpoint", SENDING)
async def test_f01_a_sender_killed_while_it_sends_repeats_nothing(cluster: Cluster, failpoint: str):
    await cluster.start("beta", "gamma")
    await cluster.node("alpha").start(failpoint=failpoint)
    al = cluster.people["al"]

    await cluster.say_all("before", 3, [al])
    await must_die(cluster.node("alpha"))
    await cluster.node("alpha").start()

    assert await cluster.settled() == []
    for host in ("beta.test", "gamma.test"):
        assert max(cluster.deliveries(host).values()) <= 2


@pytest.mark.parametrize("failpoint", RECEIVING)
async def test_f02_a_receiver_killed_while_it_accepts_is_told_again(
    cluster: Cluster, failpoint: str
):
    await cluster.start("alpha", "gamma")
    await cluster.node("beta").start(failpoint=failpoint)
    al = cluster.people["al"]

    for number in range(3):
        assert await cluster.history.say(al, f"before {number}")
    await must_die(cluster.node("beta"))
    await cluster.node("beta").start()

    assert await cluster.settled() == []
