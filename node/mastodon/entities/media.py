"""PURE: MediaAttachment, of what a message shows and of what somebody has uploaded.

Source: clients.md 5.3
"""

from typing import Final

from federation.queries.views import AttachmentView, UploadView
from node.mastodon.entities.site import Document

TYPES: Final = {"image": "image", "video": "video", "audio": "audio"}
UNKNOWN: Final = "unknown"


def shown_file(view: AttachmentView, number: int, position: int) -> Document:
    """A file of a message, which has no number of its own: the message's with its place."""
    return _file(view, f"{number}{position}")


def upload(view: UploadView, number: int) -> Document:
    """A file that somebody has uploaded."""
    return _file(view, str(number))


def _file(view: AttachmentView | UploadView, name: str) -> Document:
    kind = TYPES.get(view.media_type.partition("/")[0], UNKNOWN)
    return {
        "id": name,
        # Where it cannot be shown there is nothing to draw.
        "type": kind if view.url else UNKNOWN,
        "url": view.url or None,
        "preview_url": view.thumbnail_url or view.url or None,
        "remote_url": None,
        "preview_remote_url": None,
        "text_url": None,
        "meta": _meta(view),
        "description": view.description or None,
        "blurhash": view.blurhash or None,
    }


def _meta(view: AttachmentView | UploadView) -> Document:
    if not view.width or not view.height:
        return {}
    original = {
        "width": view.width,
        "height": view.height,
        "size": f"{view.width}x{view.height}",
        "aspect": view.width / view.height,
    }
    return {"original": original, "small": original}
