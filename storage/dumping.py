"""A PostgreSQL database is dumped and loaded by the programs that come with PostgreSQL.

`pg_dump` sees one moment of it, and nobody waits for that. A load is one transaction.

Source: operations.md 6
"""

import asyncio
import os
import shutil
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from storage.errors import StorageError

# Where Debian keeps them, a folder for each version; not all are in PATH.
INSTALLED: Final = Path("/usr/lib/postgresql")


class DumpError(StorageError):
    """A program of PostgreSQL is missing, or said why it did not do its work."""


def find_program(name: str) -> str:
    """The newest of this name: an older one refuses a newer server.

    Raises:
        DumpError: It is not installed.
    """
    versions = sorted(INSTALLED.glob(f"*/bin/{name}"), key=_version)
    found = str(versions[-1]) if versions else shutil.which(name)
    if not found:
        raise DumpError(f"{name} is not installed; it comes with PostgreSQL's client programs")
    return found


async def dump(url: str, target: Path) -> None:
    """Write a database, as it is at one moment, to a file.

    Raises:
        DumpError: It could not be done.
    """
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    options = ("--format=custom", "--no-owner", "--no-privileges", "--file", str(target))
    await _run("pg_dump", options, url)


async def find_damage(path: Path) -> str:
    """Why a dump cannot be read to its end; "" if it can."""
    try:
        await _run("pg_restore", ("--file=/dev/null", str(path)), "")
    except DumpError as error:
        return str(error)
    return ""


async def load(path: Path, url: str) -> None:
    """Load a dump into an empty database: all of it, or nothing.

    Raises:
        DumpError: It could not be done.
    """
    name = urlsplit(url).path.lstrip("/")
    options = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")
    await _run("pg_restore", (*options, f"--dbname={name}", str(path)), url)


async def _run(program: str, options: Sequence[str], url: str) -> None:
    command = [find_program(program), *options]
    asked = _environment(url)
    child = await asyncio.create_subprocess_exec(
        *command, env=asked, stdin=DEVNULL, stdout=DEVNULL, stderr=PIPE
    )
    try:
        _, complaint = await child.communicate()
    except asyncio.CancelledError:
        child.kill()
        await child.wait()
        raise
    if child.returncode:
        said = complaint.decode(errors="replace").strip().splitlines()
        raise DumpError(said[0] if said else f"{program} ended with status {child.returncode}")


def _environment(url: str) -> Mapping[str, str]:
    """Where the server is. No command line says it: everybody on the machine sees those."""
    parts = urlsplit(url)
    said = {
        "PGHOST": parts.hostname or "",
        "PGPORT": str(parts.port or ""),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": parts.path.lstrip("/"),
    }
    return {**os.environ, "LC_ALL": "C", **{name: value for name, value in said.items() if value}}


def _version(path: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in path.parent.parent.name.split(".") if part.isdigit())
