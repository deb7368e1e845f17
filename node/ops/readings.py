"""What a node shows of itself is read at one moment: its database, its disk, its clock, itself."""

import asyncio
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from storage import gauges
from storage.database import current
from storage.errors import StorageError
from storage.gauges import Gauges


@dataclass(frozen=True, slots=True)
class Readings:
    """A node at one moment.

    Attributes:
        gauges: What its database holds; None while the database is away.
        wal_bytes: The write-ahead log of SQLite; 0 on PostgreSQL.
        in_use: Connections to the database that somebody works with.
        disk_free_bytes: On the disk of the data folder.
        disk_bytes: The size of that disk.
        streams: Event streams that are open.
        is_restored: Whether nothing leaves the node, because its database came from a backup.
        certificate_until: When the certificate that it serves expires; None behind a proxy.
    """

    at: datetime
    gauges: Gauges | None
    wal_bytes: int
    in_use: int
    disk_free_bytes: int
    disk_bytes: int
    streams: int
    is_restored: bool
    certificate_until: datetime | None


@dataclass(frozen=True, slots=True)
class Instruments:
    """Where the readings come from.

    Attributes:
        folder: The data folder.
        may_send: Whether anything leaves the node.
        certificate_until: When the certificate expires, as its file says now.
    """

    clock: Callable[[], datetime]
    folder: Path
    may_send: Callable[[], bool]
    streams: Callable[[], int]
    certificate_until: Callable[[], datetime | None]


async def read(instruments: Instruments) -> Readings:
    """Look at everything once."""
    now = instruments.clock()
    disk = await asyncio.to_thread(shutil.disk_usage, instruments.folder)
    return Readings(
        at=now,
        gauges=await _gauges(now),
        wal_bytes=await gauges.wal_bytes(),
        in_use=current().driver.in_use(),
        disk_free_bytes=disk.free,
        disk_bytes=disk.total,
        streams=instruments.streams(),
        is_restored=not instruments.may_send(),
        certificate_until=await asyncio.to_thread(instruments.certificate_until),
    )


async def _gauges(now: datetime) -> Gauges | None:
    try:
        return await gauges.read(now)
    except StorageError:
        return None
