"""How far the caller has read, which all their clients share.

Source: clients.md 4, tier B
"""

from typing import Final

from aiohttp import web

from federation.commands import client_marks
from federation.protocol.timestamps import format_time
from federation.queries.notifications import TIMELINES, find_marks
from node.http.fields import read_fields
from node.http.routes import Endpoint, Scope
from node.mastodon.answers import told, unprocessable
from node.mastodon.call import caller_of, number_of, query_of, services_of
from node.mastodon.context import MastodonContext
from node.mastodon.entities.site import Document

PATH: Final = "/api/v1/markers"
NO_PLACE: Final = "last_read_id is no id"


def endpoints(_: MastodonContext) -> tuple[Endpoint, ...]:
    """Reading the marks and moving them."""
    return (
        Endpoint("GET", PATH, _show, Scope.READ_STATUSES),
        Endpoint("POST", PATH, _move, Scope.WRITE_STATUSES),
    )


async def _show(request: web.Request) -> web.Response:
    return told(await _marks(request, query_of(request).texts("timeline")))


async def _move(request: web.Request) -> web.Response:
    said, account = await read_fields(request), caller_of(request).account
    wanted = {name: said.text(f"{name}[last_read_id]") for name in sorted(TIMELINES)}
    places = {name: number_of(text) for name, text in wanted.items() if text}
    if None in places.values():
        raise unprocessable(NO_PLACE)
    for name, place in places.items():
        if place is not None:
            await client_marks.mark(account, name, place, services_of(request).clock())
    return told(await _marks(request, tuple(places)))


async def _marks(request: web.Request, timelines: tuple[str, ...]) -> Document:
    return {
        one.timeline: {
            "last_read_id": str(one.place),
            "version": one.version,
            "updated_at": format_time(one.updated_at),
        }
        for one in await find_marks(caller_of(request).account, timelines)
    }
