"""What the address of a list says: which part of it is wanted, and how the next one is found."""

from collections.abc import Mapping, Sequence
from typing import Final, TypeVar
from urllib.parse import urlencode

from aiohttp import web

TEXT_MAX: Final = 200
PAGE: Final = 50

T = TypeVar("T")


def asked(request: web.Request, name: str) -> str:
    """What a query says under a name, cut to what anybody would type; "" for nothing."""
    return request.query.get(name, "").strip()[:TEXT_MAX]


def chosen(request: web.Request, name: str, among: Sequence[str]) -> str:
    """What a query says under a name, if it is one of these; "" for all else."""
    value = asked(request, name)
    return value if value in among else ""


def address(path: str, **values: str) -> str:
    """A path with these in its query; what is empty is left out."""
    given: Mapping[str, str] = {name: value for name, value in values.items() if value}
    return f"{path}?{urlencode(given)}" if given else path


def cut(rows: Sequence[T], limit: int = PAGE) -> tuple[Sequence[T], bool]:
    """The rows of a page of which one more was asked for, and whether others follow."""
    return rows[:limit], len(rows) > limit
