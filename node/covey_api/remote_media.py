"""Our people get files of other servers from here, by links that this node has signed."""

from typing import Final

from aiohttp import web

from federation.protocol.media_link import PREFIX, MediaLink
from federation.queries.media import find_remote
from node.covey_api.call import done, services_of
from node.http.files import file_response
from node.http.routes import Endpoint, Scope

PATH: Final = (
    f"{PREFIX}/{{account:[a-z0-9_]{{1,30}}}}/{{message:[0-9A-Z]{{26}}}}"
    "/{position:[0-9]{1,2}}/{part:[a-z]+}/{mac:[0-9a-f]+}"
)


async def show(request: web.Request) -> web.StreamResponse:
    """A file of another server, fetched when it is not here."""
    told, services = request.match_info, services_of(request)
    link = MediaLink(told["account"], told["message"], int(told["position"]), told["part"])
    file = done(await find_remote(services.remote_media, services.space, link, told["mac"]))
    return file_response(file)


# Not below the base of the API: a browser loads it as a picture, without a token.
ENDPOINTS: Final = (Endpoint("GET", PATH, show, Scope.ANYONE),)
