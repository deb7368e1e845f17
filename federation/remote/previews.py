"""A page of the web is looked at once, for the person who is about to send its address.

Bounded in time and bytes, by the guarded client, without cookies and without naming anybody. Where
it leads elsewhere it is followed within what one owner has registered, so that no open redirect
puts a stranger's words under a known name.
"""

import asyncio
from http import HTTPStatus
from typing import Final

from federation.content.page_head import read_head
from federation.protocol.card import Card, card_url
from federation.protocol.domain import registrable_domain
from federation.protocol.uri import host_of
from federation.transport.answer import Answer
from federation.transport.client import Client

PAGE_MAX_BYTES: Final = 256 * 1024
DEADLINE_S: Final = 5.0
HTML: Final = frozenset({"text/html", "application/xhtml+xml"})
ACCEPT: Final = "text/html, application/xhtml+xml;q=0.9"


async def read_card(client: Client, url: str) -> Card | None:
    """What the page at an address says of itself; None where there is nothing to be shown."""
    asked = card_url(url)
    if not asked:
        return None
    try:
        async with asyncio.timeout(DEADLINE_S):
            answer = await client.look(
                asked, accept=ACCEPT, max_bytes=PAGE_MAX_BYTES, may_end_at=_has_one_owner
            )
    except TimeoutError:
        return None
    if not isinstance(answer, Answer) or answer.status != HTTPStatus.OK:
        return None
    content_type = answer.headers.get("content-type", "")
    if content_type.partition(";")[0].strip().lower() not in HTML:
        return None
    head = read_head(answer.body, content_type)
    return Card(asked, head.title, head.description) if head.title else None


def _has_one_owner(one: str, other: str) -> bool:
    return registrable_domain(host_of(one)) == registrable_domain(host_of(other))
