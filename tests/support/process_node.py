"""A node as people run it: a process of its own, which can be killed and started again."""

import asyncio
import os
import resource
import signal
import socket
import sqlite3
import ssl
import sys
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from collections.abc import Awaitable, Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import asyncpg
import trustme

from tests.support.node_config import write_config

ROOT = Path(__file__).parents[2]
# Patience for a machine that is busy with other things.
READY_WITHIN_S = 60.0
# A process has the real clock: what it does is waited for, and looked at this often.
LOOK_EVERY_S = 0.05
NO_DATABASES: Mapping[str, str] = MappingProxyType({})
NO_HOSTS: Mapping[str, int] = MappingProxyType({})


class NodeDiedError(Exception):
    """A process ended when it should have run; the text is what it said last."""


@dataclass(slots=True)
class ProcessNode:
    """One node with its folder; what it knows survives the process.

    Attributes:
        name: Its host name.
        port: Where it listens on loopback, in TLS.
        tokens: Bearer tokens of its people, by name.
        said: The last lines that it printed or logged.
        lines_kept: How many of them.
        module: What is run in place of the `covey` command.
        environment: What the process finds in its environment besides ours.
        role: What of the node it runs.
        is_plain: Whether it listens without TLS, behind something that speaks it.
        database: The URL of its database, for who looks into it.
        limits: What the system grants it, by the number of the resource.
        patience_s: How long an answer is waited for.
    """

    name: str
    folder: Path
    port: int
    tokens: dict[str, str] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    lines_kept: int = 50
    module: str = "node"
    environment: dict[str, str] = field(default_factory=dict)
    role: str = "all"
    is_plain: bool = False
    database: str = ""
    limits: Mapping[int, int] = field(default_factory=dict)
    patience_s: float = 10.0
    _process: Process | None = None
    _reading: asyncio.Task[None] | None = None
    _http: aiohttp.ClientSession | None = None

    @property
    def config(self) -> str:
        """The configuration file."""
        return str(self.folder / "config.toml")

    @property
    def pid(self) -> int:
        """The process."""
        assert self._process is not None, f"{self.name} was never started"
        return self._process.pid

    @property
    def was_started(self) -> bool:
        """Whether there is a process, or was one."""
        return self._process is not None

    async def start(self, *, failpoint: str = "") -> None:
        """Start the process; when this returns it answers.

        Args:
            failpoint: Where it shall die, or "".

        Raises:
            NodeDiedError: It ended before it was ready.
        """
        environment = {**os.environ, "COVEY_FAILPOINT": failpoint, **self.environment}
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", self.module, "serve", "--role", self.role),
            *("--config", self.config),
            cwd=ROOT,
            env=environment,
            stdout=PIPE,
            stderr=STDOUT,
            preexec_fn=self._limit if self.limits else None,
        )
        ready = asyncio.Event()
        self._reading = asyncio.create_task(self._read(self._process, ready))
        async with asyncio.timeout(READY_WITHIN_S):
            await ready.wait()
        if self._process.returncode is not None:
            raise NodeDiedError("\n".join(self.said[-5:]))

    def _limit(self) -> None:
        for number, limit in self.limits.items():
            resource.setrlimit(number, (limit, limit))

    async def rows(self, sql: str, *arguments: object) -> list[dict[str, Any]]:
        """What its database holds."""
        if self.database.startswith("postgres"):
            reading = await asyncpg.connect(self.database)
            try:
                return [dict(row) for row in await reading.fetch(sql, *arguments)]
            finally:
                await reading.close()
        file = f"file:{self._file}?mode=ro"
        with closing(sqlite3.connect(file, uri=True, timeout=30)) as connection:
            connection.row_factory = sqlite3.Row
            # Written as for PostgreSQL.
            return [dict(row) for row in connection.execute(sql.replace("$", "?"), arguments)]

    @property
    def _file(self) -> str:
        return urlsplit(self.database).path or str(self.folder / "covey.db")

    def descriptors(self) -> int:
        """How many descriptors the process holds."""
        return len(list(Path(f"/proc/{self.pid}/fd").iterdir()))

    async def change(self, sql: str) -> None:
        """Set the scene where no request would: in the database itself."""
        if self.database.startswith("postgres"):
            writing = await asyncpg.connect(self.database)
            try:
                await writing.execute(sql)
            finally:
                await writing.close()
            return
        with closing(sqlite3.connect(self._file)) as connection, connection:
            connection.execute(sql)

    async def terminate(self) -> int:
        """SIGTERM, as a service manager stops it; the exit status."""
        assert self._process is not None, f"{self.name} was never started"
        self._process.send_signal(signal.SIGTERM)
        return await self.ended()

    def pause(self) -> None:
        """SIGSTOP: it does nothing, and whoever talks to it gets no answer."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """SIGCONT: it does not know that time has passed."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None, f"{self.name} was never started"
        self._process.send_signal(number)

    async def kill(self) -> None:
        """SIGKILL: the process gets no chance to do anything more."""
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(signal.SIGKILL)
        await self.ended()

    async def ended(self) -> int:
        """Wait until the process has ended; its exit status."""
        assert self._process is not None, f"{self.name} was never started"
        status = await self._process.wait()
        await self._forget_connections()
        if self._reading is not None:
            await self._reading
        return status

    async def covey(self, *arguments: str) -> str:
        """Run a `covey` command beside the node; what it prints.

        Raises:
            NodeDiedError: It failed.
        """
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "node", *arguments, "--config", self.config),
            cwd=ROOT,
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=PIPE,
        )
        told, complaint = await process.communicate()
        if process.returncode != 0:
            raise NodeDiedError(complaint.decode())
        return told.decode().strip()

    async def token_for(self, name: str) -> str:
        """A bearer token of this person, who must have an account."""
        if name not in self.tokens:
            self.tokens[name] = await self.covey("token", "create", name)
        return self.tokens[name]

    def tls(self) -> ssl.SSLContext:
        """What believes its certificate."""
        return ssl.create_default_context(cafile=str(self.folder / "ca.pem"))

    async def call(
        self, method: str, path: str, *, headers: Mapping[str, str], json: object = None
    ) -> tuple[int, Any]:
        """Ask the node over TLS; status and JSON or text.

        Raises:
            ConnectionError: There is no whole answer.
        """
        if self._http is None and self.is_plain:
            self._http = aiohttp.ClientSession(
                f"http://127.0.0.1:{self.port}",
                timeout=aiohttp.ClientTimeout(total=self.patience_s),
            )
        elif self._http is None:
            connector = aiohttp.TCPConnector(ssl=self.tls())
            self._http = aiohttp.ClientSession(
                f"https://127.0.0.1:{self.port}",
                connector=connector,
                timeout=aiohttp.ClientTimeout(total=self.patience_s),
            )
        try:
            async with self._http.request(
                method,
                path,
                headers={"Host": self.name, **headers},
                json=json,
                server_hostname=None if self.is_plain else self.name,
            ) as answer:
                if "json" in answer.content_type:
                    return answer.status, await answer.json(content_type=None)
                return answer.status, await answer.text()
        except aiohttp.ClientError as error:
            raise ConnectionError(f"{self.name} gives no answer: {error}") from error

    async def _forget_connections(self) -> None:
        if self._http is not None:
            await self._http.close()
            self._http = None

    async def _read(self, process: Process, ready: asyncio.Event) -> None:
        assert process.stdout is not None
        async for line in process.stdout:
            self.said.append(line.decode(errors="replace").rstrip())
            del self.said[: -self.lines_kept]
            if line.startswith(b"ready "):
                ready.set()
        await process.wait()
        ready.set()


def free_ports(count: int) -> list[int]:
    """Ports of loopback on which nobody listens."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def make_nodes(
    folder: Path,
    ca: trustme.CA,
    *names: str,
    may_die: bool = False,
    databases: Mapping[str, str] = NO_DATABASES,
    elsewhere: Mapping[str, int] = NO_HOSTS,
) -> tuple[ProcessNode, ...]:
    """Write the files of nodes that find each other; nothing is started.

    Args:
        folder: Each node has a folder with its name below it.
        ca: Vouches for all of them.
        names: Their host names.
        may_die: Whether their failpoints are enabled.
        databases: The URLs of those nodes that do not have a SQLite file in their folder.
        elsewhere: The ports of other hosts that they find.
    """
    ports = dict(zip(names, free_ports(len(names)), strict=True))
    hosts = {**ports, **elsewhere}
    for name, port in ports.items():
        place = folder / name
        place.mkdir(parents=True, exist_ok=True)
        certificate = ca.issue_cert(name)
        ca.cert_pem.write_to_path(str(place / "ca.pem"))
        certificate.private_key_pem.write_to_path(str(place / "key.pem"))
        (place / "cert.pem").write_bytes(
            b"".join(one.bytes() for one in certificate.cert_chain_pems)
        )
        server = {
            "listen": [f"127.0.0.1:{port}"],
            "tls_cert": str(place / "cert.pem"),
            "tls_key_file": str(place / "key.pem"),
            "failpoints": may_die,
        }
        ca_file = str(place / "ca.pem")
        more: dict[str, dict[str, object]] = {"server": server}
        if name in databases:
            more["database"] = {"url": databases[name], "pool": 5}
        write_config(place, name, hosts=hosts, ca_file=ca_file, more=more)
    return tuple(ProcessNode(name, folder / name, port) for name, port in ports.items())


async def until(look: Callable[[], Awaitable[bool]], *, within_s: float) -> bool:
    """Look again and again until it is so; whether it was so in time."""
    ends_at = asyncio.get_running_loop().time() + within_s
    while not await look():
        if asyncio.get_running_loop().time() > ends_at:
            return False
        await asyncio.sleep(LOOK_EVERY_S)
    return True
