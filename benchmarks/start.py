"""Prints how soon a node is ready, and what it holds in memory when nobody asks it for anything.

Run with `python -m benchmarks.start`. A node on SQLite is made and started as an operator does it,
by `covey init` and `covey serve`. The first start makes the tables and is reported apart; the
others count: until `ready` by the clock, and how much CPU that took, which a busy machine stretches
less. Memory is what the process holds resident (RSS) two seconds after it said `ready`, and after a
first page was served. At last it is left alone for twenty seconds, and its CPU is counted.
"""

import argparse
import http.client
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path

from benchmarks._machine import about

SETTLES_S = 2
IDLE_S = 20
MB = 1024 * 1024
COVEY = (sys.executable, "-m", "node")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def make_node(folder: Path, port: int) -> Path:
    """A configuration as `covey init` writes it; answer its path."""
    config = folder / "config.toml"
    name = f"localhost:{port}"
    where = ("--host", name, "--url", f"http://{name}", "--listen", f"127.0.0.1:{port}")
    # The command is made here.
    subprocess.run(  # noqa: S603
        (*COVEY, "init", *where, "--yes", "--config", str(config)),
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env=_environment(),
    )
    return config


def _environment() -> dict[str, str]:
    """So that `-m node` is found from the folder in which the node keeps its data."""
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}


@contextmanager
def serving(config: Path) -> Iterator[tuple["subprocess.Popen[str]", float]]:
    """A running node, and the seconds until it was ready.

    Raises:
        RuntimeError: It ended instead.
    """
    began = time.monotonic()
    # As above.
    with subprocess.Popen(  # noqa: S603
        (*COVEY, "serve", "--config", str(config)),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        cwd=config.parent,
        env=_environment(),
    ) as process:
        try:
            yield process, _ready_at(process) - began
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate()


def _ready_at(process: "subprocess.Popen[str]") -> float:
    for line in process.stderr or ():
        if line.startswith("ready "):
            return time.monotonic()
    raise RuntimeError("the node ended before it was ready")


def resident_mb(pid: int) -> float:
    """Megabytes of memory that a process holds, its shared libraries included."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / MB


def show_page(port: int) -> None:
    """Ask for the first page, as a browser does.

    Raises:
        RuntimeError: It does not come.
    """
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", "/", headers={"Host": f"localhost:{port}"})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if answer.status != HTTPStatus.OK:
        raise RuntimeError(f"the first page answers {answer.status}")


def cpu_s(pid: int) -> float:
    """Seconds of CPU that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def threads_cpu_s(pid: int) -> float:
    """Seconds of CPU that the threads of a process have used, to the nanosecond."""
    tasks = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9


def measure(rounds: int) -> dict[str, object]:
    """Start it once to make it, and then so many times."""
    ready_s: list[float] = []
    ready_cpu_s: list[float] = []
    idle_mb: list[float] = []
    used_mb: list[float] = []
    with tempfile.TemporaryDirectory() as name:
        port = free_port()
        config = make_node(Path(name), port)
        for _ in range(rounds + 1):
            with serving(config) as (process, after_s):
                ready_s.append(after_s)
                ready_cpu_s.append(cpu_s(process.pid))
                time.sleep(SETTLES_S)
                idle_mb.append(resident_mb(process.pid))
                show_page(port)
                used_mb.append(resident_mb(process.pid))
        with serving(config) as (process, _):
            time.sleep(SETTLES_S)
            before_s = threads_cpu_s(process.pid)
            time.sleep(IDLE_S)
            idle_share = (threads_cpu_s(process.pid) - before_s) / IDLE_S
    first, *later = ready_s
    return {
        "ready_s": round(statistics.median(later), 2),
        "ready_s_spread": [round(min(later), 2), round(max(later), 2)],
        "ready_cpu_s": round(statistics.median(ready_cpu_s), 2),
        "first_start_s": round(first, 2),
        "idle_mb": round(statistics.median(idle_mb)),
        "after_a_page_mb": round(statistics.median(used_mb)),
        "idle_percent_of_a_core": round(idle_share * 100, 2),
    }


def main() -> None:
    """Measure on Linux, where the memory of a process can be read from /proc."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    found = measure(options.rounds)
    print(json.dumps({"benchmark": "start", "rounds": options.rounds, **found, **about()}))


if __name__ == "__main__":
    main()
