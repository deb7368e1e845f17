"""Whoever wants to know which software this is finds it where NodeInfo says."""

from typing import Final

from aiohttp import web

from federation.protocol.nodeinfo import SCHEMAS
from federation.queries.served_names import nodeinfo, nodeinfo_links
from node.app_keys import SERVICES
from node.fediverse.answering import FOR_SCRIPTS, answering
from node.http.routes import Endpoint, Scope
from node.identity.registration import Entry, find_entry
from node.release import own_version

PATH: Final = "/nodeinfo/2.1"
DISCOVERY: Final = "/.well-known/nodeinfo"
MEDIA_TYPE: Final = f'application/json; profile="{SCHEMAS[0]}#"'


async def _links(request: web.Request) -> web.Response:
    answer = nodeinfo_links(request.app[SERVICES].space)
    return answering(answer, media_type="application/json", headers=FOR_SCRIPTS)


async def _document(request: web.Request) -> web.Response:
    services = request.app[SERVICES]
    entry = await find_entry(services.registration, services.clock())
    answer = await nodeinfo(own_version(), is_open=entry is not Entry.CLOSED)
    return answering(answer, media_type=MEDIA_TYPE, headers=FOR_SCRIPTS)


ENDPOINTS: Final = (
    Endpoint("GET", DISCOVERY, _links, Scope.ANYONE),
    Endpoint("GET", PATH, _document, Scope.ANYONE),
)
