"""The shell in which the chat is drawn, the same for every conversation's address."""

from aiohttp import web

from node.http.routes import Endpoint, Scope
from node.web.context import PageContext
from node.web.signed_in import require_caller


def endpoints(context: PageContext) -> tuple[Endpoint, ...]:
    """Every address of the chat, if one is signed in; what one may see the JSON API decides."""

    async def show(request: web.Request) -> web.Response:
        caller = await require_caller(request, context, request.path)
        return context.render(request, "chat.html", csrf=caller.csrf)

    return (
        Endpoint("GET", "/chat", show, Scope.ANYONE),
        Endpoint("GET", "/chat/{conversation}", show, Scope.ANYONE),
        Endpoint("GET", "/chat/people/{acct}", show, Scope.ANYONE),
    )
