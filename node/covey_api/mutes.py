"""Whom the caller has muted: they hear them quietly."""

from typing import Final

from aiohttp import web

from federation.commands import hush
from federation.queries.people import find_by_uri, list_mutes
from node.covey_api.call import BASE, caller_of, done, found, read_call
from node.covey_api.documents import answer, person
from node.covey_api.numbered import numbered
from node.http.routes import Endpoint, Scope

PATH: Final = f"{BASE}/mutes"


async def list_all(request: web.Request) -> web.Response:
    """Whom the caller has muted, newest first."""
    caller = caller_of(request).actor_uri
    return await numbered(
        request, lambda before, limit: list_mutes(caller, before=before, limit=limit), person
    )


async def begin(request: web.Request) -> web.Response:
    """Mute somebody, who is not told."""
    call = await read_call(request)
    uri = done(await hush.mute(call.services.desk, call.caller.actor_uri, call.text("acct")))
    return answer(person(found(await find_by_uri(uri))), status=201)


async def end(request: web.Request) -> web.Response:
    """Mute somebody no longer."""
    call = await read_call(request)
    acct = request.match_info["acct"]
    done(await hush.unmute(call.services.desk, call.caller.actor_uri, acct))
    return web.Response(status=204)


ENDPOINTS: Final = (
    Endpoint("GET", PATH, list_all, Scope.READ_MUTES),
    Endpoint("POST", PATH, begin, Scope.WRITE_MUTES),
    Endpoint("DELETE", f"{PATH}/{{acct}}", end, Scope.WRITE_MUTES),
)
