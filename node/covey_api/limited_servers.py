"""The servers with which this node exchanges nothing or less, for everybody who is here."""

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
    """The servers that are limited, by name: how, since when, and why where that is public."""
    page, rules = read_page(request), services_of(request).desk.rules()
    limited, newer = await list_limited(rules, after=page.after, limit=page.limit)
    shown = (
        {
            "domain": one.domain,
            "how": one.how.value,
            "reason": one.reason or None,
            "since": format_time(one.since) if one.since is not None else None,
        }
        for one in limited
    )
    return items(shown, link=link_header(services_of(request).space.base_url, request, newer=newer))


ENDPOINTS: Final = (Endpoint("GET", PATH, list_all, Scope.READ_BLOCKS),)
