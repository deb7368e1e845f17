"""`proxyUrl`: a person's client reads what other servers show to that person.

A document of this node is answered as it is at its own address.

Source: ActivityPub 4.1; clients.md 10.4
"""

from typing import Final

from aiohttp import hdrs, web

from federation.commands.look_up import Lookups
from federation.protocol.vocabulary import ACTIVITY_JSON
from node.activitypub_api.call import PRIVATE, caller_of, done, services_of
from node.activitypub_api.local import read_local
from node.http.errors import DeclinedError
from node.http.fields import read_fields
from node.http.problem import Problem

NO_ID: Final = Problem("bad-request", "The form has one field, id: the URL of a document.")


async def read(request: web.Request, lookups: Lookups) -> web.Response:
    """The document with an id."""
    url, caller = (await read_fields(request)).text("id"), caller_of(request)
    if not url:
        raise DeclinedError(NO_ID)
    if services_of(request).space.is_ours(url):
        return await read_local(request, url)
    text = done(await lookups.read(caller.actor_uri, url))
    return web.Response(text=text, headers={**PRIVATE, hdrs.CONTENT_TYPE: ACTIVITY_JSON})
