"""A browser at a join link learns to take it to the visitor's own node."""

from collections.abc import Callable

from aiohttp import web

from node.web.rendering import Render


def link_page(render: Render) -> Callable[[web.Request, str, str], web.Response]:
    """Draws the page from what a group is called and the link itself."""

    def draw(request: web.Request, name: str, link: str) -> web.Response:
        return render(request, "join_link.html", name=name, link=link)

    return draw
