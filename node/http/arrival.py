"""`/livez/…` says how a request has arrived, so that one can see what a proxy makes of it."""

from typing import Final

from aiohttp import web

from node.http.client_address import PROXIES, Network, client_address
from node.http.routes import Endpoint, Scope

ARRIVAL: Final = "/livez/"


async def _arrived(request: web.Request) -> web.Response:
    """Tells whoever asks what they have sent, and nothing else."""
    proxies: tuple[Network, ...] = request.app[PROXIES]
    told = {
        "host": request.host,
        "path": request.raw_path,
        "client": client_address(request, proxies),
    }
    return web.json_response(told, headers={"Cache-Control": "no-store"})


ARRIVED: Final = Endpoint("GET", f"{ARRIVAL}{{rest:.*}}", _arrived, Scope.ANYONE)
