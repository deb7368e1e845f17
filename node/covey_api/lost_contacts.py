"""Whom the caller can no longer reach."""

from typing import Final

from aiohttp import web

from federation.protocol.timestamps import format_time
from federation.queries.lost_contacts import LostView, list_lost
from node.covey_api.call import BASE, caller_of, services_of
from node.covey_api.documents import Document, items, person
from node.http.paging import link_header, read_page
from node.http.routes import Endpoint, Scope

PATH: Final = f"{BASE}/lost_contacts"


async def list_all(request: web.Request) -> web.Response:
    """Contacts who are out of reach, and groups lost with their home: by id, since when and why.

    A page may hold fewer than were asked for; `Link` says whether there are more.
    """
    page, services = read_page(request), services_of(request)
    lost = await list_lost(
        caller_of(request).actor_uri, services.desk.clock(), after=page.after, limit=page.limit
    )
    link = link_header(services.space.base_url, request, newer=lost.next)
    return items(map(_shown, lost.items), link=link)


def _shown(view: LostView) -> Document:
    return {
        "person": None if view.person is None else person(view.person),
        "host": view.host,
        "why": view.why.value,
        "reason": view.reason or None,
        "since": format_time(view.since),
        "conversations": [
            {"id": each.id, "kind": each.kind, "title": each.title or None}
            for each in view.conversations
        ],
    }


ENDPOINTS: Final = (Endpoint("GET", PATH, list_all, Scope.READ),)
