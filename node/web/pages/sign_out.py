"""Signing out ends the session in the database, and what the browser has kept with it."""

from typing import Final

from aiohttp import hdrs, web

from node.http.routes import Endpoint, Scope
from node.identity.sessions import find_session_caller, take_cookie
from node.identity.sign_in import sign_out
from node.web.context import PageContext
from node.web.forms import read_form

AFTERWARDS: Final = "/"
# Drafts, caches and the worker with its subscription; the browser itself stays known.
FORGET: Final = {"Clear-Site-Data": '"storage"'}


def endpoints(context: PageContext) -> tuple[Endpoint, ...]:
    """POST /sign-out with the session's own token."""

    async def leave(request: web.Request) -> web.Response:
        caller = await find_session_caller(request, base_url=context.base_url, now=context.now())
        if caller is None:
            raise web.HTTPSeeOther(AFTERWARDS)
        await read_form(request, context.base_url, caller.csrf)
        await sign_out(caller)
        response = web.Response(status=303, headers={hdrs.LOCATION: AFTERWARDS} | FORGET)
        take_cookie(response, context.base_url)
        return response

    return (Endpoint("POST", "/sign-out", leave, Scope.ANYONE),)
