"""Lists whose rows have numbers that nobody is told: cursors seal them."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final, TypeVar

from aiohttp import web

from node.covey_api.call import services_of
from node.covey_api.documents import Document, items
from node.http.cursors import CURSORS
from node.http.paging import link_header, read_page

# Before this one stands every row.
FIRST: Final = 2**62

T = TypeVar("T")


async def numbered(
    request: web.Request,
    read: Callable[[int, int], Awaitable[tuple[Sequence[T], int | None]]],
    show: Callable[[T], Document],
) -> web.Response:
    """The page that is asked for, newest first, with its `Link`.

    Args:
        request: With `limit` and `before`.
        read: Of the number to read before and a limit, the rows and the number of the last one if
            there are more.
        show: A row as it is answered.
    """
    page, cursors = read_page(request), request.app[CURSORS]
    views, cursor = await read(cursors.read(page.before) if page.before else FIRST, page.limit)
    older = cursors.write(cursor) if cursor is not None else ""
    link = link_header(services_of(request).space.base_url, request, older=older)
    return items((show(view) for view in views), link=link)
