"""A page is a template and what it is told; whatever is told is escaped."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined

from node.web.static_files import StaticFiles

HTML: Final = "text/html"
NEVER_STORED: Final = "no-store"

Render = Callable[..., web.Response]


@dataclass(frozen=True, slots=True)
class Site:
    """What every page says about the node.

    Attributes:
        name: What people call it.
        host: The name other servers know it by.
        account_domain: The part of a handle after the @.
    """

    name: str
    host: str
    account_domain: str


def renderer(site: Site, static: StaticFiles) -> Render:
    """A function `render(template, status=200, **values)` that answers a page."""
    environment = Environment(
        loader=PackageLoader("node.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals.update(site=site, static=static.address, modules=static.modules)

    def render(template: str, *, status: int = 200, **values: object) -> web.Response:
        text = environment.get_template(template).render(values)
        return web.Response(
            text=text,
            status=status,
            content_type=HTML,
            headers={"Cache-Control": NEVER_STORED},
        )

    return render
