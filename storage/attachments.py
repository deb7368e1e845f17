"""PURE: a message's row holds what the message shows as one text."""

from collections.abc import Sequence

import msgspec

from storage.changes import Attachment

_READER = msgspec.json.Decoder(tuple[Attachment, ...])


def encode(attachments: Sequence[Attachment]) -> str:
    """What goes into the column; "" for nothing."""
    return msgspec.json.encode(attachments).decode() if attachments else ""


def decode(text: str) -> tuple[Attachment, ...]:
    """What a message shows, in its order."""
    return _READER.decode(text) if text else ()
