"""`/metrics` is served on an address of its own, apart from people and other servers."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Final

from aiohttp import web

from node.http.application import polite_application
from node.http.connection import Manner
from node.http.door import Door
from node.http.security_headers import polish
from node.http.server import serving
from node.ops.exposition import CONTENT_TYPE, Exposition
from node.ops.readings import Instruments, read

LOG: Final = logging.getLogger(__name__)

METRICS: Final = "/metrics"
CLIENTS_MAX: Final = 16


@asynccontextmanager
async def served(
    place: str, exposition: Exposition, instruments: Instruments, new_id: Callable[[], str]
) -> AsyncIterator[tuple[int, ...]]:
    """Serve the metrics at a place until the block ends; gives the ports, none if there is none.

    An address that is taken is no reason to keep messages from people: the node goes on without.
    """
    async with AsyncExitStack() as stack:
        ports: tuple[int, ...] = ()
        if place:
            app = _application(exposition, instruments, new_id)
            door = Door(most=CLIENTS_MAX, most_per_address=CLIENTS_MAX, proxies=())
            manner = Manner(new_id, partial(polish, is_https=False))
            server = serving(app, [place], door=door, manner=manner)
            try:
                ports = await stack.enter_async_context(server)
            except OSError as error:
                LOG.warning(
                    "Metrics are not served",
                    extra={"action": "metrics.unserved", "place": place, "why": error.strerror},
                )
        yield ports


def _application(
    exposition: Exposition, instruments: Instruments, new_id: Callable[[], str]
) -> web.Application:
    # One reading at a time, however many ask.
    turn = asyncio.Lock()

    async def metrics(_request: web.Request) -> web.Response:
        async with turn:
            body = exposition.render(await read(instruments))
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE})

    app = polite_application(hosts=(), new_id=new_id, is_https=False, anywhere=(METRICS,))
    app.router.add_get(METRICS, metrics)
    return app
