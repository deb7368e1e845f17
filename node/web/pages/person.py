"""A browser at somebody's address learns how to write to them, and nothing of what they wrote."""

from collections.abc import Callable

from aiohttp import web

from node.web.rendering import Render


def person_page(render: Render) -> Callable[[web.Request, str, str], web.Response]:
    """Draws the page from what a person is called and from their handle without its @."""

    def draw(request: web.Request, name: str, handle: str) -> web.Response:
        return render(request, "person.html", name=name, handle=handle)

    return draw
