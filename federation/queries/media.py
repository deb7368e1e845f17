"""Files that this node serves: those of its people by their secret, others' by a link of ours."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from federation.content.file_type import TYPES
from federation.content.picture import THUMBNAIL_TYPE
from federation.policy.rule import Effect
from federation.protocol.media_link import KEY_NAME, PARTS, SMALL, MediaLink
from federation.protocol.namespace import THUMBNAIL_NAME, Namespace
from federation.protocol.verdict import Refused
from federation.queries.attachments import upload_view
from federation.queries.limits import limits_of
from federation.queries.views import UploadView
from federation.remote.media import RemoteMedia
from storage import actors, media, timelines, viewing
from storage.attachments import decode
from storage.blobs import Blobs
from storage.changes import Attachment
from storage.database import Row
from storage.remote_media import Kept
from storage.settings import find_setting

NOT_OURS: Final = Refused("This link was not made here.", 403)
HIDDEN: Final = Refused("", 404)
# What another server sent is never called as it was there.
REMOTE_NAME: Final = "file"


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A file to be sent.

    Attributes:
        media_type: What it is served as.
        name: What a download is called.
        is_picture: Whether it was made anew here, so that a browser may draw it.
        is_public: Whether everybody may keep a copy.
    """

    path: Path
    media_type: str
    name: str
    is_picture: bool
    is_public: bool = False


async def find_own(blobs: Blobs, token: str, name: str) -> MediaFile | None:
    """The file of a local person under this secret and exactly this name."""
    row = await media.find_by_token(token)
    if row is None:
        return None
    subject = await actors.find_actor(row["subject"]) if row["subject"] else None
    # Nothing of a person is served who is suspended.
    if subject is not None and subject.state != actors.ACTIVE:
        return None
    is_public = subject is not None and subject.kind == "person"
    if name == THUMBNAIL_NAME and row["thumbnail_digest"]:
        found = await _file(blobs, row["thumbnail_digest"], THUMBNAIL_TYPE, name)
    elif name == row["name"]:
        found = await _file(blobs, row["digest"], row["media_type"], name)
    else:
        return None
    return replace(found, is_public=is_public) if found is not None else None


async def find_upload(account: str, media_id: str, space: Namespace) -> UploadView | None:
    """An upload as its owner sees it."""
    rows = await media.by_id([media_id])
    if not rows or rows[0]["account"] != account:
        return None
    return upload_view(rows[0], space)


async def find_upload_at(account: str, url: str, space: Namespace) -> str | None:
    """Our id of an upload by its URL, for its owner."""
    token = space.media_token(url)
    row = await media.find_by_token(token) if token else None
    return str(row["id"]) if row is not None and row["account"] == account else None


async def find_remote(
    remote: RemoteMedia, space: Namespace, link: MediaLink, mac: str
) -> MediaFile | Refused:
    """A file of another server, fetched when it is not here.

    1. The link was made by this node.
    2. Its person sees the message, and has accepted the conversation.
    3. The message shows a file of another server there.
    """
    key = await find_setting(KEY_NAME)
    if key is None or link.part not in PARTS or not link.holds(key, mac):  # 1
        return NOT_OURS
    row = await timelines.find_shown(link.message_id, space.person(link.account))  # 2
    if row is None or not await _has_accepted(row, space.person(link.account)):
        return HIDDEN
    kept_back = await limits_of([row], [space.person(link.account)])
    if Effect.STRIP_MEDIA in kept_back.of(row, space.person(link.account)):
        return HIDDEN
    shown = _at(row, link.position)  # 3
    if shown is None or shown.is_ours:
        return HIDDEN
    kept = await remote.get(shown.url, shown.digest)
    return kept if isinstance(kept, Refused) else await part_of(remote.blobs, kept, link.part)


async def _has_accepted(row: Row, person: str) -> bool:
    return await viewing.has_accepted(person, row["conversation_id"])


def _at(row: Row, position: int) -> Attachment | None:
    shown = decode(row["attachments"])
    # A card is no file.
    return shown[position] if position < len(shown) and not shown[position].title else None


async def part_of(blobs: Blobs, kept: Kept, part: str) -> MediaFile | Refused:
    """A file of another server that is here, or its thumbnail."""
    kind = TYPES[kept.media_type]
    name = f"{REMOTE_NAME}.{kind.extension}"
    if part == SMALL:
        if not kept.thumbnail_digest:
            return HIDDEN
        found = await _file(blobs, kept.thumbnail_digest, THUMBNAIL_TYPE, THUMBNAIL_NAME)
    else:
        found = await _file(blobs, kept.digest, kept.media_type, name)
    return found or HIDDEN


async def _file(blobs: Blobs, digest: str, media_type: str, name: str) -> MediaFile | None:
    if not await blobs.has(digest):
        return None
    kind = TYPES[media_type]
    return MediaFile(blobs.path(digest), kind.served_as, name, kind.is_image)


async def used_bytes(account: str) -> int:
    """How much room the files of an account take, their small pictures included."""
    return await media.used_bytes(account)
