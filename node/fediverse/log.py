"""What one of our people wrote in a conversation is read in its order by the others' servers."""

from typing import Final

from aiohttp import web

from federation.queries import served_logs
from node.app_keys import SERVICES
from node.fediverse.answering import answering
from node.fediverse.asking import asker_of
from node.http.routes import Endpoint, Scope

LOG: Final = "/u/{name}/log/{token}"


async def _log(request: web.Request) -> web.Response:
    asker = await asker_of(request)
    space, named = request.app[SERVICES].space, request.match_info
    name, token, query = named["name"], named["token"], request.query
    if "state" in query:
        answer = await served_logs.state(space, name, token, after=query["state"], asker=asker)
    else:
        after = query.get("after")
        answer = await served_logs.entries(space, name, token, after=after, asker=asker)
    return answering(answer)


ENDPOINTS: Final = (Endpoint("GET", LOG, _log, Scope.SIGNED),)
