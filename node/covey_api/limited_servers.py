"""The servers with which this node exchanges nothing, for everybody who has an account here."""

from typing import Final

from aiohttp import web

from federation.protocol.timestamps import format_time
from federation.queries.policy import list_limited
from node.covey_api.call import BASE, services_of
from node.covey_api.documents import items
from node.http.paging import link_header, read_page
from node.http.routes import Endpoint, Scope

PATH: Final = f"{BASE}/limited_servers"


async def list_all(request: web.Request) -> web.Response:
    """The servers that this node refuses, by name: since when, and why where that is public."""
    page = read_page(request)
    limited, newer = await list_limited(after=page.after, limit=page.limit)
    shown = (
        {"domain": one.domain, "reason": one.reason or None, "since": format_time(one.since)}
        for one in limited
    )
    return items(shown, link=link_header(services_of(request).space.base_url, request, newer=newer))


ENDPOINTS: Final = (Endpoint("GET", PATH, list_all, Scope.READ_BLOCKS),)
