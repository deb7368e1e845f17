"""What people upload, and where it is shown."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class AddMedia:
    """Somebody here has uploaded a file.

    Attributes:
        token: The secret part of its address, 128 random bits.
        name: The last part of its address.
        digest: SHA-256 of the file in hexadecimal.
        thumbnail_digest: Likewise, or "" where there is no thumbnail.
        subject: The person or group whose picture it is, or "".
    """

    id: str
    account: str
    token: str
    name: str
    media_type: str
    digest: str
    thumbnail_digest: str
    size: int
    thumbnail_size: int
    width: int | None
    height: int | None
    blurhash: str
    description: str
    at: datetime
    subject: str = ""


@dataclass(frozen=True, slots=True)
class AttachMedia:
    """A message shows an upload; it was shown by none, or nothing is written."""

    media_id: str
    message_id: str


@dataclass(frozen=True, slots=True)
class DropMedia:
    """A message shows nothing any more, and the addresses of what it showed are dead."""

    message_id: str


@dataclass(frozen=True, slots=True)
class DropPicture:
    """A person or group is no longer shown by this picture, if it is one of theirs."""

    subject: str
    token: str
