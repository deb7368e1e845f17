"""A database is copied while its node runs, and put back later, on either kind of database."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

from tests.faults.database_server import programs
from tests.support.live_node import LiveNode
from tests.support.network import new_postgres


async def take(node: LiveNode, to: Path) -> str:
    """Copy the database of a running node; what the copy is."""
    url = node.node.parts.config.database_url
    if url.startswith("postgres"):
        copy = await new_postgres()
        await _run(str(programs() / "pg_dump"), "--no-owner", "-f", str(to), url)
        await _run(str(programs() / "psql"), "-q", "-v", "ON_ERROR_STOP=1", "-f", str(to), copy)
        return copy
    with closing(sqlite3.connect(urlsplit(url).path)) as source, closing(sqlite3.connect(to)) as it:
        source.backup(it)
    return str(to)


async def put_back(node: LiveNode, copy: str) -> None:
    """Start a node from a copy of its database, which it has then."""
    url = node.node.parts.config.database_url
    await node.stop()
    if copy.startswith("postgres"):
        text = node.config_file.read_text()
        assert url in text
        node.config_file.write_text(text.replace(url, copy))
    else:
        await asyncio.to_thread(_replace, Path(urlsplit(url).path), Path(copy))
    await node.start()


def _replace(file: Path, copy: Path) -> None:
    for old in file.parent.glob(f"{file.name}*"):
        if not old.name.endswith(".lock"):
            old.unlink()
    with closing(sqlite3.connect(copy)) as source, closing(sqlite3.connect(file)) as it:
        source.backup(it)


async def _run(*command: str) -> None:
    process = await asyncio.create_subprocess_exec(*command)
    assert await process.wait() == 0, command
