"""A join link shows its group to a server that holds it, and to a browser where to take it."""

from collections.abc import Callable
from typing import Final

from aiohttp import hdrs, web

from federation.queries import join_links
from node.app_keys import SERVICES
from node.fediverse.answering import PRIVATE, answering
from node.fediverse.asking import asker_of
from node.http.negotiate import wants_activity
from node.http.problem import Problem
from node.http.routes import Endpoint, Scope

LINK: Final = "/c/{id}/join/{token}"

# Answers a request for the page of a link from what its group is called and the link itself.
LinkPage = Callable[[web.Request, str, str], web.Response]


def endpoints(link_page: LinkPage) -> tuple[Endpoint, ...]:
    """The address of a link."""

    async def show(request: web.Request) -> web.Response:
        conversation_id, token = request.match_info["id"], request.match_info["token"]
        if wants_activity(",".join(request.headers.getall(hdrs.ACCEPT, ()))):
            asker = await asker_of(request)
            return answering(await join_links.link_document(conversation_id, token, asker=asker))
        services = request.app[SERVICES]
        group = await join_links.shown_by(conversation_id, token, services.clock())
        if group is None:
            return Problem("not-found").response()
        page = link_page(request, group.state["name"], f"{group.uri}/join/{token}")
        page.headers.update(PRIVATE)
        return page

    return (Endpoint("GET", LINK, show, Scope.ANYONE),)
