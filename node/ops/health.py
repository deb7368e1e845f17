"""`/livez` says that the event loop answers, `/readyz` that the node does its work."""

from collections.abc import Awaitable, Callable
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
    now: Callable[[], datetime],
    may_send: Callable[[], bool],
    do_workers_beat: Callable[[], Awaitable[bool]],
) -> tuple[Endpoint, ...]:
    """The two questions.

    Not ready is a node whose database takes no writes, one that was restored and sends nothing,
    and one whose workers do not go round, wherever they run. The reason is one word.
    """

    async def live(_request: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def ready(_request: web.Request) -> web.Response:
        try:
            async with transaction():
                await put_setting(BEAT, str(to_ms(now())))
            do_beat = await do_workers_beat()
        except StorageError:
            return _not_ready("database")
        if not may_send():
            return _not_ready("restored")
        return web.Response(text="ok\n") if do_beat else _not_ready("workers")

    return (
        Endpoint("GET", LIVE, live, Scope.ANYONE),
        Endpoint("GET", READY, ready, Scope.ANYONE),
    )


def _not_ready(reason: str) -> web.Response:
    status = HTTPStatus.SERVICE_UNAVAILABLE
    return web.Response(text=f"{reason}\n", status=status, headers={"Retry-After": "60"})
