import asyncio

import pytest

from federation.remote.flight import SingleFlight, Slots


async def test_those_who_wait_take_over_when_the_first_is_cancelled():
    flights: SingleFlight[int] = SingleFlight()
    started, never = asyncio.Event(), asyncio.Event()
    runs: list[int] = []

    async def work() -> int:
        runs.append(len(runs))
        if len(runs) == 1:
            started.set()
            await never.wait()
        await asyncio.sleep(0)
        return len(runs)

    first = asyncio.create_task(flights.run("a", work))
    await started.wait()
    others = [asyncio.create_task(flights.run("a", work)) for _ in range(3)]
    await asyncio.sleep(0)
    first.cancel()

    assert await asyncio.gather(*others) == [2, 2, 2]
    with pytest.raises(asyncio.CancelledError):
        await first


async def test_a_failure_is_the_failure_of_the_one_who_worked():
    flights: SingleFlight[int] = SingleFlight()

    async def fails() -> int:
        raise OSError("no")

    async def works() -> int:
        return 1

    with pytest.raises(OSError, match="no"):
        await flights.run("a", fails)
    assert await flights.run("a", works) == 1


async def test_one_who_stops_waiting_stops_nobody_else():
    flights: SingleFlight[int] = SingleFlight()
    go = asyncio.Event()

    async def work() -> int:
        await go.wait()
        return 7

    first = asyncio.create_task(flights.run("a", work))
    waiter = asyncio.create_task(flights.run("a", work))
    await asyncio.sleep(0)
    waiter.cancel()
    await asyncio.sleep(0)
    go.set()

    assert await first == 7


async def test_slots_are_counted_per_host_and_in_all():
    slots = Slots(per_host=2, in_all=3)

    async with slots.taken("a") as one, slots.taken("a") as two, slots.taken("a") as three:
        assert (one, two, three) == (True, True, False)
        async with slots.taken("b") as four, slots.taken("c") as five:
            assert (four, five) == (True, False)
    async with slots.taken("a") as again:
        assert again
