"""A person sees whom they have blocked, and lets them be heard again."""

from typing import Final

from aiohttp import web

from federation.commands.hush import end_block
from federation.queries.people import list_blocks
from node.http.routes import Endpoint, Scope
from node.web.context import PageContext
from node.web.pages.settings import PATH as SETTINGS
from node.web.signed_in import read_own_form, require_caller

PATH: Final = f"{SETTINGS}/blocks"
# Whoever has blocked more people sees the others once these are fewer.
SHOWN_MAX: Final = 200


def endpoints(context: PageContext) -> tuple[Endpoint, ...]:
    """The page, and the form that ends a block."""

    async def show(request: web.Request) -> web.Response:
        caller = await require_caller(request, context, PATH)
        people, _ = await list_blocks(caller.actor_uri, limit=SHOWN_MAX)
        return context.render(request, "blocks.html", csrf=caller.csrf, people=people)

    async def end(request: web.Request) -> web.Response:
        caller, fields = await read_own_form(request, context, PATH)
        await end_block(caller.actor_uri, fields.get("person", ""))
        raise web.HTTPSeeOther(PATH)

    return (
        Endpoint("GET", PATH, show, Scope.ANYONE),
        Endpoint("POST", f"{PATH}/end", end, Scope.ANYONE),
    )
