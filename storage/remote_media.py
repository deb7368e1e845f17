"""Files of other servers that this node keeps for a while: which, how large, and when last used."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

from storage.database import Row, fetch, insert_many, run
from storage.times import to_ms

_FOUND: Final = """
SELECT id, media_type, digest, thumbnail_digest, size, problem, used_at FROM remote_media
"""

BY_ID: Final = f"{_FOUND} WHERE id = ANY($1)"
OLDEST: Final = f"{_FOUND} WHERE size > 0 ORDER BY used_at, id LIMIT $1"
UNUSED: Final = f"{_FOUND} WHERE used_at < $1 ORDER BY used_at LIMIT 1000"
COUNT_UNUSED: Final = """
SELECT count(*) AS files, COALESCE(SUM(size), 0) AS size FROM remote_media WHERE used_at < $1
"""
FAILED: Final = "DELETE FROM remote_media WHERE problem <> '' AND fetched_at < $1"
USE: Final = "UPDATE remote_media SET used_at = $2 WHERE id = $1"
DROP: Final = "DELETE FROM remote_media WHERE id = ANY($1)"
TOTAL: Final = "SELECT count(*) AS files, COALESCE(SUM(size), 0) AS size FROM remote_media"
NAMED: Final = """
SELECT digest FROM remote_media WHERE digest <> ''
UNION SELECT thumbnail_digest FROM remote_media WHERE thumbnail_digest <> ''
"""
NAMING: Final = """
SELECT digest FROM remote_media WHERE digest = ANY($1)
UNION SELECT thumbnail_digest FROM remote_media WHERE thumbnail_digest = ANY($1)
"""

PUT: Final = """ON CONFLICT (id) DO UPDATE SET
  media_type = EXCLUDED.media_type, digest = EXCLUDED.digest,
  thumbnail_digest = EXCLUDED.thumbnail_digest, size = EXCLUDED.size,
  problem = EXCLUDED.problem, used_at = EXCLUDED.used_at, fetched_at = EXCLUDED.fetched_at"""


@dataclass(frozen=True, slots=True)
class Kept:
    """What was fetched, or why it is not to be shown.

    Attributes:
        digest: Of the file as it is kept; "" when there is none.
        size: Of the file and its thumbnail, in bytes.
        problem: A word, or "".
    """

    id: str
    media_type: str = ""
    digest: str = ""
    thumbnail_digest: str = ""
    size: int = 0
    problem: str = ""


def id_of(url: str, digest: str) -> str:
    """The key of a file elsewhere: two promises of one address are two files."""
    return sha256(f"{url}\n{digest}".encode()).hexdigest()


async def find_kept(media_id: str) -> tuple[Kept, int] | None:
    """What is kept under this key, and when it was last used in milliseconds."""
    rows = await fetch(BY_ID, [media_id])
    return (_kept(rows[0]), int(rows[0]["used_at"])) if rows else None


async def problems(ids: Collection[str]) -> dict[str, str]:
    """For each of these keys that was asked for before: a word, or "" when there is a file."""
    return {row["id"]: row["problem"] for row in await fetch(BY_ID, list(ids))} if ids else {}


async def put(kept: Kept, now: datetime) -> None:
    """Remember what a fetch has brought."""
    columns = (
        *("id", "media_type", "digest", "thumbnail_digest", "size", "problem", "used_at"),
        "fetched_at",
    )
    row = (
        *(kept.id, kept.media_type, kept.digest, kept.thumbnail_digest, kept.size, kept.problem),
        *(to_ms(now), to_ms(now)),
    )
    await insert_many("remote_media", columns, [row], conflict=PUT)


async def use(media_id: str, now: datetime) -> None:
    """Somebody has looked at it."""
    await run(USE, media_id, to_ms(now))


async def oldest(limit: int) -> list[Kept]:
    """Those with a file that nobody has looked at for the longest."""
    return [_kept(row) for row in await fetch(OLDEST, limit)]


async def unused_since(before: datetime) -> list[Kept]:
    """Up to a thousand that nobody has looked at since then."""
    return [_kept(row) for row in await fetch(UNUSED, to_ms(before))]


async def count_unused(before: datetime) -> tuple[int, int]:
    """How many nobody has looked at since then, and their bytes."""
    row = (await fetch(COUNT_UNUSED, to_ms(before)))[0]
    return int(row["files"]), int(row["size"])


async def drop(ids: Collection[str]) -> None:
    """Forget these; the caller removes their files."""
    await run(DROP, list(ids))


async def forget_failures(before: datetime) -> int:
    """Forget what could not be shown before then, so that it is tried again."""
    return await run(FAILED, to_ms(before))


async def still_named(digests: Collection[str]) -> frozenset[str]:
    """Those of these files that some row names."""
    return frozenset(row["digest"] for row in await fetch(NAMING, list(digests)))


async def named_files() -> frozenset[str]:
    """The digests of all files that a row names."""
    return frozenset(row["digest"] for row in await fetch(NAMED))


async def total() -> tuple[int, int]:
    """How many there are, and their bytes."""
    row = (await fetch(TOTAL))[0]
    return int(row["files"]), int(row["size"])


def _kept(row: Row) -> Kept:
    return Kept(
        id=row["id"],
        media_type=row["media_type"],
        digest=row["digest"],
        thumbnail_digest=row["thumbnail_digest"],
        size=int(row["size"]),
        problem=row["problem"],
    )
