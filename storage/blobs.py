"""Files lie under their SHA-256, two directory levels deep, and are whole or not there.

A file is written aside and then renamed. What two rows name is one file. Nothing here knows which
files are wanted: rows say so, and upkeep removes the others once they are old enough to be no
upload that is just being written down.
"""

import asyncio
import hashlib
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

DIGEST_CHARS: Final = 64
_ASIDE: Final = "aside"
_HEX: Final = frozenset("0123456789abcdef")


@dataclass(frozen=True, slots=True)
class Blob:
    """A file that is there.

    Attributes:
        digest: SHA-256 of its bytes, in hexadecimal.
        written_at: When it was last put.
    """

    digest: str
    size_bytes: int
    written_at: float


@dataclass(frozen=True, slots=True)
class Blobs:
    """The files below one folder."""

    folder: Path

    def path(self, digest: str) -> Path:
        """Where a file lies, or would lie.

        Raises:
            ValueError: It is no digest, so that no text from anywhere becomes a path.
        """
        if len(digest) != DIGEST_CHARS or not set(digest) <= _HEX:
            raise ValueError("not a digest")
        return self.folder / digest[:2] / digest[2:4] / digest

    async def put(self, data: bytes, now: datetime) -> str:
        """Keep a file; answers its digest. One that is there already is as if written at `now`."""
        return await asyncio.to_thread(self._put, data, now.timestamp())

    async def remove(self, digest: str) -> None:
        """Delete a file, if it is there."""
        await asyncio.to_thread(self.path(digest).unlink, missing_ok=True)

    async def has(self, digest: str) -> bool:
        """Whether a file is there."""
        return await asyncio.to_thread(self.path(digest).is_file)

    async def all(self) -> list[Blob]:
        """Every file that is there, in no order."""
        return await asyncio.to_thread(lambda: list(self.each()))

    async def sweep(self, before: datetime) -> None:
        """Delete what was being written aside when a process died, before this time."""
        await asyncio.to_thread(self._sweep, before.timestamp())

    def _put(self, data: bytes, written_at: float) -> str:
        digest = hashlib.sha256(data).hexdigest()
        path = self.path(digest)
        if not path.is_file():
            self._write(data, path)
        os.utime(path, (written_at, written_at))
        return digest

    def _write(self, data: bytes, path: Path) -> None:
        aside = self.folder / _ASIDE
        aside.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=aside)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise

    def each(self) -> Iterator[Blob]:
        """Every file that is there, for who has nothing else to do meanwhile."""
        for path in self.folder.glob("??/??/*"):
            if len(path.name) == DIGEST_CHARS:
                told = path.stat()
                yield Blob(path.name, told.st_size, told.st_mtime)

    def _sweep(self, before: float) -> None:
        for path in (self.folder / _ASIDE).glob("*"):
            if path.stat().st_mtime < before:
                path.unlink(missing_ok=True)
