"""What a message shows beside its text, as it is kept: files, and behind them a card.

Source: groups-protocol.md 6.1; security.md 8.
"""

from collections.abc import Sequence

from federation.activities.message import Message
from federation.activities.situation import Situation
from federation.content.links import links_to
from federation.content.plain import clean_name
from federation.content.sanitize import clean_html
from federation.protocol import attachment as wire
from federation.protocol.card import DESCRIPTION_CHARS_MAX, TITLE_CHARS_MAX
from storage.changes import Attachment

# What no file of a message is kept as.
CARD_TYPE = "text/x-card"


def kept(message: Message, situation: Situation) -> tuple[Attachment, ...]:
    """What a message shows; of ours with what only this node knows."""
    own = {upload.shown.url: upload.shown for upload in situation.uploads}
    files = (
        own[one.url] if situation.by_us and one.url in own else _foreign(one)
        for one in message.attachments
    )
    return (*files, *_card(message))


def _card(message: Message) -> tuple[Attachment, ...]:
    """The card of a message, behind its files, if its text links to that page."""
    card = message.card
    html = clean_html(message.content) if card is not None else None
    if card is None or html is None or not links_to(html, card.url):
        return ()
    title = clean_name(card.title, TITLE_CHARS_MAX)
    description = clean_name(card.description, DESCRIPTION_CHARS_MAX)
    return (Attachment(card.url, CARD_TYPE, description, title=title),) if title else ()


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
