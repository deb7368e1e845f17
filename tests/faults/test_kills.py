"""A process that is killed at any point loses nothing it acknowledged and shows nothing twice."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from tests.faults.conftest import Pair, seeds
from tests.support.checker import History
from tests.support.process_node import ProcessNode, until
from tests.support.shuffle import shuffled

pytestmark = pytest.mark.faults

# The second step of the back-off is 30 s.
QUIET_WITHIN_S = 40.0
KILLED = 137
RECEIVING = ("after-accept-before-commit", "after-commit-before-answer")
SENDING = ("after-send-before-settle", "mid-fan-out")


async def settled(history: History, pair: Pair) -> list[str]:
    """Wait until both see the same; what is wrong then."""

    async def is_quiet() -> bool:
        return await history.is_quiet((pair.al, pair.bo))

    await until(is_quiet, within_s=QUIET_WITHIN_S)
    return await history.faults((pair.al, pair.bo))


async def must_die(node: ProcessNode) -> None:
    """Wait until the failpoint has killed the process."""
    async with asyncio.timeout(QUIET_WITHIN_S):
        assert await node.ended() == KILLED


@pytest.mark.parametrize("failpoint", RECEIVING)
async def test_a_receiver_killed_while_it_accepts_loses_nothing(pair: Pair, failpoint: str):
    history = History(pair.room)
    await pair.alpha.start()
    await pair.beta.start(failpoint=failpoint)

    for number in range(3):
        assert await history.say(pair.al, f"before {number}")
    await must_die(pair.beta)
    await pair.beta.start()
    # A request from beta makes alpha's lane due; it need not sit out its back-off.
    assert await history.say(pair.bo, "back again")

    assert await settled(history, pair) == []


@pytest.mark.parametrize("failpoint", SENDING)
async def test_a_sender_killed_while_it_sends_repeats_nothing(pair: Pair, failpoint: str):
    history = History(pair.room)
    await pair.beta.start()
    await pair.alpha.start(failpoint=failpoint)

    for number in range(3):
        await history.say(pair.al, f"message {number}")
    await must_die(pair.alpha)
    await pair.alpha.start()
    assert await history.say(pair.al, "back again")

    assert await settled(history, pair) == []
    assert any(one.is_ok for one in history.sends)


@pytest.mark.parametrize("seed", seeds(1))
async def test_nodes_killed_at_any_moment_lose_nothing(pair: Pair, seed: int):
    history = History(pair.room)
    await asyncio.gather(pair.alpha.start(), pair.beta.start())

    for kill, moment in enumerate(shuffled(20, seed)[:2]):
        victim = (pair.alpha, pair.beta)[(seed + kill) % 2]
        talking = asyncio.create_task(talk(history, pair, f"round {kill}"))
        await until(has_heard(history, 24 * kill + moment), within_s=QUIET_WITHIN_S)
        await victim.kill()
        await talking
        await victim.start()
    for person in (pair.al, pair.bo):
        assert await history.say(person, f"{person.name} is back")

    assert await settled(history, pair) == [], f"SEED={seed}"


async def talk(history: History, pair: Pair, prefix: str) -> None:
    """Both say a dozen things, whether anybody answers or not."""
    for number in range(12):
        for person in (pair.al, pair.bo):
            await history.say(person, f"{prefix}: {person.name} {number}")


def has_heard(history: History, count: int) -> Callable[[], Awaitable[bool]]:
    """Whether so many sends have been answered or have failed."""

    async def look() -> bool:
        return len(history.sends) >= count

    return look
