"""Any process of a node may be killed or hang: nothing is lost, and nothing is shown twice."""

import asyncio

import pytest

from tests.faults.scenarios import seeds
from tests.roles.conftest import NEEDS_SERVER, QUIET_WITHIN_S, Several, settled
from tests.support.checker import History
from tests.support.network import new_postgres
from tests.support.process_node import ProcessNode, until
from tests.support.shuffle import shuffled

pytestmark = NEEDS_SERVER


@pytest.mark.parametrize("seed", seeds(1))
async def test_any_process_may_be_killed_at_any_moment(several: Several, seed: int):
    history = History(several.room)
    await several.start()
    victims = [several.processes[one] for one in shuffled(4, seed)]

    for kill, victim in enumerate(victims):
        talking = asyncio.create_task(talk(history, several, f"round {kill}"))
        moment = 12 * kill + shuffled(8, seed + kill)[0]

        async def has_come(moment: int = moment) -> bool:
            return len(history.sends) >= moment

        await until(has_come, within_s=QUIET_WITHIN_S)
        await victim.kill()
        await talking
        await several.end_leases()
        await victim.start()
    assert await history.say(several.bo, "bo is back")

    assert await settled(history, several) == [], f"SEED={seed}"


async def talk(history: History, several: Several, prefix: str) -> None:
    """All say four things, whether anybody answers or not."""
    for number in range(4):
        for person in (*several.al_at, several.bo):
            where = f"{person.name} {number} at {person.node.port}"
            await history.say(person, f"{prefix}: {where}")


async def test_what_a_hanging_worker_has_in_hand_is_done_by_another(several: Several):
    (web, _), (hanging, other), beta = several.webs, several.workers, several.beta
    history = History(several.room)
    await asyncio.gather(web.start(), hanging.start(), beta.start())
    beta.pause()
    assert await history.say(several.al_at[0], "who brings this?")

    async def is_begun() -> bool:
        return bool(await several.rows("SELECT 1 FROM delivery WHERE state = 'sending'"))

    assert await until(is_begun, within_s=QUIET_WITHIN_S)
    hanging.pause()
    beta.go_on()
    await other.start()
    await several.end_leases()

    async def is_done() -> bool:
        return bool(await several.rows("SELECT 1 FROM delivery WHERE state = 'delivered'"))

    assert await until(is_done, within_s=QUIET_WITHIN_S)
    hanging.go_on()
    await several.webs[1].start()
    assert await history.say(several.bo, "you both")

    assert await settled(history, several) == []
    states = await several.rows("SELECT state FROM delivery WHERE message_id <> ''")
    assert {row["state"] for row in states} == {"delivered"}


async def test_a_web_process_is_not_ready_without_a_worker(several: Several):
    web, worker = several.webs[0], several.workers[0]
    await asyncio.gather(web.start(), several.beta.start())
    before = await ready(web)

    await worker.start()

    assert before == (503, "workers\n")
    assert await until(lambda: is_ready(web), within_s=QUIET_WITHIN_S)
    assert await plain(worker, "/readyz") == "HTTP/1.1 200 OK"
    assert await plain(worker, "/livez") == "HTTP/1.1 200 OK"
    assert await plain(worker, "/actor") == "HTTP/1.1 421 Misdirected Request"
    await worker.kill()
    await several.rows("UPDATE setting SET value = '1' WHERE key = 'workers'")
    assert await ready(web) == (503, "workers\n")


async def ready(web: ProcessNode) -> tuple[int, str]:
    return await web.call("GET", "/readyz", headers={})


async def is_ready(web: ProcessNode) -> bool:
    return (await ready(web))[0] == 200


async def plain(worker: ProcessNode, path: str) -> str:
    """How a worker answers in plain HTTP: the first line."""
    reader, writer = await asyncio.open_connection("127.0.0.1", worker.port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
    try:
        return (await reader.readline()).decode().strip()
    finally:
        writer.close()


async def test_processes_may_all_start_at_once_on_an_empty_database(several: Several):
    empty = await new_postgres()
    for one in (*several.webs, *several.workers):
        one.environment = {**one.environment, "COVEY__DATABASE__URL": empty}

    await several.start()

    assert await until(lambda: is_ready(several.webs[0]), within_s=QUIET_WITHIN_S)
    assert (await several.webs[1].call("GET", "/actor", headers={}))[0] == 200
