"""Files that nobody has a use for go: unsent uploads, what no row names, what nobody looks at."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from federation.remote.media import let_go
from storage import media, remote_media
from storage.blobs import Blob, Blobs

UNSENT_FOR: Final = timedelta(days=1)
# As long as a home may be away that has not taken it yet, and a day.
PICTURES_FOR: Final = timedelta(days=31)
# A file is written before its row.
NAMELESS_FOR: Final = timedelta(hours=1)
FAILED_FOR: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class MediaKept:
    """Where files lie, and how much of others' is kept.

    Attributes:
        own: Of people here.
        remote: Of other servers.
        max_bytes: For the files of other servers.
        max_age: How long one stays that nobody looks at.
    """

    own: Blobs
    remote: Blobs
    max_bytes: int
    max_age: timedelta


@dataclass(frozen=True, slots=True)
class Share:
    """A number of files, and their bytes."""

    files: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Usage:
    """What lies where.

    Attributes:
        own: That rows of uploads name, with their thumbnails.
        remote: Fetched from other servers.
        unused: Of `remote`, those that nobody has looked at for too long.
        unsent: Of `own`, uploads older than a day that no message shows.
        nameless: Files that no row names.
    """

    own: Share
    remote: Share
    unused: Share
    unsent: Share
    nameless: Share


async def usage(kept: MediaKept, now: datetime) -> Usage:
    """How much room files take; changes nothing."""
    nameless = [*await _nameless_own(kept, now), *await _nameless_remote(kept, now)]
    return Usage(
        own=Share(*await media.total()),
        remote=Share(*await remote_media.total()),
        unused=Share(*await remote_media.count_unused(now - kept.max_age)),
        unsent=Share(*await media.count_forgotten(now - UNSENT_FOR)),
        nameless=Share(len(nameless), sum(one.size_bytes for one in nameless)),
    )


async def prune(kept: MediaKept, now: datetime) -> None:
    """Remove what has had its time, and files of other servers beyond their room."""
    await media.reap(now - UNSENT_FOR)
    await media.reap_pictures(now - PICTURES_FOR)
    await remote_media.forget_failures(now - FAILED_FOR)
    while unused := await remote_media.unused_since(now - kept.max_age):
        await let_go(unused, kept.remote)
    await _within_room(kept)
    for one in await _nameless_own(kept, now):
        await kept.own.remove(one.digest)
    for one in await _nameless_remote(kept, now):
        await kept.remote.remove(one.digest)
    for blobs in (kept.own, kept.remote):
        await blobs.sweep(now - NAMELESS_FOR)


async def _within_room(kept: MediaKept) -> None:
    """The room may have become less since they were fetched."""
    while (await remote_media.total())[1] > kept.max_bytes:
        await let_go(await remote_media.oldest(1), kept.remote)


async def _nameless_own(kept: MediaKept, now: datetime) -> list[Blob]:
    # The files are listed first: what is put meanwhile is named or young.
    lying = await kept.own.all()
    return _old(lying, await media.named_files(), now)


async def _nameless_remote(kept: MediaKept, now: datetime) -> list[Blob]:
    lying = await kept.remote.all()
    return _old(lying, await remote_media.named_files(), now)


def _old(lying: list[Blob], named: frozenset[str], now: datetime) -> list[Blob]:
    until = (now - NAMELESS_FOR).timestamp()
    return [one for one in lying if one.digest not in named and one.written_at < until]
