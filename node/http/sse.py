"""A stream of events stays open until its client or the node goes, and says so by a heartbeat."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from aiohttp import hdrs, web

HEARTBEAT_S: Final = 15.0
WRITE_TIME_S: Final = 30.0
HEARTBEAT: Final = b": still here\n\n"
NO_MORE: Final[Mapping[str, str]] = {}


@dataclass(frozen=True, slots=True)
class ServerEvent:
    """One event for one client.

    Attributes:
        id: Where a client resumes: it sends the last one as `Last-Event-ID`. "" for none.
        event: Its type.
        data: JSON on one line.
    """

    id: str
    event: str
    data: str

    def encoded(self) -> bytes:
        """The event as it goes over the wire."""
        first = f"id: {self.id}\n" if self.id else ""
        data = "".join(f"data: {line}\n" for line in self.data.splitlines())
        return f"{first}event: {self.event}\n{data}\n".encode()


# Waits up to so many seconds. Nothing happened: an empty sequence. It is over: None.
Source = Callable[[float], Awaitable[Sequence[ServerEvent] | None]]


async def send_events(
    request: web.Request,
    source: Source,
    *,
    headers: Mapping[str, str] = NO_MORE,
    heartbeat: bytes = HEARTBEAT,
) -> web.StreamResponse:
    """Write what a source gives until it ends or the client is gone.

    A client that takes nothing for 30 s is gone as well. Nothing is buffered for it: the source is
    asked again only when the last events are written. Who asks for the head alone gets that.

    Args:
        request: Whose answer it is.
        source: What is sent.
        headers: What the answer says besides.
        heartbeat: What is written when nothing happens.
    """
    response = web.StreamResponse(
        headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store", **headers}
    )
    try:
        await response.prepare(request)
        if request.method == hdrs.METH_HEAD:
            # aiohttp would let a body follow, which a client takes for its next answer.
            return response
        await _write(response, heartbeat)
        while not _is_gone(request):
            events = await source(HEARTBEAT_S)
            if events is None:
                break
            await _write(response, b"".join(each.encoded() for each in events) or heartbeat)
    except (ConnectionError, TimeoutError):
        return response
    return response


async def _write(response: web.StreamResponse, data: bytes) -> None:
    async with asyncio.timeout(WRITE_TIME_S):
        await response.write(data)


def _is_gone(request: web.Request) -> bool:
    return request.transport is None or request.transport.is_closing()
