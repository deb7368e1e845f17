"""Whoever is about to send a link sees what goes along with it, and may want none of that."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from federation.commands.pace import Pace
from federation.content.links import links_to
from federation.content.markdown import to_html
from federation.content.plain import clean_name
from federation.protocol.card import DESCRIPTION_CHARS_MAX, TITLE_CHARS_MAX, Card, card_url
from federation.protocol.verdict import Refused
from federation.remote.previews import read_card
from federation.transport.client import Client
from storage.habits import get_habits

# So many pages a person may have looked at, and so many are looked at together.
LOOKS_MAX: Final = 30
LOOKS_WITHIN: Final = timedelta(minutes=5)
AT_ONCE: Final = 16

NOTHING: Final = Refused("There is nothing to show of this page.", 404)
UNWANTED: Final = Refused("By your settings, links of yours go without a preview.", 409)
TOO_MANY: Final = Refused("Please wait before looking at more pages.", 429, retry_after_s=60)
NOT_LINKED: Final = Refused("The text has no link to the page of its preview.", 422)
NO_CARD: Final = Refused("A preview has the address and the title of a page.", 422)


class Previews:
    """Looks at pages for the people of this node, for each of them not too often."""

    def __init__(self, client: Client, clock: Callable[[], datetime]) -> None:
        self._client = client
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._pace = Pace(clock, LOOKS_MAX, LOOKS_WITHIN)

    async def look(self, person: str, url: str) -> Card | Refused:
        """What the page at an address says of itself; nothing is asked for who wants no cards."""
        if not await wants_cards(person):
            return UNWANTED
        if not self._pace.may(person):
            return TOO_MANY
        async with self._slots:
            card = await read_card(self._client, url)
        return card or NOTHING


async def wants_cards(person: str) -> bool:
    """Whether the messages of a local person carry cards of what they link to.

    Raises:
        LookupError: There is no such account.
    """
    return (await get_habits(person)).previews


def judge_card(text: str, url: str, title: str, description: str) -> Card | Refused:
    """The card of a message, as its author has seen it.

    Args:
        text: The message in Markdown, which links to the page.
        url: The page.
        title: What it says of itself.
        description: Likewise, or "".
    """
    card = Card(
        card_url(url),
        clean_name(title, TITLE_CHARS_MAX),
        clean_name(description, DESCRIPTION_CHARS_MAX),
    )
    if not card.url or not card.title:
        return NO_CARD
    return card if links_to(to_html(text), card.url) else NOT_LINKED
