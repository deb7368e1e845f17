"""Servers that look for host-meta first are sent on to WebFinger."""

from typing import Final

from aiohttp import web

from federation.protocol.host_meta import host_meta
from federation.protocol.vocabulary import XRD_XML
from node.app_keys import SERVICES
from node.http.routes import Endpoint, Scope

PATH: Final = "/.well-known/host-meta"


async def _host_meta(request: web.Request) -> web.Response:
    text = host_meta(request.app[SERVICES].space.base_url)
    return web.Response(body=text.encode(), content_type=XRD_XML, charset="utf-8")


ENDPOINTS: Final = (Endpoint("GET", PATH, _host_meta, Scope.ANYONE),)
