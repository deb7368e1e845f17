"""Every address under which a browser finds something."""

from dataclasses import replace

from aiohttp import web

from node.http.routes import Endpoint, Handler, Scope
from node.web.context import PageContext
from node.web.errors import paged
from node.web.pages import (
    arriving,
    blocks,
    chat,
    choices,
    installed,
    leaving,
    new_account,
    notifications,
    out_of_reach,
    own_picture,
    passkeys,
    password,
    second_factor,
    settings,
    sign_in,
    sign_in_code,
    sign_in_passkey,
    sign_out,
    sign_up,
    taking_along,
    welcome,
)
from node.web.static_files import StaticFiles, static_endpoint

PAGES = (
    welcome,
    sign_in,
    sign_in_code,
    sign_in_passkey,
    sign_out,
    new_account,
    settings,
    sign_up,
    choices,
    notifications,
    own_picture,
    blocks,
    out_of_reach,
    password,
    second_factor,
    passkeys,
    taking_along,
    arriving,
    leaving,
    chat,
)


def web_endpoints(context: PageContext, static: StaticFiles) -> tuple[Endpoint, ...]:
    """The pages, and the files they name."""
    own = [each for page in PAGES for each in page.endpoints(context)]
    endpoints = [*own, *_ways_back(own)]
    pages = [replace(each, handler=paged(each.handler, context.render)) for each in endpoints]
    return (*pages, *installed.endpoints(context, static), static_endpoint(static))


def _ways_back(endpoints: list[Endpoint]) -> list[Endpoint]:
    """Whoever opens the address of a form, as when they go back to it, comes to its page."""
    shown = {each.path for each in endpoints if each.method == "GET"}
    sent = {each.path for each in endpoints if each.method == "POST"} - shown
    return [
        Endpoint("GET", path, _way_back(max(filter(path.startswith, shown), key=len)), Scope.ANYONE)
        for path in sorted(sent)
        if path.startswith(f"{settings.PATH}/")
    ]


def _way_back(page: str) -> Handler:
    async def lead(_request: web.Request) -> web.Response:
        raise web.HTTPSeeOther(page)

    return lead
