"""What a Note says of a page that its text links to: a few words, made by the author's node.

It stands in `preview`, of ActivityStreams, as a Page: what does not know it passes over it.

Source: docs/decisions/0025-a-card-travels-with-its-message.md
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from federation.protocol import json_ld
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.uri import LINK_CHARS_MAX, canonical

TITLE_CHARS_MAX: Final = 200
DESCRIPTION_CHARS_MAX: Final = 400
PAGE: Final = "Page"


@dataclass(frozen=True, slots=True)
class Card:
    """A page as its sender saw it.

    Attributes:
        url: In canonical form, without fragment.
        title: As it came, as is the description; neither is longer than its limit.
    """

    url: str
    title: str
    description: str = ""


def parse_card(value: object) -> Card | None:
    """The value of `preview`; None where there is none that says what it is a card of."""
    if not isinstance(value, Mapping) or json_ld.type_of(value) != PAGE:
        return None
    url, title = card_url(value.get("url")), value.get("name")
    if not url or not isinstance(title, str) or not title:
        return None
    said = value.get("summary")
    description = said if isinstance(said, str) else ""
    return Card(url, title[:TITLE_CHARS_MAX], description[:DESCRIPTION_CHARS_MAX])


def card_url(value: object) -> str:
    """An address that a card may stand for, in canonical form; "" for any other."""
    try:
        return canonical(value, allow_http=True, chars_max=LINK_CHARS_MAX).partition("#")[0]
    except RemoteProtocolError:
        return ""


def page(card: Card) -> dict[str, Any]:
    """A card as a Note carries it."""
    return {
        "type": PAGE,
        "url": card.url,
        "name": card.title,
        **({"summary": card.description} if card.description else {}),
    }
