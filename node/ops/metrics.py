"""`/metrics` is served on an address of its own, apart from people and other servers."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
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

METRICS: Final = "/metrics"
CLIENTS_MAX: Final = 16


@dataclass(frozen=True, slots=True)
class Served:
    """Where metrics are served.

    Attributes:
        ports: None if nowhere.
        trouble: Why not where they should be, in words; "" if they are, or should be nowhere.
    """

    ports: tuple[int, ...] = ()
    trouble: str = ""


@asynccontextmanager
async def served(
    place: str, exposition: Exposition, instruments: Instruments, new_id: Callable[[], str]
) -> AsyncIterator[Served]:
    """Serve the metrics at a place until the block ends, "" for nowhere.

    An address that is taken is no reason to keep messages from people: the node goes on without.
    """
    async with AsyncExitStack() as stack:
        at = Served()
        if place:
            app = _application(exposition, instruments, new_id)
            door = Door(most=CLIENTS_MAX, most_per_address=CLIENTS_MAX, proxies=())
            manner = Manner(new_id, partial(polish, is_https=False))
            server = serving(app, [place], door=door, manner=manner)
            try:
                at = Served(ports=await stack.enter_async_context(server))
            except OSError as error:
                at = Served(trouble=f"{place}: {error.strerror}")
        yield at


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
