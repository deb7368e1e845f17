"""Lists come in pages: `limit`, `before`, `after`, and a Link header to the neighbours."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from aiohttp import web
from yarl import URL

from node.http.errors import DeclinedError
from node.http.problem import Problem

LIMIT_DEFAULT: Final = 50
LIMIT_MAX: Final = 200
CURSOR_LENGTH_MAX: Final = 2048
# What says where a page begins or ends; a link to its neighbour says it anew.
PLACES: Final = frozenset({"before", "after", "since"})


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is asked for.

    Attributes:
        limit: How many items at most.
        before: Only items before this cursor, or "".
        after: Only items after this cursor, or "".
    """

    limit: int = LIMIT_DEFAULT
    before: str = ""
    after: str = ""


def read_page(request: web.Request) -> Page:
    """The page a query string asks for.

    A limit above the largest is cut to it, so that a client never has to know the number.

    Raises:
        DeclinedError: `limit` is no number above 0, or both directions are asked for at once (400).
    """
    query = request.query
    before, after = query.get("before", ""), query.get("after", "")
    if before and after:
        raise DeclinedError(Problem("bad-request", "Give before or after, not both."))
    if max(len(before), len(after)) > CURSOR_LENGTH_MAX:
        raise DeclinedError(Problem("bad-request", "That cursor is not one of ours."))
    return Page(read_limit(request), before, after)


def read_limit(request: web.Request) -> int:
    """How many items a query string asks for, cut to the largest number of a page.

    Raises:
        DeclinedError: `limit` is no number above 0 (400).
    """
    text = request.query.get("limit", str(LIMIT_DEFAULT))
    if not (text.isascii() and text.isdigit()) or int(text[:9]) < 1:
        raise DeclinedError(Problem("bad-request", "limit must be a number above 0."))
    return min(int(text[:9]), LIMIT_MAX)


def link_header(
    base_url: str,
    request: web.Request,
    *,
    older: str = "",
    newer: str = "",
    kept: Sequence[tuple[str, str]] = (),
) -> str:
    """The value of `Link`.

    Args:
        base_url: Scheme and host of this node.
        request: The request whose neighbours are named.
        older: Cursor for the page before this one (`rel="next"`), or "".
        newer: Cursor for the page after this one (`rel="prev"`), or "".
        kept: What `before` and `after` say that is no cursor: name and value.
    """
    target = URL(base_url).join(request.rel_url)
    links = []
    if older:
        links.append(f'<{_moved(target, *kept, ("before", older))}>; rel="next"')
    if newer:
        links.append(f'<{_moved(target, *kept, ("after", newer))}>; rel="prev"')
    return ", ".join(links)


def _moved(target: URL, *places: tuple[str, str]) -> URL:
    others = [(key, value) for key, value in target.query.items() if key not in PLACES]
    return target.with_query([*others, *places])
