"""A page that is somebody's own shows itself to whoever is signed in, and to others the door."""

from collections.abc import Mapping

from aiohttp import web

from node.identity.appearance import LOOKS, find_appearance
from node.identity.caller import Caller
from node.identity.sessions import find_session_caller
from node.web.context import PageContext
from node.web.forms import read_form
from node.web.return_path import sign_in_for


async def require_caller(request: web.Request, context: PageContext, path: str) -> Caller:
    """Who is signed in; their pages look as they want them.

    Raises:
        HTTPSeeOther: Nobody; they sign in first, and come to this path afterwards.
    """
    caller = await find_session_caller(request, base_url=context.base_url, now=context.now())
    if caller is None:
        raise web.HTTPSeeOther(sign_in_for(path))
    request[LOOKS] = await find_appearance(caller.account)
    return caller


async def read_own_form(
    request: web.Request, context: PageContext, path: str
) -> tuple[Caller, Mapping[str, str]]:
    """Who is signed in, and the fields of the form that they sent from our page.

    Raises:
        HTTPSeeOther: As `require_caller`.
        DeclinedError: As `read_form`.
    """
    caller = await require_caller(request, context, path)
    return caller, await read_form(request, context.base_url, caller.csrf)
