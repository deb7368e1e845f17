"""The files that somebody here has uploaded, as they take them along."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from federation.protocol.namespace import Namespace
from storage import media
from storage.blobs import Blobs
from storage.database import Row


@dataclass(frozen=True, slots=True)
class OwnFile:
    """An upload.

    Attributes:
        name: What it is called in an archive: no two have the same name.
        message_id: Of the message that shows it, or "".
        is_picture: Whether it is the picture of a person or group.
        url: Where it is served.
        path: Where it lies.
    """

    id: str
    name: str
    media_type: str
    description: str
    size: int
    message_id: str
    is_picture: bool
    url: str
    path: Path


async def list_own_files(
    blobs: Blobs, account: str, space: Namespace, *, after: str, limit: int
) -> tuple[OwnFile, ...]:
    """Uploads of an account with a greater id, by id."""
    rows = await media.of_account(account, after=after, limit=limit)
    return tuple([_shown(row, blobs, space) for row in rows])


async def names_of_shown(
    account: str, message_ids: Collection[str], space: Namespace
) -> Mapping[str, str]:
    """The files of this account that these messages show: by their URL, how they are called."""
    rows = await media.of_messages(message_ids) if message_ids else []
    return {_url(row, space): _name(row) for row in rows if row["account"] == account}


def _shown(row: Row, blobs: Blobs, space: Namespace) -> OwnFile:
    return OwnFile(
        id=row["id"],
        name=_name(row),
        media_type=row["media_type"],
        description=row["description"],
        size=row["size"],
        message_id=row["message_id"],
        is_picture=bool(row["subject"]),
        url=_url(row, space),
        path=blobs.path(row["digest"]),
    )


def _name(row: Row) -> str:
    return f"{row['id']}-{row['name']}"


def _url(row: Row, space: Namespace) -> str:
    return space.media(row["token"], row["name"])
