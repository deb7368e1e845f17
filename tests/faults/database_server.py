"""A PostgreSQL server of a test's own, which may be stopped, killed and run out of disk."""

import asyncio
import os
import pwd
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

from tests.support.process_node import free_ports

INSTALLED = Path("/usr/lib/postgresql")


@dataclass(slots=True)
class DatabaseServer:
    """One server on loopback.

    Attributes:
        folder: Its cluster.
        log: The folder for the write-ahead log and the log file, elsewhere than the cluster.
    """

    folder: Path
    log: Path
    port: int
    _programs: Path

    @property
    def url(self) -> str:
        """Where it is reached."""
        return f"postgres://covey@127.0.0.1:{self.port}/postgres"

    async def make(self) -> None:
        """Make the cluster and start it."""
        for place in (self.folder, self.log):
            place.mkdir(exist_ok=True)
            if self._owner is not None:
                shutil.chown(place, self._owner)
        await self._run(
            *("initdb", "-D", str(self.folder / "db"), "-X", str(self.log / "wal")),
            *("-U", "covey", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"),
            *("--wal-segsize=1",),
        )
        await self.start()

    async def start(self) -> None:
        """Start it; when this returns it answers."""
        options = f"-h 127.0.0.1 -p {self.port} -k {self.log} -c fsync=on -c max_connections=200"
        await self._run(
            *("pg_ctl", "-D", str(self.folder / "db"), "-l", str(self.log / "server.log")),
            *("-w", "-t", "30", "-o", options, "start"),
        )

    async def stop(self) -> None:
        """Stop it as a crash would: nobody is waited for."""
        await self._run(
            "pg_ctl", "-D", str(self.folder / "db"), "-m", "immediate", "-w", "stop", may_fail=True
        )

    async def take(self, url: str) -> str:
        """Copy a database of another server; its URL here."""
        copy = urlsplit(self.url)._replace(path="/covey").geturl()
        connection = await asyncpg.connect(self.url)
        try:
            await connection.execute("CREATE DATABASE covey TEMPLATE template0 ENCODING UTF8")
        finally:
            await connection.close()
        dump = str(self.log / "dump.sql")
        await self._run("pg_dump", "--no-owner", "-f", dump, url)
        await self._run("psql", "-q", "-v", "ON_ERROR_STOP=1", "-f", dump, copy)
        return copy

    @property
    def _owner(self) -> str | None:
        """PostgreSQL refuses to run as root."""
        if os.getuid() != 0:
            return None
        names = {one.pw_name for one in pwd.getpwall()}
        return "postgres" if "postgres" in names else "nobody"

    async def _run(self, program: str, *arguments: str, may_fail: bool = False) -> None:
        command: Sequence[str] = (str(self._programs / program), *arguments)
        if self._owner is not None:
            group = str(pwd.getpwnam(self._owner).pw_gid)
            command = (
                *("setpriv", "--reuid", self._owner, "--regid", group, "--clear-groups"),
                *command,
            )
        said = self.log / f"{program}.log"
        # What a server goes on saying goes there too, and nobody waits for its end.
        with said.open("wb") as file:
            process = await asyncio.create_subprocess_exec(
                *command, cwd=self.log, stdout=file, stderr=file
            )
            status = await process.wait()
        assert may_fail or status == 0, said.read_text(errors="replace")[-2000:]


def programs() -> Path:
    """Where those of PostgreSQL are; the test is skipped where it is not installed."""
    versions = sorted(INSTALLED.glob("*/bin"), key=lambda path: float(path.parent.name))
    if not versions:
        pytest.skip("PostgreSQL is not installed")
    return versions[-1]


def new_server(folder: Path, log: Path) -> DatabaseServer:
    """A server that is not yet made; the test is skipped where PostgreSQL is not installed."""
    return DatabaseServer(folder, log, free_ports(1)[0], programs())
