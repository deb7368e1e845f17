"""Servers of which the caller wants to hear nothing."""

from typing import Final

from aiohttp import web

from federation.commands import hush
from federation.queries.people import list_host_blocks
from node.covey_api.call import BASE, caller_of, done, read_call
from node.covey_api.documents import answer
from node.covey_api.numbered import numbered
from node.http.routes import Endpoint, Scope

PATH: Final = f"{BASE}/host_blocks"


async def list_all(request: web.Request) -> web.Response:
    """The servers that the caller has blocked, newest first."""
    caller = caller_of(request).actor_uri
    return await numbered(
        request,
        lambda before, limit: list_host_blocks(caller, before=before, limit=limit),
        lambda host: {"host": host},
    )


async def begin(request: web.Request) -> web.Response:
    """Hide everybody of a server, which is not told."""
    call = await read_call(request)
    host = done(await hush.block_host(call.services.desk, call.caller.actor_uri, call.text("host")))
    return answer({"host": host}, status=201)


async def end(request: web.Request) -> web.Response:
    """Hide them no longer."""
    done(await hush.unblock_host(caller_of(request).actor_uri, request.match_info["host"]))
    return web.Response(status=204)


ENDPOINTS: Final = (
    Endpoint("GET", PATH, list_all, Scope.READ_BLOCKS),
    Endpoint("POST", PATH, begin, Scope.WRITE_BLOCKS),
    Endpoint("DELETE", f"{PATH}/{{host}}", end, Scope.WRITE_BLOCKS),
)
