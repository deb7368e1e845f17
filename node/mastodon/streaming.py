"""Clients hear at once what happens: by a WebSocket for all streams, or by one stream of events.

Both hear what our own API's streams hear (`node/live.py`), which ends them when the token is gone,
when a reader falls a mebibyte behind, and when the node stops.

Source: clients.md 7.1 and 7.2
"""

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

import msgspec
from aiohttp import WSMsgType, hdrs, web

from federation.protocol import strict_json
from federation.protocol.errors import RemoteProtocolError
from node.http.errors import DeclinedError
from node.http.problem import Problem
from node.http.routes import Endpoint, Scope
from node.http.sse import WRITE_TIME_S, ServerEvent, send_events
from node.identity.caller import Caller
from node.identity.scopes import covers
from node.live import LIVE, Listener
from node.mastodon.answers import CORS
from node.mastodon.call import caller_of, query_of, services_of
from node.mastodon.context import MastodonContext, SiteHandler, bound
from node.mastodon.entities.site import Site
from node.mastodon.stream_frames import DIRECT, NOTIFICATIONS, USER, Frame, Teller

PATH: Final = "/api/v1/streaming"
# What a token must be good for to hear each stream.
SCOPES: Final[Mapping[str, str]] = {
    USER: "read:statuses",
    NOTIFICATIONS: "read:notifications",
    DIRECT: "read:statuses",
}
# What is public elsewhere: there is nothing to hear.
SILENT: Final = frozenset(
    f"{name}{rest}"
    for name in ("public", "hashtag", "list")
    for rest in ("", ":local", ":remote", ":media", ":local:media", ":remote:media")
)
PROTOCOL: Final = "Sec-WebSocket-Protocol"
PING_S: Final = 30.0
SAID_BYTES_MAX: Final = 4096
# Between two looks whether the stream is over.
LOOK_EVERY_S: Final = 300.0
THUMP: Final = b":thump\n"
HEADERS: Final = {**CORS, "X-Accel-Buffering": "no"}
UNKNOWN: Final = "Unknown stream type"
OUTSIDE: Final = "Access token does not have the required scopes"
UNREADABLE: Final = "This is no message that a stream takes"
NO_SOCKET: Final = Problem("bad-request", UNKNOWN)


def endpoints(context: MastodonContext) -> tuple[Endpoint, ...]:
    """The socket, and each stream as one of events."""
    notified = Scope.READ_NOTIFICATIONS
    handlers: tuple[tuple[str, SiteHandler, Scope], ...] = (
        (PATH, _listen, Scope.READ_STREAMS),
        (f"{PATH}/user", partial(_send, stream=USER), Scope.READ_STATUSES),
        (f"{PATH}/user/notification", partial(_send, stream=NOTIFICATIONS), notified),
        (f"{PATH}/direct", partial(_send, stream=DIRECT), Scope.READ_STATUSES),
    )
    return (
        Endpoint("GET", f"{PATH}/health", _health, Scope.ANYONE),
        *(
            Endpoint("GET", path, bound(each, context.site), scope)
            for path, each, scope in handlers
        ),
    )


async def _health(_: web.Request) -> web.Response:
    return web.Response(text="OK", headers={hdrs.CACHE_CONTROL: "no-store"})


async def _listen(request: web.Request, site: Site) -> web.StreamResponse:
    """A socket, or the stream of events that the query names."""
    stream = query_of(request).text("stream")
    socket = web.WebSocketResponse(
        heartbeat=PING_S,
        # What is offered is the token: browsers drop a socket that does not choose it.
        protocols=[request.headers[PROTOCOL]] if PROTOCOL in request.headers else (),
        # PERF: a compressor takes 250 KiB for each socket; benchmarks/connections.py.
        compress=False,
        max_msg_size=SAID_BYTES_MAX,
    )
    if socket.can_prepare(request).ok:
        await _Socket(request, socket, site, stream).run()
        return socket
    if stream not in SCOPES:
        raise DeclinedError(NO_SOCKET)
    return await _send(request, site, stream=stream)


async def _send(request: web.Request, site: Site, *, stream: str) -> web.StreamResponse:
    """One stream as Server-Sent Events."""
    caller = caller_of(request)
    if not covers(caller.scopes, SCOPES[stream]):
        raise DeclinedError(Problem("forbidden"))
    with request.app[LIVE].listening(caller.actor_uri, credential=caller.credential) as listener:
        teller = _teller(request, site)
        await teller.begin()

        async def source(timeout_s: float) -> Sequence[ServerEvent] | None:
            if listener.has_ended():
                return None
            frames = await teller.frames(await listener.take(timeout_s), {stream})
            shown = [ServerEvent("", one.event, one.payload) for one in _heard(frames, caller)]
            return None if listener.has_ended() else shown

        return await send_events(request, source, headers=HEADERS, heartbeat=THUMP)


def _teller(request: web.Request, site: Site) -> Teller:
    caller, services = caller_of(request), services_of(request)
    return Teller(
        caller.actor_uri, caller.account, space=services.space, site=site, clock=services.clock
    )


def _heard(frames: Sequence[Frame], caller: Caller) -> list[Frame]:
    """Of what a token is not good for, its streams say nothing."""
    is_told = covers(caller.scopes, SCOPES[NOTIFICATIONS])
    return [one for one in frames if is_told or NOTIFICATIONS not in one.streams]


class _Socket:
    """A client with a socket: what it wants to hear, and what it is told."""

    def __init__(
        self, request: web.Request, socket: web.WebSocketResponse, site: Site, stream: str
    ) -> None:
        self._request, self._socket = request, socket
        self._caller = caller_of(request)
        self._teller = _teller(request, site)
        self._streams: set[str] = set()
        self._first = stream

    async def run(self) -> None:
        """Listen and tell until either side ends it."""
        live, caller = self._request.app[LIVE], self._caller
        with live.listening(caller.actor_uri, credential=caller.credential) as listener:
            await self._socket.prepare(self._request)
            await self._teller.begin()
            if self._first:
                await self._say(self._wish("subscribe", self._first))
            # Each ends the other.
            await asyncio.gather(self._tell(listener), self._listen(listener))

    async def _listen(self, listener: Listener) -> None:
        try:
            async for message in self._socket:
                if message.type is not WSMsgType.TEXT:
                    break
                await self._say(self._heard(message.data))
        except (ConnectionError, TimeoutError):
            return
        finally:
            listener.end()
            await self._socket.close()

    async def _tell(self, listener: Listener) -> None:
        try:
            while not listener.has_ended():
                told = await listener.take(LOOK_EVERY_S)
                frames = await self._teller.frames(told, self._streams)
                for frame in _heard(frames, self._caller):
                    for stream in sorted(frame.streams & self._streams):
                        await self._say(_told(frame, stream))
        except (ConnectionError, TimeoutError):
            return
        finally:
            await self._socket.close()

    async def _say(self, document: Mapping[str, object] | None) -> None:
        if document is not None and not self._socket.closed:
            async with asyncio.timeout(WRITE_TIME_S):
                await self._socket.send_str(msgspec.json.encode(document).decode())

    def _heard(self, text: str) -> Mapping[str, object] | None:
        """Do what a client says; answers what is wrong with it."""
        try:
            said = strict_json.loads(text.encode())
        except (RemoteProtocolError, UnicodeError):
            return _wrong(UNREADABLE)
        kind, stream = said.get("type"), said.get("stream")
        if not isinstance(kind, str) or not isinstance(stream, str):
            return _wrong(UNREADABLE)
        return self._wish(kind, stream)

    def _wish(self, kind: str, stream: str) -> Mapping[str, object] | None:
        if kind not in {"subscribe", "unsubscribe"}:
            return _wrong(UNREADABLE)
        if stream in SILENT:
            return None
        if stream not in SCOPES:
            return _wrong(UNKNOWN)
        if kind == "unsubscribe":
            self._streams.discard(stream)
        elif not covers(self._caller.scopes, SCOPES[stream]):
            return _wrong(OUTSIDE, status=401)
        else:
            self._streams.add(stream)
        return None


def _told(frame: Frame, stream: str) -> Mapping[str, object]:
    return {"stream": [stream], "event": frame.event, "payload": frame.payload}


def _wrong(error: str, *, status: int = 400) -> Mapping[str, object]:
    return {"error": error, "status": status}
