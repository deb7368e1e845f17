"""A group's actor and collections are at its home for the servers of its people alone."""

from typing import Final

from aiohttp import web

from federation.queries import served_groups, served_history
from federation.queries.served_history import CONTEXT, HISTORY, Shelf
from node.app_keys import SERVICES
from node.fediverse.answering import answering
from node.fediverse.asking import asker_of
from node.http.routes import Endpoint, Scope

ACTOR: Final = "/c/{id}"
AFTER: Final = "after"


async def _actor(request: web.Request) -> web.Response:
    asker = await asker_of(request)
    answer = await served_groups.conversation_actor(request.match_info["id"], asker=asker)
    return answering(answer)


async def _affiliations(request: web.Request) -> web.Response:
    asker = await asker_of(request)
    answer = await served_groups.affiliations(request.match_info["id"], asker=asker)
    return answering(answer)


async def _state_log(request: web.Request) -> web.Response:
    asker = await asker_of(request)
    answer = await served_groups.state_log(
        request.match_info["id"],
        after=request.query.get(AFTER),
        asker=asker,
        keyring=request.app[SERVICES].desk.keyring,
    )
    return answering(answer)


async def _context(request: web.Request) -> web.Response:
    return await _arrived(request, CONTEXT)


async def _history(request: web.Request) -> web.Response:
    return await _arrived(request, HISTORY)


async def _arrived(request: web.Request, shelf: Shelf) -> web.Response:
    asker = await asker_of(request)
    answer = await served_history.arrived(
        request.match_info["id"],
        shelf=shelf,
        after=request.query.get(AFTER),
        asker=asker,
        keyring=request.app[SERVICES].desk.keyring,
    )
    return answering(answer)


ENDPOINTS: Final = (
    Endpoint("GET", ACTOR, _actor, Scope.SIGNED),
    Endpoint("GET", f"{ACTOR}/affiliations", _affiliations, Scope.SIGNED),
    Endpoint("GET", f"{ACTOR}/state", _state_log, Scope.SIGNED),
    Endpoint("GET", f"{ACTOR}/context", _context, Scope.SIGNED),
    Endpoint("GET", f"{ACTOR}/history", _history, Scope.SIGNED),
)
