"""`covey serve` with a clock that can be moved, a name server of the test, and a watch on sockets.

The node itself is the real one. What it is watched with goes to files in the folder that
`COVEY_WATCH` names:

- `egress` has a line for every connection that the process tried to make, wherever in the code;
- `lag` has a line for every time the event loop was late, in milliseconds;
- `clock` is read: how many milliseconds the clock of the node is ahead.

Names are asked of `COVEY_NAMES`, a UDP address where tests/hostile/name_server.py answers.
"""

import asyncio
import ipaddress
import json
import mmap
import os
import socket
import struct
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from node.cli.loading import configured
from node.cli.opening import prepare
from node.cli.serve import serve
from node.clock import Clock
from node.descriptors import raise_limit
from node.memory import give_back_large_blocks, small_tls_buffers

LOOK_EVERY_S = 0.02
LATE_FROM_MS = 20
NAMES_WITHIN_S = 5.0


class MovedClock(Clock):
    """The system's clock, and as much later as a file says."""

    def __init__(self, file: Path) -> None:
        with file.open("rb") as opened:
            self._ahead = mmap.mmap(opened.fileno(), 8, access=mmap.ACCESS_READ)

    def now(self) -> datetime:
        return super().now() + timedelta(milliseconds=self._ahead_ms())

    def monotonic(self) -> float:
        """Time has passed; the clock was not set."""
        return super().monotonic() + self._ahead_ms() / 1000

    def _ahead_ms(self) -> int:
        (ahead_ms,) = struct.unpack("<q", self._ahead[:8])
        return int(ahead_ms)


def watch_sockets(file: Path, names: tuple[str, int]) -> None:
    """Write down every connection that is tried, but for those to the name server."""
    log = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def heard(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "socket.connect" and isinstance(arguments[1], tuple):
            address, port = arguments[1][:2]
            if (address, port) != names:
                os.write(log, f"{address} {port}\n".encode())

    sys.addaudithook(heard)


def ask_names_of(server: tuple[str, int]) -> None:
    """Let every name be resolved by the name server of the test."""
    system = socket.getaddrinfo

    def getaddrinfo(host: Any, port: Any, *more: int, **named: int) -> list[Any]:
        if host is None or _is_literal(host):
            return system(host, port, *more, **named)
        found = []
        for address, there in _answers(server, host):
            kind = socket.AF_INET6 if ":" in address else socket.AF_INET
            end = (address, there or int(port or 0), *((0, 0) if ":" in address else ()))
            found.append((kind, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", end))
        if not found:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return found

    socket.getaddrinfo = getaddrinfo


def _answers(server: tuple[str, int], host: Any) -> list[tuple[str, int]]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.settimeout(NAMES_WITHIN_S)
        asking.connect(server)
        asking.send(host if isinstance(host, bytes) else host.encode())
        try:
            told = json.loads(asking.recv(4096))
        except TimeoutError as error:
            raise socket.gaierror(socket.EAI_AGAIN, "the name server fails") from error
    if told is None:
        raise socket.gaierror(socket.EAI_AGAIN, "the name server fails")
    return [(address, port) for address, port in told]


def _is_literal(host: Any) -> bool:
    try:
        ipaddress.ip_address(host.decode() if isinstance(host, bytes) else host)
    except ValueError:
        return False
    return True


async def _watch_loop(file: Path) -> None:
    loop = asyncio.get_running_loop()
    log = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    while True:
        began = loop.time()
        await asyncio.sleep(LOOK_EVERY_S)
        late_ms = (loop.time() - began - LOOK_EVERY_S) * 1000
        if late_ms > LATE_FROM_MS:
            os.write(log, f"{late_ms:.0f}\n".encode())


async def _watched(config_path: str) -> None:
    folder = Path(os.environ["COVEY_WATCH"])
    config = configured(config_path)
    prepare(config)
    raise_limit(config.limits.connections)
    small_tls_buffers()
    give_back_large_blocks()
    watching = asyncio.create_task(_watch_loop(folder / "lag"))
    try:
        await serve(config, MovedClock(folder / "clock"))
    finally:
        watching.cancel()


def main() -> None:
    """Run the node whose configuration is named after `serve --config`."""
    address, _, port = os.environ["COVEY_NAMES"].partition(":")
    watch_sockets(Path(os.environ["COVEY_WATCH"]) / "egress", (address, int(port)))
    ask_names_of((address, int(port)))
    asyncio.run(_watched(sys.argv[sys.argv.index("--config") + 1]))


if __name__ == "__main__":
    main()
