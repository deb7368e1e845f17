"""Anybody may register an app, and nobody as many as they like."""

from typing import Final

from aiohttp import web

from node.http.client_address import counted_address
from node.http.problem import Problem
from node.identity.apps import NewApp, Registered, register_app
from node.oauth.context import OAuthContext

# In a quarter of an hour, from one address.
REGISTERED_MAX: Final = 30
FULL: Final = Problem("unavailable", "This server takes no more apps.", retry_after_s=86_400)


async def register(
    request: web.Request, new: NewApp, context: OAuthContext
) -> Registered | Problem:
    """The app, and its secret."""
    address = counted_address(request)
    keys = (f"address:{address}",) if address else ()
    wait_s = context.registering.wait_s(keys, context.now())
    if wait_s:
        return Problem("too-many-requests", retry_after_s=wait_s)
    context.registering.failed(keys, context.now())
    return await register_app(new, entropy=context.entropy, now=context.now()) or FULL
