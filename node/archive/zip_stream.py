"""A ZIP goes out as it grows: of its files nothing is held but what is being written."""

import hashlib
import zipfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, Final

# Takes the next bytes of an archive, and waits where its reader is slow.
Sink = Callable[[bytes], Awaitable[None]]

FOR_ITS_OWNER: Final = 0o600 << 16


@dataclass(frozen=True, slots=True)
class Packed:
    """A file that is in the archive: its size before it was packed, and its SHA-256."""

    name: str
    size_bytes: int
    digest: str


class _Outlet:
    """What `zipfile` writes to; it does not go back in it, having no `tell`."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        """Take what is to go out."""
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back here."""

    def close(self) -> None:
        """Nothing is open here."""

    def taken(self) -> bytes:
        """What has come since the last time."""
        data = b"".join(self._parts)
        self._parts.clear()
        return data


class OpenFile:
    """A file of an archive while it is written."""

    def __init__(self, name: str, file: IO[bytes], flush: Callable[[], Awaitable[None]]) -> None:
        self._name = name
        self._file = file
        self._flush = flush
        self._size = 0
        self._hash = hashlib.sha256()

    async def write(self, data: bytes) -> None:
        """Add bytes."""
        self._size += len(data)
        self._hash.update(data)
        self._file.write(data)
        await self._flush()

    def packed(self) -> Packed:
        """What has been written."""
        return Packed(self._name, self._size, self._hash.hexdigest())


class ZipStream:
    """An archive on its way to a sink.

    Args:
        sink: Gets its bytes, in their order.
        at: What its files say of when they were made.
    """

    def __init__(self, sink: Sink, at: datetime) -> None:
        self._sink = sink
        self._at = at.astimezone(UTC).timetuple()[:6]
        self._outlet = _Outlet()
        self._zip = zipfile.ZipFile(self._outlet, "w")
        self.files: list[Packed] = []

    @asynccontextmanager
    async def file(self, name: str, *, is_packed: bool = True) -> AsyncIterator[OpenFile]:
        """Write a file of the archive; one at a time.

        Args:
            name: Its path.
            is_packed: Whether it can become smaller; pictures cannot.
        """
        about = zipfile.ZipInfo(name, self._at)
        about.compress_type = zipfile.ZIP_DEFLATED if is_packed else zipfile.ZIP_STORED
        about.external_attr = FOR_ITS_OWNER
        # How long it gets is not known when its head is written.
        with self._zip.open(about, "w", force_zip64=True) as inner:
            opened = OpenFile(name, inner, self._flush)
            yield opened
        await self._flush()
        self.files.append(opened.packed())

    async def put(self, name: str, data: bytes) -> None:
        """Write a file at once."""
        async with self.file(name) as file:
            await file.write(data)

    async def end(self) -> None:
        """Write what every archive ends with."""
        self._zip.close()
        await self._flush()

    async def _flush(self) -> None:
        data = self._outlet.taken()
        if data:
            await self._sink(data)
