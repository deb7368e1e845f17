"""A disk that is full is said to be full, nothing is half written, and work goes on by itself."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
import pytest_asyncio

from tests.faults.cluster import Cluster, Group, make_cluster
from tests.faults.database_server import new_server
from tests.faults.disk import fill, free, small_disk
from tests.faults.scenarios import seeds
from tests.support.checker import Sent
from tests.support.gate import Exchange, Gate, parse_head, posted
from tests.support.person import Person
from tests.support.process_node import until

BETA = "beta.test"
BACK_WITHIN_S = 30.0
RETRY_AFTER_MOST_S = 300
FULL_FOR_S = 10
# Room for the files of a node, and for a cluster of PostgreSQL.
MEBIBYTES = {"sqlite": 24, "postgres": 160}


@dataclass(frozen=True, slots=True)
class Cramped:
    """A cluster in which the database of beta lies on a small disk."""

    cluster: Cluster
    disk: Path


@pytest_asyncio.fixture
async def cramped(
    engine: str, group: Group, tmp_path: Path, everybodys: Path
) -> AsyncIterator[Cramped]:
    with small_disk(everybodys / "disk", MEBIBYTES[engine]) as disk:
        async with AsyncExitStack() as stack:
            if engine == "sqlite":
                made = await make_cluster(group, tmp_path / "nodes", folders={BETA: disk})
            else:
                server = new_server(disk, everybodys / "log")
                await server.make()
                stack.push_async_callback(server.stop)
                databases = {BETA: await server.take(group.urls[BETA])}
                made = await make_cluster(group, tmp_path / "nodes", databases=databases)
            stack.push_async_callback(made.close)
            yield Cramped(made, disk)


def answers_to(cluster: Cluster, kind: str, host: str) -> list[Exchange]:
    """What a host was sent of one type, with its answers."""
    return [one for one in cluster.wire.tape if posted(kind, to=host)(one)]


@pytest.mark.parametrize("seed", seeds())
async def test_f05_a_full_disk_is_said_and_lasts_no_longer_than_it_is_full(
    cramped: Cramped, seed: int
):
    cluster, disk = cramped.cluster, cramped.disk
    al, bo = cluster.people["al"], cluster.people["bo"]
    await cluster.start()
    assert await cluster.history.say(bo, "while there is room")
    pid = cluster.node("beta").pid

    fill(disk)
    assert await until(partial(is_refused, bo, cluster), within_s=BACK_WITHIN_S), "it is not full"
    cluster.wire.tape.clear()
    assert await until(partial(is_not_taken, al, cluster), within_s=BACK_WITHIN_S)
    statuses = [one.status for one in answers_to(cluster, "Create", BETA)]
    assert set(statuses) <= {0, 202, 503}
    headers = headers_of(next(one for one in answers_to(cluster, "Create", BETA) if is_busy(one)))
    assert 60 <= int(headers["retry-after"]) <= RETRY_AFTER_MOST_S
    assert "while there is room" in await bo.texts(cluster.room)
    assert (await bo.ask("GET", "/me"))[0] == 200

    free(disk)

    async def may_speak() -> bool:
        return await cluster.history.say(bo, f"room again {len(cluster.history.sends)}")

    assert await until(may_speak, within_s=BACK_WITHIN_S)
    assert cluster.node("beta").pid == pid
    cluster.time.advance(seconds=RETRY_AFTER_MOST_S)
    assert await cluster.settled() == [], f"SEED={seed}"


async def is_refused(person: Person, cluster: Cluster) -> bool:
    """Whether the node says that it can take no more; it may have had some room inside."""
    text = f"does it fit? {len(cluster.history.sends)} {'x' * 4000}"
    path = f"/conversations/{(await person.see(cluster.room))['id']}/messages"
    status, _ = await person.ask("POST", path, {"text": text}, key=text[:200])
    assert status in {200, 201, 202, 503, 507}, status
    is_full = status in {503, 507}
    cluster.history.sends.append(Sent(person.acct, text, not is_full))
    return is_full


async def is_not_taken(person: Person, cluster: Cluster) -> bool:
    """Whether beta refuses what it is sent; there may be room in what it has."""
    number = len(cluster.history.sends)
    await cluster.history.say(person, f"to a full disk {number} {'x' * 4000}")
    # It may have been too slow before, and then nobody asks it for a while.
    cluster.time.advance(seconds=15)
    return any(is_busy(one) for one in answers_to(cluster, "Create", BETA))


def is_busy(one: Exchange) -> bool:
    return one.status == 503


def headers_of(one: Exchange) -> dict[str, str]:
    """The headers of an answer."""
    return parse_head(one.answer.partition(b"\r\n\r\n")[0])[1]


@pytest.mark.parametrize("seed", seeds())
async def test_f06_what_was_sent_while_the_disk_was_full_is_shown_once(cramped: Cramped, seed: int):
    cluster, disk = cramped.cluster, cramped.disk
    bo = cluster.people["bo"]
    await cluster.start()
    assert await cluster.history.say(bo, "while there is room")
    is_full = False

    async def taken_while_full(gate: Gate, exchange: Exchange) -> bytes:
        nonlocal is_full
        answer = await gate.pass_on(exchange)
        if not is_full:
            is_full = True
            fill(disk)
        return answer

    cluster.wire.fates.append((posted("Create", to="gamma.test", by=BETA), taken_while_full))
    cluster.wire.tape.clear()
    await cluster.history.say(bo, "sent before it was full")

    async def has_begun() -> bool:
        return is_full

    assert await until(has_begun, within_s=BACK_WITHIN_S)
    await asyncio.sleep(FULL_FOR_S)
    sent = answers_to(cluster, "Create", "gamma.test")
    free(disk)

    assert 1 <= len(sent) <= FULL_FOR_S + 2
    assert await cluster.settled() == [], f"SEED={seed}"
