"""A person hands in a file: its bytes say what it is, and a picture is made anew."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Protocol

from federation.commands.desk import Made, find_repeated
from federation.commands.once import MaybeOnce, once_for
from federation.content.file_type import TYPES, FileType, sniff
from federation.content.picture import Derive, Unreadable
from federation.content.plain import clean_name
from federation.protocol.attachment import DESCRIPTION_CHARS_MAX
from federation.protocol.namespace import THUMBNAIL_NAME
from federation.protocol.verdict import Refused
from storage import media
from storage.blobs import Blobs
from storage.changes import AddMedia, Change, RememberKey
from storage.database import exclusive, transaction
from storage.errors import Conflict
from storage.write import write

TOKEN_BYTES: Final = 16
NAME_CHARS_MAX: Final = 60
CONFLICTS_MAX: Final = 3

EMPTY: Final = Refused("The file is empty.", 422)
NOT_TAKEN: Final = Refused("This node does not take that kind of file.", 422)
FULL: Final = Refused("There is no room left for your uploads.", 413)
NO_UPLOAD: Final = Refused("There is no such upload, or it is sent already.", 404)
TOO_LONG: Final = Refused(f"A description has at most {DESCRIPTION_CHARS_MAX} characters.", 422)

_UNFIT: Final = re.compile(r"[^A-Za-z0-9_-]+")


class Secrets(Protocol):
    """Where ids and secrets come from: node/entropy.py."""

    def new_id(self) -> str:
        """A ULID, greater than every one before."""

    def hexadecimal(self, nbytes: int = 16) -> str:
        """This many random bytes in hexadecimal."""


@dataclass(frozen=True, slots=True)
class Intake:
    """What it takes to take files in.

    Attributes:
        blobs: Where files lie.
        derive: Makes a picture anew.
        square: Makes one anew, cut to a square of at most 400 pixels that does not move.
        user_max_bytes: How much room one account gets.
    """

    blobs: Blobs
    derive: Derive
    square: Derive
    entropy: Secrets
    clock: Callable[[], datetime]
    user_max_bytes: int


@dataclass(frozen=True, slots=True)
class Upload:
    """What somebody hands in.

    Attributes:
        account: Whose it is.
        name: What they call the file; nothing is decided by it.
        key: The key under which a repeat makes nothing more, or "".
    """

    account: str
    data: bytes
    name: str = ""
    description: str = ""
    key: str = ""


async def upload_media(intake: Intake, upload: Upload) -> Made | Refused:
    """Keep a file; answers its id.

    Source: security.md 8
    """
    kind = sniff(upload.data) if upload.data else None
    if kind is None:
        return NOT_TAKEN if upload.data else EMPTY
    if len(upload.description) > DESCRIPTION_CHARS_MAX:
        return TOO_LONG
    repeated = await _repeated(upload)
    if repeated is not None:
        return repeated
    if await media.used_bytes(upload.account) >= intake.user_max_bytes:
        return FULL
    made = await row_of(intake, upload, kind, derive=intake.derive)
    return made if isinstance(made, Refused) else await _kept(intake, upload, made)


async def describe_media(account: str, media_id: str, description: str) -> Made | Refused:
    """Say what an upload shows that no message shows yet; answers its id."""
    if len(description) > DESCRIPTION_CHARS_MAX:
        return TOO_LONG
    words = clean_name(description, DESCRIPTION_CHARS_MAX)
    async with transaction():
        is_described = await media.describe(media_id, account, words)
    return Made(media_id) if is_described else NO_UPLOAD


async def _repeated(upload: Upload) -> Made | Refused | None:
    remembered = _remembering(upload)
    return None if remembered is None else await find_repeated(remembered)


def _remembering(upload: Upload) -> MaybeOnce:
    if not upload.key:
        return None
    body = {
        "file": hashlib.sha256(upload.data).hexdigest(),
        "name": upload.name,
        "description": upload.description,
    }
    return once_for(upload.account, upload.key, target="POST /media", body=body)


async def row_of(
    intake: Intake, upload: Upload, kind: FileType, *, derive: Derive
) -> AddMedia | Refused:
    """The row, not yet written, of a file that lies where it belongs."""
    now = intake.clock()
    row = AddMedia(
        id=intake.entropy.new_id(),
        account=upload.account,
        token=intake.entropy.hexadecimal(TOKEN_BYTES),
        name=_name(upload.name, kind),
        media_type=kind.media_type,
        digest="",
        thumbnail_digest="",
        size=len(upload.data),
        thumbnail_size=0,
        width=None,
        height=None,
        blurhash="",
        description=clean_name(upload.description, DESCRIPTION_CHARS_MAX),
        at=now,
    )
    if not kind.is_image:
        return replace(row, digest=await intake.blobs.put(upload.data, now))
    picture = await derive(upload.data, kind)
    if isinstance(picture, Unreadable):
        return Refused(picture.why, 422)
    return replace(
        row,
        name=_name(upload.name, TYPES[picture.media_type]),
        media_type=picture.media_type,
        digest=await intake.blobs.put(picture.data, now),
        thumbnail_digest=await intake.blobs.put(picture.thumbnail, now),
        size=len(picture.data),
        thumbnail_size=len(picture.thumbnail),
        width=picture.width,
        height=picture.height,
        blurhash=picture.blurhash,
    )


async def _kept(intake: Intake, upload: Upload, row: AddMedia) -> Made | Refused:
    """Write the row, or nothing. A file without a row goes by upkeep."""
    once = _remembering(upload)
    changes: list[Change] = [row]
    if once is not None:
        changes.append(RememberKey(once.account, once.key, once.request_hash, row.id, row.at))
    try:
        async with transaction():
            # Two uploads at once do not both find the same room.
            await exclusive(f"media {upload.account}")
            used = await media.used_bytes(upload.account)
            if used + row.size + row.thumbnail_size > intake.user_max_bytes:
                return FULL
            await write(changes)
    except Conflict:
        # The same request in parallel was faster.
        repeated = await _repeated(upload)
        if repeated is None:
            raise
        return repeated
    return Made(row.id)


def _name(given: str, kind: FileType) -> str:
    """What an address ends in: letters of the name that was given, and the type's own extension."""
    stem = given.rpartition(".")[0] or given
    plain = _UNFIT.sub("-", stem).strip("-")[:NAME_CHARS_MAX].strip("-") or "file"
    name = f"{plain}.{kind.extension}"
    return f"file.{kind.extension}" if name == THUMBNAIL_NAME else name
