"""Who knows the address of a file has the file, in one spelling and while its message is there."""

from typing import Final

from aiohttp import web

from federation.queries.media import find_own
from node.app_keys import SERVICES
from node.http.errors import DeclinedError
from node.http.files import file_response
from node.http.problem import Problem
from node.http.routes import Endpoint, Scope

PATH: Final = "/media/{token:[0-9a-f]{32}}/{name}"
# Clients of other servers show our pictures on their own pages.
FOR_ALL: Final = "cross-origin"


async def show(request: web.Request) -> web.StreamResponse:
    """A file that a person here has uploaded, unsigned."""
    token, name = request.match_info["token"], request.match_info["name"]
    # SECURITY: another spelling is another address; tests/media/test_serving.py.
    if request.raw_path != f"/media/{token}/{name}":
        raise DeclinedError(Problem("not-found"))
    file = await find_own(request.app[SERVICES].intake.blobs, token, name)
    if file is None:
        raise DeclinedError(Problem("not-found"))
    return file_response(file, resource_policy=FOR_ALL)


ENDPOINTS: Final = (Endpoint("GET", PATH, show, Scope.ANYONE),)
