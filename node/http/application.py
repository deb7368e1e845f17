"""An application that already has the manners of every front end."""

from collections.abc import Callable, Collection

from aiohttp import web

from node.http.client_address import PROXIES, Network
from node.http.middleware import Draw, manners, problems
from node.http.request_id import add_request_id, request_ids
from node.http.security_headers import security_headers


def polite_application(
    *,
    hosts: Collection[str],
    new_id: Callable[[], str],
    is_https: bool,
    anywhere: Collection[str] = (),
    draw: Draw | None = None,
    proxies: Collection[Network] = (),
) -> web.Application:
    """An application without routes.

    Args:
        hosts: Every value of `Host` this node answers to.
        new_id: Gives each request its id.
        is_https: Whether browsers reach this node over TLS.
        anywhere: Paths that are answered whatever `Host` says.
        draw: Makes a page of a problem, or None where there are no pages.
        proxies: The networks of our own proxies.
    """
    ways = [request_ids(new_id), problems(draw), manners(hosts, anywhere)]
    app = web.Application(middlewares=ways)
    app[PROXIES] = tuple(proxies)
    app.on_response_prepare.append(add_request_id)
    app.on_response_prepare.append(security_headers(is_https=is_https))
    return app
