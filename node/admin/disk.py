"""How much room there is for the data of this node."""

import asyncio
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

MEBIBYTE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Room:
    """Of a disk, in bytes."""

    free_bytes: int
    size_bytes: int

    @property
    def is_low(self) -> bool:
        """Whether less than a tenth is left."""
        return self.free_bytes * 10 < self.size_bytes


async def find_room(folder: Path) -> Room | None:
    """The disk on which a folder lies; None if nobody can say."""
    try:
        usage = await asyncio.to_thread(shutil.disk_usage, folder)
    except OSError:
        return None
    return Room(usage.free, usage.total)


def mebibytes(size_bytes: int) -> int:
    """Rounded to whole ones, and up where it is something and less than one."""
    return max(round(size_bytes / MEBIBYTE), int(size_bytes > 0))
