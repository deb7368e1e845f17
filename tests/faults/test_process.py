"""A process that is stopped, loses its power, is granted little, or stands still."""

import asyncio
import os
import re
import resource
import shutil
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
import pytest_asyncio

from tests.faults.cluster import KILLED, Cluster, Group, make_cluster
from tests.faults.conftest import Measure
from tests.faults.crowd import Crowd, Owed, crowd
from tests.faults.disk import image
from tests.faults.scenarios import seeds
from tests.support.mold import STORAGE
from tests.support.process_node import NodeDiedError, until

QUEUED = 10_000
ENDS_WITHIN_S = 10.0
DESCRIPTORS = 256
MEMORY_BYTES = 512 << 20
STANDS_FOR_S = 5
SECOND = timedelta(seconds=1)


def now() -> datetime:
    return datetime.now(UTC)


@pytest.mark.parametrize("how", ["SIGTERM", "SIGTERM, then SIGKILL"])
@pytest.mark.parametrize("seed", seeds())
async def test_f03_a_node_is_stopped_with_ten_thousand_rows(
    group: Group, tmp_path: Path, how: str, seed: int
):
    async with crowd(group, tmp_path, ["slow.crowd.test"]) as town:
        town.inboxes.slow_s["slow.crowd.test"] = 0.05
        rows = [Owed("slow.crowd.test", n, now(), f"c{n % 20}") for n in range(QUEUED)]
        await town.owe(rows)
        await town.node.start()

        async def has_begun() -> bool:
            return len(town.inboxes.arrivals) >= 20

        assert await until(has_begun, within_s=60)
        if how == "SIGTERM":
            async with asyncio.timeout(ENDS_WITHIN_S):
                assert await town.node.terminate() == 0
        else:
            stopping = asyncio.create_task(town.node.terminate())
            await asyncio.sleep(0.5)
            await town.node.kill()
            await stopping
        left = await count(town, "state IN ('pending', 'sending')")
        gone = await count(town, "state = 'delivered'")
        sent = {one.number for one in town.inboxes.arrivals}
        await town.node.start()

        assert left + gone == QUEUED
        assert gone <= len(sent)

        async def goes_on() -> bool:
            return await count(town, "state = 'delivered'") > gone

        assert await until(goes_on, within_s=60)


async def count(town: Crowd, where: str) -> int:
    # The condition is one of those above.
    rows = await town.node.rows(
        f"SELECT count(*) AS number FROM delivery WHERE host = 'slow.crowd.test' AND {where}"  # noqa: S608
    )
    return int(rows[0]["number"])


@pytest_asyncio.fixture
async def powered(sqlite_group: Group, tmp_path: Path) -> AsyncIterator[Cluster]:
    """A cluster in which alpha lies on a disk that can lose its power."""
    with image(tmp_path / "disk.img", tmp_path / "disk") as disk:
        made = await make_cluster(sqlite_group, tmp_path / "nodes", folders={"alpha.test": disk})
        # The copies of the test itself.
        os.sync()
        yield made
        await made.close()


@pytest.mark.parametrize("seed", seeds())
async def test_f04_power_fails(powered: Cluster, tmp_path: Path, seed: int):
    chance = Random(seed)
    await powered.start()
    talking = asyncio.create_task(powered.say_all("before", 8))
    await asyncio.sleep(chance.uniform(0.2, 1.0))
    # Nothing more leaves it, and what the disk holds at this moment is all that is left.
    os.kill(powered.node("alpha").pid, signal.SIGSTOP)
    told = len(powered.history.sends)
    await asyncio.to_thread(shutil.copyfile, tmp_path / "disk.img", tmp_path / "then.img")
    await powered.node("alpha").kill()
    await talking

    with image(tmp_path / "then.img", tmp_path / "then") as disk:
        await asyncio.to_thread(put_back, disk / "alpha.test", powered.node("alpha").folder)
    await powered.node("alpha").start()
    held = set(await powered.people["al"].texts(powered.room))
    acknowledged = [one.text for one in powered.history.sends[:told] if one.is_ok]

    assert [text for text in acknowledged if text.split(": ")[1].startswith("al ")] == [
        text for text in acknowledged if text.split(": ")[1].startswith("al ") and text in held
    ]
    lost = [one for one in powered.history.sends[told:] if one.author.startswith("al@")]
    powered.history.sends = [one for one in powered.history.sends if one not in lost]
    assert [fault for fault in await powered.settled() if "nobody said" not in fault] == []


def put_back(source: Path, to: Path) -> None:
    for old in to.glob("covey.db*"):
        old.unlink()
    for file in source.glob("covey.db*"):
        shutil.copy(file, to)


@pytest.mark.parametrize(("synchronous", "starts"), [("OFF", False), ("NORMAL", True)])
async def test_f04_a_file_that_would_lose_commits(
    files: Cluster, synchronous: str, *, starts: bool
):
    node = files.node("alpha")
    set_synchronous(Path(node.config), synchronous)

    if starts:
        await node.start()
        assert any("synchronous" in line for line in node.said)
    else:
        with pytest.raises(NodeDiedError, match="synchronous=OFF loses committed rows"):
            await node.start()


def set_synchronous(config: Path, value: str) -> None:
    text = config.read_text()
    config.write_text(
        re.sub(r"covey\.db(\?synchronous=\w+)?", f"covey.db?synchronous={value}", text)
    )


@pytest.mark.parametrize("seed", seeds())
async def test_f36_the_event_loop_stands_still(cluster: Cluster, measure: Measure, seed: int):
    beta, bo = cluster.node("beta"), cluster.people["bo"]
    await cluster.start("alpha", "gamma")
    await beta.start(failpoint="after-commit-before-answer=block")
    beta.patience_s = 30
    said = asyncio.create_task(cluster.history.say(bo, "and then it stands"))
    await asyncio.sleep(1)
    others = asyncio.create_task(bo.ask("GET", "/me"))

    assert await said
    assert (await others)[0] == 200
    assert any("event loop" in line for line in beta.said), beta.said
    assert await cluster.settled() == []


@pytest.mark.parametrize("seed", seeds())
async def test_f38_two_hundred_and_fifty_six_descriptors(
    group: Group, tmp_path: Path, measure: Measure, seed: int
):
    async with crowd(group, tmp_path, []) as town, AsyncExitStack() as stack:
        town.node.limits = {resource.RLIMIT_NOFILE: DESCRIPTORS}
        await town.node.start()
        answered = 0
        for number in range(400):
            one = stack.enter_context(closing(socket.socket()))
            one.bind((f"127.9.{number // 50}.1", 0))
            one.settimeout(0.5)
            with suppress(OSError):
                one.connect(("127.0.0.1", town.node.port))
                one.sendall(b"GET /livez HTTP/1.1\r\nHost: alpha.test\r\n")
                answered += 1
        measure("descriptors", town.node.descriptors())
        assert town.node.descriptors() <= DESCRIPTORS
        await stack.aclose()

        async def answers() -> bool:
            try:
                return (await town.al.ask("GET", "/me"))[0] == 200
            except OSError:
                return False

        assert await until(answers, within_s=60)
        status, _ = await town.node.call("GET", "/readyz", headers={})
        assert status == 200


@pytest.mark.long
@pytest.mark.parametrize("seed", seeds())
async def test_f37_half_a_gibibyte_of_memory(
    group: Group, tmp_path: Path, measure: Measure, seed: int
):
    async with crowd(group, tmp_path, ["back.crowd.test"]) as town:
        town.node.limits = {resource.RLIMIT_AS: MEMORY_BYTES}
        await town.owe([Owed("back.crowd.test", n, now(), f"c{n % 20}") for n in range(QUEUED)])
        await town.node.start()
        pid = town.node.pid
        ends_at = now() + 20 * SECOND
        statuses = await asyncio.gather(*(garbage(town, n, ends_at) for n in range(60)))

        counts: dict[int, int] = {}
        for one in statuses:
            for status, number in one.items():
                counts[status] = counts.get(status, 0) + number
        measure("requests a second", sum(counts.values()) / 20)
        measure("MiB", town.memory_mib())
        assert town.node.pid == pid
        assert set(counts) <= {0, 400, 401, 429, 503}

        async def answers() -> bool:
            try:
                return (await town.al.ask("GET", "/me"))[0] == 200
            except OSError:
                return False

        assert await until(answers, within_s=60)


async def garbage(town: Crowd, number: int, ends_at: datetime) -> dict[int, int]:
    """Post nonsense until a moment; how often there was which status, 0 for none."""
    body = b"{" * 2000
    request = (
        b"POST /inbox HTTP/1.1\r\nHost: alpha.test\r\nContent-Type: application/activity+json\r\n"
        b"Content-Length: %d\r\n\r\n" % len(body)
    ) + body
    counts: dict[int, int] = {}
    while now() < ends_at:
        status = 0
        with suppress(OSError, asyncio.IncompleteReadError, ValueError, IndexError):
            reader, writer = await asyncio.open_connection(
                "127.0.0.1", town.node.port, local_addr=(f"127.8.{number}.1", 0)
            )
            writer.write(request)
            head = await reader.readline()
            status = int(head.split()[1])
            writer.close()
        counts[status] = counts.get(status, 0) + 1
        if not status:
            await asyncio.sleep(0.05)
    return counts


RELEASE = STORAGE.parent / "tests" / "storage" / "releases" / "0.1.0.sqlite3.sql"
POINTS = 10


@pytest.mark.parametrize(
    "point", [0, *(pytest.param(n, marks=pytest.mark.long) for n in range(1, POINTS))]
)
async def test_f39_a_migration_is_killed(files: Cluster, point: int):
    node = files.node("alpha")
    (node.folder / "covey.db").unlink()
    starting = asyncio.create_task(node.start())

    async def is_there() -> bool:
        return (node.folder / "covey.db-wal").exists()

    assert await until(is_there, within_s=30)
    await asyncio.sleep(0.04 * point)
    await node.kill()
    with suppress(NodeDiedError):
        await starting

    await node.start()
    names = await node.rows("SELECT name FROM tortoise_migrations WHERE app = 'models'")
    assert len(names) == len(list((STORAGE / "migrations").glob("0*.py")))


async def test_f39_a_node_dies_before_the_commit_of_its_migration(files: Cluster):
    node = files.node("alpha")
    (node.folder / "covey.db").unlink()

    with pytest.raises(NodeDiedError):
        await node.start(failpoint="mid-migration")
    assert await node.ended() == KILLED
    assert await node.rows("SELECT name FROM sqlite_master WHERE name = 'message'") == []
    await node.start()


async def test_f39_an_older_program_refuses_a_newer_schema(cluster: Cluster):
    node = cluster.node("alpha")
    await node.change(
        "INSERT INTO tortoise_migrations (app, name, applied_at) "
        "SELECT app, '9999_from_the_future', max(applied_at) FROM tortoise_migrations GROUP BY app"
    )

    with pytest.raises(NodeDiedError, match="a newer release"):
        await node.start()
