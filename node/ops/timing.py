"""How long each address of the JSON API takes is kept by its pattern, so that no id is in it."""

from typing import Final

from aiohttp import web

from node.http.routes import Around, Endpoint, Handler
from storage.tally import Spans

# They last as long as their reader stays.
STREAMS: Final = ("/events",)


def timed(spans: dict[str, Spans]) -> Around:
    """Wraps handlers so that their seconds are added under their method and pattern."""

    def around(endpoint: Endpoint, handler: Handler) -> Handler:
        if endpoint.path.endswith(STREAMS):
            return handler
        taken = spans.setdefault(f"{endpoint.method} {endpoint.path}", Spans())

        async def with_time(request: web.Request) -> web.StreamResponse:
            with taken.timing():
                return await handler(request)

        return with_time

    return around
