"""PURE: what becomes of a picture by anybody before it is kept or shown."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias

from federation.content.file_type import FileType


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that was decoded and made anew, without anything but its pixels.

    Attributes:
        media_type: Of `data`; it may differ from what came.
        width: In pixels, upright.
        thumbnail: At most 400 pixels wide and high, as WebP.
    """

    media_type: str
    data: bytes
    width: int
    height: int
    blurhash: str
    thumbnail: bytes


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The bytes are no picture, or too much of one.

    Attributes:
        why: For whoever sent it.
    """

    why: str


# Takes a picture apart where nothing is at stake: node/media/derive.py.
Derive: TypeAlias = Callable[[bytes, FileType], Awaitable[Picture | Unreadable]]

THUMBNAIL_TYPE = "image/webp"
