"""What a Note shows beside its text, read as far as it can be believed and no further.

Source: groups-protocol.md 6.1 and 6.2.8; security.md 8 and 11.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from federation.protocol import json_ld
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.uri import LINK_CHARS_MAX, canonical

ATTACHMENTS_MAX: Final = 16
DESCRIPTION_CHARS_MAX: Final = 1500
SIDE_MAX: Final = 65_535

_TYPES: Final = frozenset({"Document", "Image", "Audio", "Video"})
_MEDIA_TYPE: Final = re.compile(r"[a-z]+/[a-z0-9][a-z0-9.+-]{0,99}")
_BLURHASH: Final = re.compile(r"[0-9A-Za-z#$%*+,\-.:;=?@\[\]^_{|}~]{6,100}")
_DIGEST: Final = re.compile(r"z[1-9A-HJ-NP-Za-km-z]{44,48}")
_UNKNOWN: Final = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that a Note shows.

    Attributes:
        url: In canonical form; readable without a signature.
        media_type: What its author says; nothing is decided by it.
        description: What its author says of it, as it came; at most 1,500 characters.
        width: In pixels, or None; likewise the height.
        blurhash: Or "".
        digest: `digestMultibase` of the file, or "".
    """

    url: str
    media_type: str
    description: str = ""
    width: int | None = None
    height: int | None = None
    blurhash: str = ""
    digest: str = ""


def parse_attachments(value: object) -> tuple[Attachment, ...]:
    """The value of `attachment`, in its order; what is malformed is left out.

    Whether a URL may be fetched is judged when it is.
    """
    if value is None:
        return ()
    items = json_ld.as_list(value)[:ATTACHMENTS_MAX]
    found = (_parsed(item) for item in items if isinstance(item, Mapping))
    return tuple(one for one in found if one is not None)


def _parsed(item: Mapping[str, Any]) -> Attachment | None:
    if json_ld.type_of(item) not in _TYPES:
        return None
    link = _link(item)
    url = _url(link.get("href"))
    if not url:
        return None
    media_type = item.get("mediaType") or link.get("mediaType")
    return Attachment(
        url=url,
        media_type=_fitting(_MEDIA_TYPE, media_type) or _UNKNOWN,
        description=_description(item),
        width=_side(item.get("width", link.get("width"))),
        height=_side(item.get("height", link.get("height"))),
        blurhash=_fitting(_BLURHASH, item.get("blurhash")),
        digest=_fitting(_DIGEST, item.get("digestMultibase", link.get("digestMultibase"))),
    )


def _link(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """The first address: a text, or a Link as Pixelfed and PeerTube send it."""
    first = next(iter(json_ld.as_list(item.get("url"))), None)
    if isinstance(first, str):
        return {"href": first}
    return first if isinstance(first, Mapping) else {}


def _url(value: object) -> str:
    try:
        return canonical(value, allow_http=True, chars_max=LINK_CHARS_MAX).partition("#")[0]
    except RemoteProtocolError:
        return ""


def _description(item: Mapping[str, Any]) -> str:
    named = item.get("name") or item.get("summary")
    return named[:DESCRIPTION_CHARS_MAX] if isinstance(named, str) else ""


def _side(value: object) -> int | None:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if is_number and isinstance(value, int) and 0 < value <= SIDE_MAX else None


def _fitting(pattern: re.Pattern[str], value: object) -> str:
    return value if isinstance(value, str) and pattern.fullmatch(value) else ""


def document(attachment: Attachment) -> dict[str, Any]:
    """An attachment as a Note carries it."""
    size = {"width": attachment.width, "height": attachment.height}
    return {
        "type": "Document",
        "mediaType": attachment.media_type,
        "url": attachment.url,
        **({"name": attachment.description} if attachment.description else {}),
        **(size if attachment.width and attachment.height else {}),
        **({"blurhash": attachment.blurhash} if attachment.blurhash else {}),
        "digestMultibase": attachment.digest,
    }
