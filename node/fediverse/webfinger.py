"""A handle leads to the id of the actor that it belongs to."""

from typing import Final

from aiohttp import web

from federation.protocol.vocabulary import JRD_JSON
from federation.queries.served_names import finger
from node.app_keys import SERVICES
from node.fediverse.answering import FOR_SCRIPTS, answering
from node.http.errors import DeclinedError
from node.http.problem import Problem
from node.http.routes import Endpoint, Scope

PATH: Final = "/.well-known/webfinger"


async def _finger(request: web.Request) -> web.Response:
    resources = request.query.getall("resource", [])
    if len(resources) != 1:
        raise DeclinedError(Problem("bad-request", "There must be exactly one resource."))
    answer = await finger(request.app[SERVICES].space, resources[0])
    return answering(answer, media_type=JRD_JSON, headers=FOR_SCRIPTS)


ENDPOINTS: Final = (Endpoint("GET", PATH, _finger, Scope.ANYONE),)
