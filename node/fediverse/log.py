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
    services, named, query = request.app[SERVICES], request.match_info, request.query
    uri, keyring = services.space.log(named["name"], named["token"]), services.desk.keyring
    if "state" in query:
        answer = await served_logs.state(uri, after=query["state"], asker=asker, keyring=keyring)
    else:
        after = query.get("after")
        answer = await served_logs.entries(uri, after=after, asker=asker, keyring=keyring)
    return answering(answer)


ENDPOINTS: Final = (Endpoint("GET", LOG, _log, Scope.SIGNED),)
