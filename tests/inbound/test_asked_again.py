"""An entry whose repair was not kept is not forgotten: upkeep asks for what it waits for."""

from datetime import timedelta
from typing import Any

import pytest

from federation.inbound.repair import RepairWorker
from federation.pipeline.prepare import Tools
from federation.upkeep import waits
from storage import asks
from storage.asks import NewRepair
from storage.database import fetch, run, transaction
from tests.inbound.test_repair import AWAY, arrive, invite, waiting, work
from tests.support.home_town import NOW, SAM
from tests.support.origins import Origins

NOBODY = "https://nobody.test/u/n"
BUSY = "https://busy.test/u/b"


async def fill_share(cause: str) -> None:
    """Let a domain cause as many repairs as are kept, none of which is due soon."""
    later = NOW + timedelta(days=1)
    rows = [
        NewRepair(f"{cause} {n}", "actor", f"https://away.test/{n}", later, "away.test", cause)
        for n in range(asks.CAUSED_MAX)
    ]
    async with transaction():
        await asks.insert(rows)


async def asked_for() -> list[str]:
    rows = await fetch("SELECT kind, subject FROM repair WHERE asked <> 'away.test'")
    return sorted(f"{row['kind']}:{row['subject']}" for row in rows)


def hello(by: str, number: int = 0) -> dict[str, Any]:
    return {**invite(by), "id": f"{by}/a/{number}"}


async def test_what_found_no_room_is_asked_for_once_there_is_some(
    tools: Tools, repairs: RepairWorker, origins: Origins
):
    await fill_share("nobody.test")
    await arrive(hello(NOBODY))
    await work(tools, repairs)
    assert (await waiting(), await asked_for()) == ([f"actor:{NOBODY}"], [])

    await run("DELETE FROM repair WHERE cause = 'nobody.test'")
    await waits.ask_again(waits.START, tools, NOW)
    await work(tools, repairs)

    assert origins.met == [NOBODY]
    assert await waiting() == []


async def test_what_still_has_no_room_waits_for_the_next_round(tools: Tools, repairs: RepairWorker):
    await fill_share("nobody.test")
    await arrive(hello(NOBODY))
    await work(tools, repairs)

    await waits.ask_again(waits.START, tools, NOW)

    assert (await waiting(), await asked_for()) == ([f"actor:{NOBODY}"], [])


async def test_rounds_are_bounded_and_go_on_where_the_last_one_ended(
    tools: Tools, repairs: RepairWorker, origins: Origins, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(waits, "A_ROUND", 2)
    origins.away = True
    people = [f"https://many.test/u/{number}" for number in range(5)]
    for number, person in enumerate(people):
        await arrive(hello(person), f"{number:02}")
    await work(tools, repairs)
    await run("DELETE FROM repair")

    found, after = [], waits.START
    for _ in range(3):
        after = await waits.ask_again(after, tools, NOW)
        found.append(len(await asked_for()))

    assert found == [2, 4, 5]
    assert after == waits.START
    assert await asked_for() == [f"actor:{person}" for person in people]


async def test_of_two_who_wait_for_the_same_the_one_with_room_asks(
    tools: Tools, repairs: RepairWorker, origins: Origins
):
    await fill_share("busy.test")
    origins.away = True
    for number, by in enumerate((BUSY, NOBODY)):
        await arrive(hello(by, number), f"{number:02}")
    await work(tools, repairs)
    await run("DELETE FROM repair WHERE asked <> 'away.test'")
    await run("UPDATE inbox_entry SET state = 'waiting', waits_for = 'actor:https://x.test/u/x'")

    await waits.ask_again(waits.START, tools, NOW)

    (row,) = await fetch("SELECT subject, asked, cause FROM repair WHERE asked <> 'away.test'")
    assert row["subject"] == "https://x.test/u/x"
    assert (row["asked"], row["cause"]) == ("x.test", "nobody.test")


async def test_what_comes_by_itself_is_not_asked_for(tools: Tools):
    await arrive(hello(NOBODY))
    await run("UPDATE inbox_entry SET state = 'waiting', waits_for = 'message:https://x.test/n/1'")

    await waits.ask_again(waits.START, tools, NOW)

    assert await asked_for() == []


async def test_a_group_that_was_given_up_after_an_hour_is_not_looked_for_again(
    tools: Tools, repairs: RepairWorker, origins: Origins
):
    origins.away = True
    await arrive(invite(SAM))
    await work(tools, repairs)
    await work(tools, repairs, NOW + timedelta(hours=2))

    await run("DELETE FROM repair")
    await waits.ask_again(waits.START, tools, NOW + timedelta(hours=2))
    assert await asked_for() == []

    await waits.ask_again(waits.START, tools, NOW + timedelta(minutes=50))
    assert await asked_for() == [f"conversation:{AWAY}"]
