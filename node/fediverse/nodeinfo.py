"""Whoever wants to know which software this is finds it where NodeInfo says."""

from functools import partial
from typing import Final

from aiohttp import web

from federation.protocol.nodeinfo import SCHEMAS
from federation.queries.served_names import nodeinfo, nodeinfo_links
from node.app_keys import SERVICES
from node.fediverse.answering import FOR_SCRIPTS, answering
from node.http.routes import Endpoint, Scope
from node.identity.registration import Entry, find_entry
from node.release import own_version

PATH: Final = "/nodeinfo"
DISCOVERY: Final = "/.well-known/nodeinfo"


async def _links(request: web.Request) -> web.Response:
    answer = nodeinfo_links(request.app[SERVICES].space)
    return answering(answer, media_type="application/json", headers=FOR_SCRIPTS)


async def _document(request: web.Request, *, schema: str) -> web.Response:
    services = request.app[SERVICES]
    entry = await find_entry(services.registration, services.clock())
    is_open = entry is not Entry.CLOSED
    answer = await nodeinfo(own_version(), schema.rpartition("/")[2], is_open=is_open)
    media_type = f'application/json; profile="{schema}#"'
    return answering(answer, media_type=media_type, headers=FOR_SCRIPTS)


ENDPOINTS: Final = (
    Endpoint("GET", DISCOVERY, _links, Scope.ANYONE),
    *(
        Endpoint(
            "GET",
            f"{PATH}/{schema.rpartition('/')[2]}",
            partial(_document, schema=schema),
            Scope.ANYONE,
        )
        for schema in SCHEMAS
    ),
)
