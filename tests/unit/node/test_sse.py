"""A stream shows what its source gives, and ends with it or with its client."""

import asyncio
from collections.abc import Sequence

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler

from node.http.sse import HEARTBEAT, ServerEvent, send_events

ONE = ServerEvent("1", "message", '{"text": "hello"}')
TWO = ServerEvent("", "typing", "{}")


class Script:
    """A source that gives these answers, then waits until it is stopped."""

    def __init__(self, *answers: Sequence[ServerEvent] | None) -> None:
        self._answers = list(answers)
        self.stopped = asyncio.Event()

    async def next(self, wait_s: float) -> Sequence[ServerEvent] | None:
        assert wait_s > 0
        if self._answers:
            return self._answers.pop(0)
        await self.stopped.wait()
        return ()


def application(script: Script) -> web.Application:
    ended = asyncio.Event()

    async def stream(request: web.Request) -> web.StreamResponse:
        response = await send_events(request, script.next)
        ended.set()
        return response

    app = web.Application()
    app.router.add_get("/events", stream)
    app[ENDED] = ended
    return app


ENDED = web.AppKey("ended", asyncio.Event)


def test_an_event_is_its_id_its_type_and_its_data() -> None:
    assert ONE.encoded() == b'id: 1\nevent: message\ndata: {"text": "hello"}\n\n'
    assert TWO.encoded() == b"event: typing\ndata: {}\n\n"


def test_data_cannot_begin_a_field_of_its_own() -> None:
    event = ServerEvent("1", "message", "a\nevent: evil\r\ndata")

    assert event.encoded() == b"id: 1\nevent: message\ndata: a\ndata: event: evil\ndata: data\n\n"


async def test_a_stream_ends_with_its_source() -> None:
    app = application(Script([ONE, TWO], [], None))

    async with TestClient(TestServer(app)) as client, client.get("/events") as answer:
        assert answer.content_type == "text/event-stream"
        assert answer.headers["Cache-Control"] == "no-store"
        assert await answer.read() == HEARTBEAT + ONE.encoded() + TWO.encoded() + HEARTBEAT


async def test_a_stream_ends_with_its_client() -> None:
    script = Script([ONE])
    app = application(script)

    async with TestClient(TestServer(app)) as client:
        answer = await client.get("/events")
        assert await answer.content.readexactly(len(HEARTBEAT)) == HEARTBEAT
        answer.close()
        script.stopped.set()
        async with asyncio.timeout(5):
            await app[ENDED].wait()


async def test_a_client_that_has_gone_before_the_first_event_is_no_fault() -> None:
    async def stream(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.abort()
        app[ENDED].set()
        return await send_events(request, Script([ONE], None).next)

    app, failed = web.Application(), asyncio.Event()
    app[ENDED] = asyncio.Event()

    @web.middleware
    async def watch(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except ConnectionError:
            failed.set()
            raise

    app.middlewares.append(watch)
    app.router.add_get("/events", stream)
    async with TestClient(TestServer(app)) as client:
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await client.get("/events")
        await app[ENDED].wait()

    assert not failed.is_set()


async def test_who_asks_for_the_head_alone_gets_nothing_after_it() -> None:
    async with TestServer(application(Script([ONE]))) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        for request in (b"HEAD /events", b"GET /elsewhere"):
            writer.write(request + b" HTTP/1.1\r\nHost: alpha.test\r\n\r\n")
        head = await reader.readuntil(b"\r\n\r\n")
        after = await reader.readline()
        writer.close()

    assert b"\r\nContent-Type: text/event-stream\r\n" in head
    assert after == b"HTTP/1.1 404 Not Found\r\n"
