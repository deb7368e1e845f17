"""The browsers in which the caller is signed in, and how they are signed out."""

from typing import Final

from aiohttp import web

from federation.protocol.timestamps import format_time
from node.covey_api.call import BASE, NOT_FOUND, caller_of, declined, services_of
from node.covey_api.documents import items
from node.http.routes import Endpoint, Scope
from node.identity.session_list import end_one, end_others, list_sessions

PATH: Final = f"{BASE}/sessions"


async def show(request: web.Request) -> web.Response:
    """Where the caller is signed in, the latest used first."""
    listed = await list_sessions(caller_of(request), services_of(request).clock())
    return items(
        {
            "id": one.id,
            "device": one.user_agent,
            "address": one.address,
            "created": format_time(one.created_at),
            "last_seen": format_time(one.used_at),
            "current": one.is_current,
        }
        for one in listed
    )


async def end(request: web.Request) -> web.Response:
    """Sign one browser out."""
    is_ended = await end_one(
        caller_of(request), request.match_info["session"], services_of(request).clock()
    )
    if not is_ended:
        raise declined(NOT_FOUND)
    return web.Response(status=204)


async def end_all_others(request: web.Request) -> web.Response:
    """Sign every browser out but the one that calls."""
    await end_others(caller_of(request))
    return web.Response(status=204)


ENDPOINTS: Final = (
    Endpoint("GET", PATH, show, Scope.READ),
    Endpoint("DELETE", PATH, end_all_others, Scope.WRITE),
    Endpoint("DELETE", f"{PATH}/{{session}}", end, Scope.WRITE),
)
