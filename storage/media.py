"""What people here have uploaded: a row for each file, by the secret of its address.

A row without a message is an upload that nobody has sent yet. It goes after a day, unless a draft
of its owner's takes it along, and then a day after it has left that; with a message it goes with
that. The picture of a person or group has the actor as its subject instead, and goes when that has
another one.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from storage import changes as c
from storage.database import Row, fetch, insert_many, run
from storage.errors import Conflict
from storage.times import to_ms

_FOUND: Final = """
SELECT id, account, token, name, media_type, digest, thumbnail_digest, size, width, height,
  blurhash, description, message_id, subject
FROM media
"""

BY_ID: Final = f"{_FOUND} WHERE id = ANY($1)"
OF_MESSAGE: Final = f"{_FOUND} WHERE message_id = $1"
OF_MESSAGES: Final = f"{_FOUND} WHERE message_id = ANY($1)"
OF_ACCOUNT: Final = f"{_FOUND} WHERE account = $1 AND id > $2 ORDER BY id LIMIT $3"
BY_TOKEN: Final = f"{_FOUND} WHERE token = $1"

# How much room an account's uploads take.
USED: Final = """
SELECT COALESCE(SUM(size + thumbnail_size), 0) AS used FROM media WHERE account = $1
"""

# SECURITY: a file is shown by one message (tests/media/test_attaching.py). Of two messages that
# want it at the same time the second one finds it taken here.
ATTACH: Final = """
UPDATE media SET message_id = $2 WHERE id = $1 AND message_id = '' AND subject = ''
"""

# What a message shows keeps its words: others have them.
DESCRIBE: Final = """
UPDATE media SET description = $3
WHERE id = $1 AND account = $2 AND message_id = '' AND subject = ''
"""

KEEP_ON: Final = """
UPDATE media SET created_at = $2 WHERE id = ANY($1) AND message_id = '' AND subject = ''
"""

DROP: Final = "DELETE FROM media WHERE message_id = ANY($1)"

# SECURITY: the address of a picture is told by whoever shows it, so it does not say alone which one
# goes; tests/media/test_group_pictures.py.
DROP_PICTURE: Final = "DELETE FROM media WHERE subject = $1 AND token = $2"
DROP_PICTURES: Final = "DELETE FROM media WHERE subject = $1 AND subject <> ''"

# Pictures that a home has never taken, or that were replaced while nobody looked.
FORGET_PICTURES: Final = """
DELETE FROM media WHERE message_id = '' AND subject <> '' AND created_at < $1
  AND NOT EXISTS (SELECT 1 FROM actor
    WHERE actor.uri = media.subject AND actor.icon LIKE '%' || media.token || '%')
  AND NOT EXISTS (SELECT 1 FROM conversation
    WHERE conversation.uri = media.subject AND conversation.state LIKE '%' || media.token || '%')
"""

# Uploads that nobody has sent, and that go with no draft; and how many there are. The drafts looked
# through are those of one person, and an id has no letter that LIKE reads as another.
_FORGOTTEN: Final = """message_id = '' AND subject = '' AND created_at < $1
  AND NOT EXISTS (SELECT 1 FROM account AS owner
    JOIN draft AS d ON d.actor_uri = owner.actor_uri
    WHERE owner.name = media.account AND d.media_ids LIKE '%"' || media.id || '"%')"""
FORGET: Final = "DELETE FROM media WHERE <forgotten>".replace("<forgotten>", _FORGOTTEN)
FORGOTTEN: Final = """
SELECT count(*) AS files, COALESCE(SUM(size + thumbnail_size), 0) AS size FROM media
WHERE <forgotten>
""".replace("<forgotten>", _FORGOTTEN)

NAMED: Final = """
SELECT digest FROM media UNION SELECT thumbnail_digest FROM media WHERE thumbnail_digest <> ''
"""

TOTAL: Final = """
SELECT count(*) AS files, COALESCE(SUM(size + thumbnail_size), 0) AS size FROM media
"""


# Accounts by what their uploads take.
BY_ACCOUNT: Final = """
SELECT account, count(*) AS files, SUM(size + thumbnail_size) AS size FROM media
GROUP BY account ORDER BY size DESC, account LIMIT $1 OFFSET $2
"""


async def by_account(*, begin: int, limit: int) -> list[Row]:
    """Accounts with uploads, those with the most bytes first: `account`, `files`, `size`."""
    rows = await fetch(BY_ACCOUNT, limit, begin)
    return sorted(rows, key=lambda row: (-int(row["size"]), row["account"]))


async def by_id(ids: Collection[str]) -> list[Row]:
    """These uploads, in no order."""
    return await fetch(BY_ID, list(ids))


async def of_message(message_id: str) -> list[Row]:
    """The uploads that a message shows, in no order."""
    return await fetch(OF_MESSAGE, message_id)


async def of_messages(message_ids: Collection[str]) -> list[Row]:
    """The uploads that these messages show, in no order."""
    return await fetch(OF_MESSAGES, list(message_ids))


async def of_account(account: str, *, after: str, limit: int) -> list[Row]:
    """The uploads of an account with a greater id, by id."""
    return await fetch(OF_ACCOUNT, account, after, limit)


async def find_by_token(token: str) -> Row | None:
    """The upload whose address holds this secret."""
    rows = await fetch(BY_TOKEN, token)
    return rows[0] if rows else None


def is_free(row: Row) -> bool:
    """Whether no message shows an upload, and it is nobody's picture."""
    return not row["message_id"] and not row["subject"]


async def used_bytes(account: str) -> int:
    """How much room an account's uploads take."""
    return int((await fetch(USED, account))[0]["used"])


async def add(changes: Sequence[c.AddMedia]) -> None:
    """Write uploads; inside a transaction."""
    columns = (
        *("id", "account", "token", "name", "media_type", "digest", "thumbnail_digest", "size"),
        *("thumbnail_size", "width", "height", "blurhash", "description", "message_id"),
        *("subject", "created_at"),
    )
    rows = [
        (
            *(m.id, m.account, m.token, m.name, m.media_type, m.digest, m.thumbnail_digest),
            *(m.size, m.thumbnail_size, m.width, m.height, m.blurhash, m.description, ""),
            *(m.subject, to_ms(m.at)),
        )
        for m in changes
    ]
    await insert_many("media", columns, rows)


async def attach(changes: Sequence[c.AttachMedia]) -> None:
    """Give uploads to messages; inside a transaction.

    Raises:
        Conflict: One of them has a message already.
    """
    for one in changes:
        if await run(ATTACH, one.media_id, one.message_id) != 1:
            raise Conflict("an upload is attached already")


async def describe(media_id: str, account: str, description: str) -> bool:
    """Say what an upload shows; False where it is not this account's, or sent already."""
    return await run(DESCRIBE, media_id, account, description) == 1


async def keep_on(ids: Collection[str], at: datetime) -> None:
    """Let these uploads, as far as nobody has sent them, stay as long as if they came now."""
    await run(KEEP_ON, list(ids), to_ms(at))


async def drop(changes: Sequence[c.DropMedia]) -> None:
    """Forget what these messages show; their files go with the next upkeep."""
    await run(DROP, [one.message_id for one in changes])


async def drop_picture(changes: Sequence[c.DropPicture]) -> None:
    """Forget pictures that their subjects have no longer; inside a transaction."""
    for one in changes:
        await run(DROP_PICTURE, one.subject, one.token)


async def drop_pictures(subject: str) -> None:
    """Forget all pictures of a person or group; inside a transaction."""
    await run(DROP_PICTURES, subject)


async def count_forgotten(before: datetime) -> tuple[int, int]:
    """How many uploads older than this nobody has sent, and their bytes."""
    row = (await fetch(FORGOTTEN, to_ms(before)))[0]
    return int(row["files"]), int(row["size"])


async def reap(before: datetime) -> int:
    """Forget uploads older than this that nobody has sent; answer how many."""
    return await run(FORGET, to_ms(before))


async def reap_pictures(before: datetime) -> int:
    """Forget pictures older than this that are nobody's; answer how many."""
    return await run(FORGET_PICTURES, to_ms(before))


async def named_files() -> frozenset[str]:
    """The digests of all files that a row names."""
    return frozenset(row["digest"] for row in await fetch(NAMED))


async def total() -> tuple[int, int]:
    """How many uploads there are, and their bytes."""
    row = (await fetch(TOTAL))[0]
    return int(row["files"]), int(row["size"])
