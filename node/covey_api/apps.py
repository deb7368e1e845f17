"""The apps that the caller has let in, and how their access ends."""

from typing import Final

from aiohttp import web

from federation.protocol.timestamps import format_time
from node.covey_api.call import BASE, NOT_FOUND, caller_of, declined, services_of
from node.covey_api.documents import items
from node.http.routes import Endpoint, Scope
from node.identity.app_list import end_app, list_apps
from node.identity.scopes import write_scopes

PATH: Final = f"{BASE}/apps"


async def show(request: web.Request) -> web.Response:
    """Apps that can act for the caller, the last let in first."""
    listed = await list_apps(caller_of(request).account, services_of(request).clock())
    return items(
        {
            "id": one.id,
            "name": one.name,
            "client_id": one.client_id,
            "website": one.website or None,
            "scopes": write_scopes(one.scopes).split(),
            "since": format_time(one.since),
            "last_used": None if one.used_at is None else format_time(one.used_at),
        }
        for one in listed
    )


async def end(request: web.Request) -> web.Response:
    """Let an app act for the caller no more."""
    account, app = caller_of(request).account, request.match_info["app"]
    if not await end_app(account, app, services_of(request).clock()):
        raise declined(NOT_FOUND)
    return web.Response(status=204)


ENDPOINTS: Final = (
    Endpoint("GET", PATH, show, Scope.READ),
    Endpoint("DELETE", f"{PATH}/{{app}}", end, Scope.WRITE),
)
