"""What a message shows beside its text, as it is kept.

Source: groups-protocol.md 6.1; security.md 8.
"""

from collections.abc import Sequence

from federation.activities.message import Message
from federation.activities.situation import Situation
from federation.content.plain import clean_name
from federation.protocol import attachment as wire
from storage.changes import Attachment


def kept(message: Message, situation: Situation) -> tuple[Attachment, ...]:
    """What a message shows; of ours with what only this node knows."""
    own = {upload.shown.url: upload.shown for upload in situation.uploads}
    return tuple(
        own[one.url] if situation.by_us and one.url in own else _foreign(one)
        for one in message.attachments
    )


def on_the_wire(attachments: Sequence[Attachment]) -> tuple[wire.Attachment, ...]:
    """What others are told of files of ours."""
    return tuple(
        wire.Attachment(
            url=one.url,
            media_type=one.media_type,
            description=one.description,
            width=one.width,
            height=one.height,
            blurhash=one.blurhash,
            digest=one.digest,
        )
        for one in attachments
    )


def _foreign(one: wire.Attachment) -> Attachment:
    return Attachment(
        url=one.url,
        media_type=one.media_type,
        description=clean_name(one.description, wire.DESCRIPTION_CHARS_MAX),
        width=one.width,
        height=one.height,
        blurhash=one.blurhash,
        digest=one.digest,
    )
