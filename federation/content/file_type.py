"""What a file is, by its bytes against an allow-list; a name or a sender says nothing here.

Source: security.md 8
"""

from dataclasses import dataclass
from typing import Final

import puremagic

HEAD_BYTES: Final = 4096


@dataclass(frozen=True, slots=True)
class FileType:
    """A kind of file that this node takes.

    Attributes:
        extension: What its name ends in, without the dot.
        served_as: The media type it is served under; what a browser could run has none of its own.
    """

    media_type: str
    extension: str
    served_as: str

    @property
    def is_image(self) -> bool:
        """Whether it is decoded and made anew."""
        return self.media_type in PICTURES


_OPAQUE: Final = "application/octet-stream"
_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
_ODF: Final = "application/vnd.oasis.opendocument"

PICTURES: Final = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/avif": "avif",
}

# Kept and served as they came.
_PLAIN: Final = {
    "audio/mpeg": "mp3",
    "audio/ogg": "ogg",
    "audio/flac": "flac",
    "audio/wav": "wav",
    "audio/mp4": "m4a",
    "audio/aac": "aac",
    "video/mp4": "mp4",
    "video/webm": "webm",
    "video/quicktime": "mov",
    "video/x-matroska": "mkv",
    "application/pdf": "pdf",
    "application/zip": "zip",
    f"{_OFFICE}.wordprocessingml.document": "docx",
    f"{_OFFICE}.spreadsheetml.sheet": "xlsx",
    f"{_OFFICE}.presentationml.presentation": "pptx",
    f"{_ODF}.text": "odt",
    f"{_ODF}.spreadsheet": "ods",
    f"{_ODF}.presentation": "odp",
    "text/plain": "txt",
}

# SECURITY: what a browser could run or another server could believe is a download without a type;
# tests/media/test_serving.py.
_ACTIVE: Final = {
    "image/svg+xml": "svg",
    "text/html": "html",
    "application/xml": "xml",
    "application/json": "json",
}

TYPES: Final = {
    **{kind: FileType(kind, end, kind) for kind, end in {**PICTURES, **_PLAIN}.items()},
    **{kind: FileType(kind, end, _OPAQUE) for kind, end in _ACTIVE.items()},
}

# How a picture begins: (offset, bytes).
_PICTURE_STARTS: Final = (
    ("image/jpeg", 0, b"\xff\xd8\xff"),
    ("image/png", 0, b"\x89PNG\r\n\x1a\n"),
    ("image/gif", 0, b"GIF87a"),
    ("image/gif", 0, b"GIF89a"),
    ("image/webp", 8, b"WEBPVP8"),
    ("image/avif", 4, b"ftypavif"),
    ("image/avif", 4, b"ftypavis"),
)

# puremagic's words for types that we name otherwise.
_SYNONYMS: Final = {"application/ogg": "audio/ogg", "audio/wave": "audio/wav"}
_ZIP_START: Final = b"PK\x03\x04"
# What is inside of a ZIP file that is more than one.
_IN_ZIP: Final = (
    (b"mimetype" + f"{_ODF}.text".encode() + b"PK", f"{_ODF}.text"),
    (b"mimetype" + f"{_ODF}.spreadsheet".encode() + b"PK", f"{_ODF}.spreadsheet"),
    (b"mimetype" + f"{_ODF}.presentation".encode() + b"PK", f"{_ODF}.presentation"),
    (b"word/document.xml", f"{_OFFICE}.wordprocessingml.document"),
    (b"xl/workbook.xml", f"{_OFFICE}.spreadsheetml.sheet"),
    (b"ppt/presentation.xml", f"{_OFFICE}.presentationml.presentation"),
)
# What makes a text more than one, wherever in its head it stands.
_IN_TEXT: Final = (
    ("<svg", "image/svg+xml"),
    ("<!doctype html", "text/html"),
    ("<html", "text/html"),
    ("<script", "text/html"),
    ("<body", "text/html"),
    ("<?xml", "application/xml"),
)
_TEXT_STARTS: Final = (
    ("<", "application/xml"),
    ("{", "application/json"),
    ("[", "application/json"),
)


def sniff(data: bytes) -> FileType | None:
    """What these bytes are, or None for what this node does not take."""
    kind = _picture(data) or _binary(data) or _text(data)
    return TYPES.get(kind)


def _picture(data: bytes) -> str:
    for kind, offset, start in _PICTURE_STARTS:
        if data.startswith(start, offset):
            return kind
    return ""


def _binary(data: bytes) -> str:
    if data.startswith(_ZIP_START):
        inside = (kind for needle, kind in _IN_ZIP if needle in data)
        return next(inside, "application/zip")
    try:
        matches = puremagic.magic_string(data[:HEAD_BYTES])
    except (puremagic.PureError, ValueError):
        return ""
    kinds = (_SYNONYMS.get(match.mime_type, match.mime_type) for match in matches)
    return next((kind for kind in kinds if kind in _PLAIN and kind != "text/plain"), "")


def _text(data: bytes) -> str:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return ""
    if "\0" in text:
        return ""
    head = text[:HEAD_BYTES].lower().lstrip("\ufeff \t\r\n")
    for needle, kind in _IN_TEXT:
        if needle in head:
            return kind
    return next((kind for start, kind in _TEXT_STARTS if head.startswith(start)), "text/plain")
