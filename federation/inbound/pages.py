"""Logs, histories and state logs of other servers are read page by page, each at its own origin.

However a collection goes on, it comes to an end here: no page is read twice, and only so many are.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Final

from federation.protocol.collection import Collection, parse_collection
from federation.protocol.errors import RemoteProtocolError
from federation.remote.objects import Away, Fetched, Fetcher, NotThere

PAGES_MAX: Final = 50
ITEMS_MAX: Final = 100


@dataclass(frozen=True, slots=True)
class Unread:
    """A page could not be read.

    Attributes:
        is_there: False if its server says that there is none, for us.
        is_gone: Whether it says that there was one.
    """

    reason: str
    is_there: bool = True
    is_gone: bool = False


async def pages(
    fetcher: Fetcher, url: str, *, allow_http: bool, most: int = PAGES_MAX
) -> AsyncIterator[Collection | Unread]:
    """The pages from a URL on, at most so many; after an `Unread` nothing comes.

    A page's items are at most a hundred: what a server puts beyond is not looked at.
    """
    read: set[str] = set()
    while url and url not in read and len(read) < most:
        read.add(url)
        page = await _page(fetcher, url, allow_http=allow_http)
        yield page
        url = "" if isinstance(page, Unread) else page.next


async def _page(fetcher: Fetcher, url: str, *, allow_http: bool) -> Collection | Unread:
    found = await fetcher.fetch_page(url)
    match found:
        case Fetched():
            try:
                page = parse_collection(found.document, allow_http=allow_http)
                return replace(page, items=page.items[:ITEMS_MAX])
            except RemoteProtocolError as error:
                return Unread(error.reason)
        case NotThere(is_gone):
            return Unread("there is no such page", is_there=False, is_gone=is_gone)
        case Away(reason):
            return Unread(reason)
        case _:
            return Unread(found.reason)
