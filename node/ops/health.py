"""`/livez` says that the event loop answers, `/readyz` that the database takes writes."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Final

from aiohttp import web

from node.http.routes import Endpoint, Scope
from storage.database import transaction
from storage.errors import StorageError
from storage.settings import put_setting
from storage.times import to_ms

BEAT: Final = "readyz"
LIVE: Final = "/livez"
READY: Final = "/readyz"
# Asked for by address as well: what looks after a process need not know its name.
HEALTH: Final = frozenset({LIVE, READY})


def health_endpoints(
    now: Callable[[], datetime], may_send: Callable[[], bool]
) -> tuple[Endpoint, ...]:
    """The two questions; a node that was restored and sends nothing is not ready."""

    async def live(_request: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def ready(_request: web.Request) -> web.Response:
        try:
            async with transaction():
                await put_setting(BEAT, str(to_ms(now())))
        except StorageError:
            status = HTTPStatus.SERVICE_UNAVAILABLE
            return web.Response(text="database\n", status=status, headers={"Retry-After": "60"})
        if not may_send():
            status = HTTPStatus.SERVICE_UNAVAILABLE
            return web.Response(text="restored\n", status=status, headers={"Retry-After": "60"})
        return web.Response(text="ok\n")

    return (
        Endpoint("GET", LIVE, live, Scope.ANYONE),
        Endpoint("GET", READY, ready, Scope.ANYONE),
    )
