"""What one of our people wrote is at its own address for the servers of those it was for."""

from typing import Final

from aiohttp import web

from federation.queries import served_messages
from node.app_keys import SERVICES
from node.fediverse.answering import answering
from node.fediverse.asking import asker_of
from node.http.routes import Endpoint, Scope

NOTE: Final = "/u/{name}/n/{id}"
CREATE: Final = "/u/{name}/n/{id}/create"
DIRECT_CONTEXT: Final = "/u/{name}/d/{id}"


async def _note(request: web.Request) -> web.Response:
    asker = await asker_of(request)
    space, named = request.app[SERVICES].space, request.match_info
    return answering(await served_messages.note(space, named["name"], named["id"], asker=asker))


async def _create(request: web.Request) -> web.Response:
    asker = await asker_of(request)
    services, named = request.app[SERVICES], request.match_info
    uri = services.space.note(named["name"], named["id"])
    keyring = services.desk.keyring
    return answering(await served_messages.create(uri, asker=asker, keyring=keyring))


async def _direct_context(request: web.Request) -> web.Response:
    asker = await asker_of(request)
    space, named = request.app[SERVICES].space, request.match_info
    answer = await served_messages.direct_context(space, named["name"], named["id"], asker=asker)
    return answering(answer)


ENDPOINTS: Final = (
    Endpoint("GET", NOTE, _note, Scope.SIGNED),
    Endpoint("GET", CREATE, _create, Scope.SIGNED),
    Endpoint("GET", DIRECT_CONTEXT, _direct_context, Scope.SIGNED),
)
