"""The empty database of this release is made once, and copied by whoever needs one.

Its migrations take longer than most tests. Processes that test side by side share the file.
"""

import asyncio
import fcntl
import hashlib
import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from storage import database, migrate

STORAGE = Path(migrate.__file__).parent
KEPT = STORAGE.parent / ".pytest_cache"
NOBODYS = "0" * 32


def copy_empty(to: Path, incarnation: str = NOBODYS) -> Path:
    """Put a migrated SQLite file there."""
    shutil.copy(_mold(), to)
    connection = sqlite3.connect(to)
    with connection:
        connection.execute("UPDATE setting SET value = ? WHERE key = 'incarnation'", [incarnation])
    connection.close()
    return to


def _mold() -> Path:
    """The file that is copied; another one for every version of what makes it."""
    sources = sorted((*STORAGE.glob("migrations/*.py"), *STORAGE.glob("sqlite_*.py")))
    version = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()
    KEPT.mkdir(exist_ok=True)
    file = KEPT / f"covey-empty-{version[:16]}.sqlite3"
    with Path(f"{file}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not file.exists():
            unfinished = file.with_suffix(".new")
            unfinished.unlink(missing_ok=True)
            # Whoever asks may be in a loop of their own.
            with ThreadPoolExecutor(1) as elsewhere:
                elsewhere.submit(asyncio.run, _migrate(unfinished)).result()
            unfinished.rename(file)
            for other in KEPT.glob("covey-empty-*"):
                if not other.name.startswith(file.name):
                    other.unlink()
    return file


async def _migrate(file: Path) -> None:
    async with database.opened(f"sqlite://{file}"):
        await migrate.apply(NOBODYS)


def url_of(file: Path) -> str:
    """The URL of a database file in a test that ends no process.

    Waiting for the disk at every commit was a third of such a test. What that is for, a loss of
    power, is in none of them.
    """
    return f"sqlite://{file}?synchronous=NORMAL"
