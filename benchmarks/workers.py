"""Prints what a delivery costs two worker processes, compared with what it costs one.

Run with `python -m benchmarks.workers`; a PostgreSQL server of its own is started if none is named
by COVEY_TEST_POSTGRES. The workers are `covey serve --role worker`. Each round owes a number of
messages to 64 hosts, once while one worker runs and once while two do: all at once, and as people
write them, four a second. The
receivers are one other process, which counts what came twice. CPU is that of the workers, all
threads, by the kernel's account of them.
"""

import argparse
import asyncio
import collections
import json
import os
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import asyncpg
import trustme
from aiohttp import web

from benchmarks._machine import about
from benchmarks.deliver import NAMES, make_peers, owe, wall_clock
from federation.protocol.signature.sign import Scheme
from storage import database, schemes
from storage.errors import StorageUnavailable
from tests.support.node_config import write_config

ROOT = Path(__file__).parents[1]
SERVER = os.environ.get("COVEY_TEST_POSTGRES", "")
SERVERS = Path("/usr/lib/postgresql")
HOST = "alpha.test"
LEFT = """
SELECT (SELECT count(*) FROM delivery WHERE state IN ('pending', 'sending'))
  + (SELECT count(*) FROM peer WHERE lease_token <> '') AS n
"""
# What a process does at its start, and after the last row, is not counted, or is.
STARTED_S = 2.0
STILL_S = 0.3
TICKS_PER_S = os.sysconf("SC_CLK_TCK")
LOOK_EVERY_S = 0.05
SPOKEN_EVERY_S = 0.25
PATIENCE_S = 120.0


# ------------------------------------------------------------------------------- the receivers


async def receive(certificate: str) -> None:
    """Answer 202 on 64 ports, and say on a further one what came twice."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    came: collections.Counter[tuple[str, str]] = collections.Counter()

    async def inbox(request: web.Request) -> web.Response:
        # A body of ours: its id is in its first bytes.
        came[request.host, (await request.text())[:80]] += 1
        return web.Response(status=202)

    async def count(_request: web.Request) -> web.Response:
        twice = sum(number - 1 for number in came.values())
        return web.json_response({"came": came.total(), "twice": twice})

    app = web.Application()
    app.router.add_post("/inbox", inbox)
    app.router.add_get("/count", count)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    for _ in NAMES:
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(*(address[1] for address in runner.addresses), flush=True)
    await asyncio.get_running_loop().create_future()


@contextmanager
def receivers(folder: Path) -> Iterator[list[int]]:
    """The other process, and the port of each host; the last one is that of the count."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    chain = authority.issue_cert(*NAMES).private_key_and_cert_chain_pem
    chain.write_to_path(str(folder / "peer.pem"))
    command = [sys.executable, "-m", "benchmarks.workers", "--receive", str(folder / "peer.pem")]
    # The command is made above.
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        try:
            yield [int(port) for port in process.stdout.readline().split()]
        finally:
            process.kill()


def counted(port: int) -> dict[str, int]:
    """What has come, and what of it more than once."""
    with urlopen(Request(f"http://127.0.0.1:{port}/count")) as answer:
        return json.load(answer)


# ------------------------------------------------------------------------------- the workers


@contextmanager
def worker(config: Path) -> Iterator[int]:
    """A worker that is ready; the id of its process."""
    command = [sys.executable, "-m", "node", "serve", "--role", "worker", "--config", str(config)]
    # As above.
    with subprocess.Popen(  # noqa: S603
        command, cwd=ROOT, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            while not process.stderr.readline().startswith("ready "):
                if process.poll() is not None:
                    raise RuntimeError("a worker did not start")
            yield process.pid
        finally:
            process.terminate()


def cpu_s(pid: int) -> float:
    """Seconds of CPU of a process so far, all threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_S


async def drained(pids: tuple[int, ...], messages: int, pause_s: float) -> tuple[float, float]:
    """Owe messages and wait until all have gone; seconds of CPU, and of time, for each row."""
    before, began = sum(map(cpu_s, pids)), time.monotonic()
    for _ in range(messages):
        await owed()
        await database.wake("deliver")
        await asyncio.sleep(pause_s)
    while (await database.fetch(LEFT))[0]["n"]:
        if time.monotonic() - began > PATIENCE_S:
            raise RuntimeError("the workers do not come to an end")
        await asyncio.sleep(LOOK_EVERY_S)
    took_s, rows = time.monotonic() - began, messages * len(NAMES)
    await asyncio.sleep(STILL_S)
    return (sum(map(cpu_s, pids)) - before) / rows, took_s / rows


async def owed() -> None:
    """Owe a message; on a busy machine a lane is locked for longer than anybody waits for it."""
    while True:
        with suppress(StorageUnavailable):
            return await owe(NAMES)


async def rounds_of(
    config: Path, first: int, options: argparse.Namespace, pause_s: float
) -> dict[str, object]:
    """Medians of rounds with one worker and with two, one after the other."""
    one: list[tuple[float, float]] = []
    two: list[tuple[float, float]] = []
    for _ in range(options.rounds + 1):
        one.append(await drained((first,), options.messages, pause_s))
        with worker(config) as second:
            await asyncio.sleep(STARTED_S)
            two.append(await drained((first, second), options.messages, pause_s))
    # The first round shakes hands.
    pairs = list(zip(one[1:], two[1:], strict=True))
    ratios = sorted(both[0] / alone[0] for alone, both in pairs)
    return {
        "one_us": round(statistics.median(alone[0] for alone, _ in pairs) * 1e6),
        "two_us": round(statistics.median(both[0] for _, both in pairs) * 1e6),
        "ratio": round(statistics.median(ratios), 2),
        "ratio_spread": [round(ratios[0], 2), round(ratios[-1], 2)],
        "rows_per_s": [
            round(1 / statistics.median(alone[1] for alone, _ in pairs)),
            round(1 / statistics.median(both[1] for _, both in pairs)),
        ],
    }


async def measure(folder: Path, ports: list[int], options: argparse.Namespace) -> None:
    """Print the figures of a backlog and of messages as people write them."""
    *inboxes, counter = ports
    url = await new_database()
    config = write_config(
        folder / "node",
        HOST,
        hosts=dict(zip(NAMES, inboxes, strict=True)),
        ca_file=str(folder / "ca.pem"),
        more={"database": {"url": url, "pool": 5}},
    )
    covey = [sys.executable, "-m", "node"]
    for command in (["migrate"], ["user", "add", "alice"]):
        await asyncio.to_thread(
            subprocess.run,
            [*covey, *command, "--config", str(config)],
            cwd=ROOT,
            check=True,
            capture_output=True,
        )
    async with database.opened(url):
        await make_peers()
        for name in NAMES:
            await schemes.learn(name, Scheme.RFC_9421_ED25519.value, wall_clock())
        with worker(config) as first:
            backlog = await rounds_of(config, first, options, 0.0)
            spoken = await rounds_of(config, first, options, SPOKEN_EVERY_S)
        came = counted(counter)
        rows = (await database.fetch("SELECT count(*) AS n FROM delivery"))[0]["n"]
    figures = {"backlog": backlog, "spoken": spoken, "rows": rows, **came}
    print(json.dumps({"benchmark": "workers", "hosts": len(NAMES), **figures, **about()}))


async def new_database() -> str:
    """The URL of an empty database on the server."""
    name = f"covey_workers_{os.getpid()}"
    connection = await asyncpg.connect(SERVER)
    try:
        await connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template0 ENCODING UTF8')
    finally:
        await connection.close()
    return urlsplit(SERVER)._replace(path=f"/{name}").geturl()


def main() -> None:
    """Measure, or be the receivers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--messages", type=int, default=20)
    parser.add_argument("--receive", metavar="CERTIFICATE", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.receive:
        asyncio.run(receive(options.receive))
        return
    if not SERVER and not SERVERS.exists():
        print(json.dumps({"benchmark": "workers", "left_out": "there is no PostgreSQL here"}))
        return
    if not SERVER:
        beside = str(ROOT / ".ci" / "with-postgres")
        # It runs this benchmark again.
        os.execv(beside, [beside, sys.executable, "-m", "benchmarks.workers", *sys.argv[1:]])  # noqa: S606
    with tempfile.TemporaryDirectory() as name, receivers(Path(name)) as ports:
        asyncio.run(measure(Path(name), ports, options))


if __name__ == "__main__":
    main()
