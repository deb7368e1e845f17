"""Whoever comes to the bare address learns what this is and finds the way in, or is in."""

from aiohttp import web

from node.http.routes import Endpoint, Scope
from node.identity.owner_link import is_awaiting_owner
from node.identity.sessions import find_session_caller
from node.web.context import PageContext
from node.web.return_path import CHAT


def endpoints(context: PageContext) -> tuple[Endpoint, ...]:
    """GET / for anybody."""

    async def show(request: web.Request) -> web.Response:
        caller = await find_session_caller(request, base_url=context.base_url, now=context.now())
        if caller is not None:
            raise web.HTTPSeeOther(CHAT)
        return context.render(
            request, "welcome.html", is_awaiting_owner=await is_awaiting_owner(context.now())
        )

    return (Endpoint("GET", "/", show, Scope.ANYONE),)
