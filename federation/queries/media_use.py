"""How much room files take, and whose they are."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from storage import media, remote_media
from storage.database import reader

# As long as an upload waits for its message.
UNSENT_FOR: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class MediaUse:
    """Numbers of files, and their bytes.

    Attributes:
        own_files: Uploaded here, of which `unsent_files` are older than a day and shown nowhere.
        remote_files: Fetched from others.
    """

    own_files: int
    own_bytes: int
    unsent_files: int
    unsent_bytes: int
    remote_files: int
    remote_bytes: int


@dataclass(frozen=True, slots=True)
class MediaUser:
    """An account, by name, and its uploads."""

    account: str
    files: int
    size_bytes: int


async def read_use(now: datetime) -> MediaUse:
    """As of one moment or nearly."""
    async with reader():
        own, unsent = await media.total(), await media.count_forgotten(now - UNSENT_FOR)
        return MediaUse(*own, *unsent, *await remote_media.total())


async def list_users(*, begin: int, limit: int) -> tuple[MediaUser, ...]:
    """The accounts that have uploaded something, those with the most bytes first.

    Args:
        begin: How many are passed over.
        limit: How many at most.
    """
    rows = await media.by_account(begin=begin, limit=limit)
    return tuple(MediaUser(row["account"], int(row["files"]), int(row["size"])) for row in rows)
