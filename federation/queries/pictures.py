"""Pictures of people and groups reach our people from here, those of strangers not at all."""

from dataclasses import dataclass
from typing import Final

from federation.protocol.errors import RemoteProtocolError
from federation.protocol.media_link import SMALL
from federation.protocol.namespace import THUMBNAIL_NAME, Namespace
from federation.protocol.uri import LINK_CHARS_MAX, canonical
from federation.protocol.verdict import Refused
from federation.queries.conversations import find_conversation
from federation.queries.limits import is_without_media
from federation.queries.media import HIDDEN, MediaFile, find_own, part_of
from federation.queries.members import ASKED
from federation.remote.media import RemoteMedia
from storage import viewing
from storage.actors import ACTIVE, StoredActor
from storage.blobs import Blobs

# More than any server takes.
BYTES_MAX: Final = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Pictures:
    """Where pictures lie.

    Attributes:
        own: Of people here, and of groups by people here.
        remote: Fetches the others, and keeps them.
    """

    own: Blobs
    remote: RemoteMedia
    space: Namespace


async def picture_of_person(
    pictures: Pictures, viewer: str, person: StoredActor
) -> MediaFile | Refused:
    """A small picture of somebody; of a stranger elsewhere none is fetched.

    Source: chat-ux.md 9; operations.md 8
    """
    if person.state != ACTIVE or not person.icon:
        return HIDDEN
    if not person.local and person.uri not in await viewing.known_among(viewer, [person.uri]):
        return HIDDEN
    if is_without_media(person.uri):
        return HIDDEN
    return await _small(pictures, person.icon)


async def picture_of_group(
    pictures: Pictures, viewer: str, conversation_id: str
) -> MediaFile | Refused:
    """A small picture of a group, for whoever has said yes to it."""
    view = await find_conversation(viewer, conversation_id)
    if view is None or not view.icon or view.state in ASKED or is_without_media(view.uri):
        return HIDDEN
    return await _small(pictures, view.icon)


async def _small(pictures: Pictures, icon: str) -> MediaFile | Refused:
    if pictures.space.is_ours(icon):
        token = pictures.space.media_token(icon)
        return await find_own(pictures.own, token, THUMBNAIL_NAME) or HIDDEN
    try:
        # Whether plain http may be asked, the way out says.
        url = canonical(icon, allow_http=True, chars_max=LINK_CHARS_MAX)
    except RemoteProtocolError:
        return HIDDEN
    kept = await pictures.remote.get(url, "", bytes_max=BYTES_MAX)
    if isinstance(kept, Refused):
        return kept
    return await part_of(pictures.remote.blobs, kept, SMALL)
