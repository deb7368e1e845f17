"""Clocks that are wrong or jump: no stamp runs away, no order changes, nothing waits for ever."""

from datetime import timedelta

import pytest

from storage.times import from_ms
from tests.faults.scenarios import seeds
from tests.faults.test_groups import trio
from tests.network.stories import sent
from tests.support.checker import History
from tests.support.network import Network

MINUTE = timedelta(minutes=1)
AFTER_WITHIN = timedelta(minutes=15)
# A leap second, the hour that daylight saving takes or gives (a clock in UTC knows nothing of it).
SMALL = [timedelta(seconds=1), timedelta(seconds=-1), timedelta()]


async def waits(network: Network, length: timedelta) -> None:
    for _ in range(length // MINUTE):
        network.advance(minutes=1)
        await network.settle()


@pytest.mark.parametrize("ahead", [timedelta(hours=2), timedelta(hours=-2)], ids=["+2h", "-2h"])
@pytest.mark.parametrize("wrong", ["alpha.test", "gamma.test"], ids=["ours", "theirs"])
@pytest.mark.parametrize("seed", seeds())
async def test_f22_a_clock_is_two_hours_wrong(
    network: Network, wrong: str, ahead: timedelta, seed: int
):
    people, room = await trio(network)
    history = History(room)
    network.set_clock(wrong, ahead)
    for person in people:
        assert await history.say(person, f"{person.name}, while a clock is wrong")
        await network.settle()
        network.advance(seconds=10)
    network.set_clock(wrong, timedelta())
    # What comes from the future waits until then, everything else a quarter of an hour at most.
    await waits(network, AFTER_WITHIN)
    await waits(network, timedelta(hours=2) if ahead > timedelta() else timedelta())
    for person in people:
        assert await history.say(person, f"{person.name}, afterwards")
        await network.settle()
    await waits(network, 2 * MINUTE)

    assert await history.faults(people) == []


@pytest.mark.parametrize("step", [*SMALL, timedelta(hours=-1), timedelta(hours=1)], ids=str)
@pytest.mark.parametrize("seed", seeds())
async def test_f22_a_clock_steps(network: Network, step: timedelta, seed: int):
    (al, bo, gi), room = await trio(network)
    alpha, history = network.nodes["alpha.test"], History(room)
    assert await history.say(al, "before")
    await network.settle()
    network.cut("gamma.test")
    assert await history.say(al, "waits for gamma")
    await network.settle()
    network.tape.clear()

    network.set_clock("alpha.test", step)
    await alpha.look_at_clock()
    (lane,) = await alpha.rows("SELECT due_at FROM peer WHERE host = 'gamma.test'")
    wait = from_ms(lane["due_at"]) - alpha.clock.now()
    assert timedelta() <= wait <= 12 * timedelta(seconds=1)
    await network.settle()
    assert sent(network.tape, to="gamma.test") == []
    network.heal("gamma.test")
    assert await history.say(al, "after")
    stamps = [one["published"] for one in await al.messages(room)]
    assert stamps == sorted(stamps)
    network.set_clock("alpha.test", timedelta())
    await alpha.look_at_clock()
    await waits(network, AFTER_WITHIN + max(step, timedelta()))

    assert await history.faults([al, bo, gi]) == []
