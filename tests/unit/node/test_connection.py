"""No client is waited for longer than it may take, and none takes the room of all others."""

import asyncio
import logging
import os
import resource
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import trustme
from aiohttp import web

from node.http.connection import Patience
from node.http.problem import Problem
from node.http.server import BACK_OFF_S
from tests.support.http_server import HttpServer, Streams, http_server
from tests.unit.node.conftest import parsed

GET = b"GET / HTTP/1.1\r\nHost: alpha.test\r\n\r\n"
PART = GET[:-2]
SHORT = Patience(head_s=0.2, stall_s=0.2, handshake_s=0.2, goodbye_s=0.2)
LARGE_BYTES = 32 * 1024 * 1024
# Longer than any test.
MUCH = Problem("too-many-requests", retry_after_s=60, rest_s=60)
BUSY = web.AppKey("busy", asyncio.Event)
REFUSED = web.AppKey("refused", list[str])
OVER = web.AppKey("over", asyncio.Event)


def application() -> web.Application:
    async def hello(_: web.Request) -> web.Response:
        return web.Response(text="hello")

    async def wait(request: web.Request) -> web.Response:
        await request.app[BUSY].wait()
        return web.Response(text="hello")

    async def large(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        try:
            await response.write(bytes(LARGE_BYTES))
        finally:
            request.app[OVER].set()
        return response

    async def much(request: web.Request) -> web.Response:
        request.app[REFUSED].append(request.path)
        return MUCH.response()

    app = web.Application()
    app[BUSY], app[OVER], app[REFUSED] = asyncio.Event(), asyncio.Event(), []
    app.router.add_get("/much", much)
    app.router.add_get("/", hello)
    app.router.add_get("/wait", wait)
    app.router.add_get("/large", large)
    return app


async def ask(streams: Streams) -> bytes:
    """The body of an answer, on a connection that goes on; "" if the connection is closed."""
    reader, writer = streams
    try:
        writer.write(GET)
        await reader.readuntil(b"\r\n\r\n")
        return await reader.readexactly(len(b"hello"))
    except (asyncio.IncompleteReadError, ConnectionError):
        return b""


async def rest(streams: Streams) -> bytes:
    """What still comes until the connection is closed."""
    try:
        async with asyncio.timeout(5):
            return await streams[0].read()
    except ConnectionError:
        return b""


async def test_a_client_that_says_nothing_is_not_waited_for() -> None:
    async with http_server(application(), patience=SHORT) as server:
        assert await rest(await server.dial()) == b""


async def test_the_head_of_a_first_request_has_its_time() -> None:
    async with http_server(application(), patience=SHORT) as server:
        streams = await server.dial()
        streams[1].write(PART)

        answer = parsed(await rest(streams))

    assert (answer.status, answer.headers["connection"]) == (408, "close")
    assert answer.headers["content-type"] == "application/problem+json"


async def test_the_head_of_a_further_request_has_its_time() -> None:
    patience = Patience(head_s=0.2, idle_s=60)
    async with http_server(application(), patience=patience) as server:
        streams = await server.dial()
        assert await ask(streams) == b"hello"
        streams[1].write(PART)

        assert parsed(await rest(streams)).status == 408


async def test_a_head_that_drips_has_no_more_time_than_one_that_stops() -> None:
    async with http_server(application(), patience=SHORT) as server:
        reader, writer = await server.dial()
        writer.write(PART)
        answered = asyncio.create_task(reader.read(100))
        async with asyncio.timeout(5):
            while not answered.done():
                writer.write(b"X: y\r\n")
                await asyncio.wait({answered}, timeout=0.01)

    assert answered.result().startswith(b"HTTP/1.0 408 ")


async def test_a_client_that_asks_nothing_more_is_let_go() -> None:
    patience = Patience(head_s=60, idle_s=0.2)
    async with http_server(application(), patience=patience) as server:
        streams = await server.dial()
        assert await ask(streams) == b"hello"

        assert await rest(streams) == b""


async def test_a_proxy_of_ours_may_keep_its_connections() -> None:
    patience = Patience(idle_s=0.1, proxy_idle_s=60)
    async with http_server(application(), patience=patience, proxies=("127.0.0.2",)) as server:
        proxy, client = await server.dial(address="127.0.0.2"), await server.dial()
        await ask(client), await ask(proxy)
        await rest(client)

        assert await ask(proxy) == b"hello"


async def test_who_speaks_no_tls_is_not_waited_for() -> None:
    certificate = trustme.CA().issue_cert("alpha.test")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    async with http_server(application(), patience=SHORT, tls=context) as server:
        silent, plain = await server.dial(), await server.dial()
        plain[1].write(GET)

        assert await rest(silent) == b""
        assert b"hello" not in await rest(plain)


async def test_a_client_that_reads_too_slowly_is_let_go() -> None:
    app = application()
    async with http_server(app, patience=SHORT) as server:
        reader, writer = await server.dial()
        writer.write(b"GET /large HTTP/1.1\r\nHost: alpha.test\r\n\r\n")
        async with asyncio.timeout(5):
            await app[OVER].wait()

        assert len(await rest((reader, writer))) < LARGE_BYTES


async def test_one_address_has_no_more_than_its_share(caplog: pytest.LogCaptureFixture) -> None:
    async with http_server(application(), most_per_address=2) as server:
        first, second = await server.dial(), await server.dial()
        assert [await ask(first), await ask(second)] == [b"hello", b"hello"]

        refused = [await ask(await server.dial()) for _ in range(3)]
        other = await ask(await server.dial(address="127.0.0.2"))
        first[1].close()
        async with asyncio.timeout(5):
            while await ask(await server.dial()) != b"hello":
                pass

    assert (refused, other) == ([b"", b"", b""], b"hello")
    (line,) = caplog.records
    assert line.__dict__["limit"] == "limits.connections_per_address"
    assert line.__dict__["address"] == "127.0.0.1"


async def test_a_proxy_of_ours_has_no_share() -> None:
    async with http_server(application(), most_per_address=1, proxies=("127.0.0.0/8",)) as server:
        first, second = await server.dial(), await server.dial()

        assert [await ask(first), await ask(second)] == [b"hello", b"hello"]


async def test_who_comes_gets_the_room_of_who_asks_nothing() -> None:
    async with http_server(application(), most=2) as server:
        silent, idle = await server.dial(), await server.dial()
        assert await ask(idle) == b"hello"

        assert await ask(await server.dial()) == b"hello"
        assert await rest(idle) == b""
        assert await ask(silent) == b"hello"


async def test_where_all_are_busy_nobody_more_is_let_in(caplog: pytest.LogCaptureFixture) -> None:
    app = application()
    async with http_server(app, most=2) as server:
        busy = [await server.dial(), await server.dial()]
        for _, writer in busy:
            writer.write(GET.replace(b"/ ", b"/wait "))

        refused = [await ask(await server.dial()) for _ in range(3)]
        app[BUSY].set()
        answers = [await reader.readuntil(b"hello") for reader, _ in busy]
        after = await ask(await server.dial())

    assert (refused, len(answers), after) == ([b"", b"", b""], 2, b"hello")
    assert [line.__dict__["limit"] for line in caplog.records] == ["limits.connections"]


@contextmanager
def one_descriptor_left() -> Iterator[None]:
    """The system grants this process one more descriptor, and then none."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    used = max(int(each.name) for each in Path("/proc/self/fd").iterdir()) + 1
    resource.setrlimit(resource.RLIMIT_NOFILE, (used + 1, hard))
    held: list[int] = []
    with suppress(OSError):
        while True:
            held.append(os.open("/dev/null", os.O_RDONLY))
    try:
        os.close(held.pop())
        yield
    finally:
        for each in held:
            os.close(each)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def too_much(server: HttpServer, address: str) -> tuple[Streams, bytes]:
    """A connection on which two requests came at once that are too many, and the first answer."""
    streams = await server.dial(address=address)
    streams[1].write(2 * GET.replace(b"GET /", b"GET /much"))
    return streams, await streams[0].readuntil(b"\r\n\r\n")


async def test_who_asks_too_much_is_answered_and_then_not_listened_to() -> None:
    app = application()
    async with http_server(app) as server:
        _, answered = await too_much(server, "127.0.0.2")

        assert await ask(await server.dial()) == b"hello"
        assert answered.startswith(b"HTTP/1.1 429 ")
        assert app[REFUSED] == ["/much"]


async def test_a_proxy_of_ours_is_listened_to_whoever_asks_too_much() -> None:
    async with http_server(application(), proxies=("127.0.0.2",)) as server:
        (reader, _), _ = await too_much(server, "127.0.0.2")

        assert b"HTTP/1.1 429 " in await reader.readuntil(b"HTTP/1.1 429 ")


async def test_hanging_up_makes_no_room_for_who_asked_too_much() -> None:
    async with http_server(application(), most_per_address=1) as server:
        (_, writer), _ = await too_much(server, "127.0.0.2")
        writer.close()
        await writer.wait_closed()

        assert await ask(await server.dial()) == b"hello"
        assert await ask(await server.dial(address="127.0.0.2")) == b""


async def test_without_descriptors_the_node_waits_calmly(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async with http_server(application()) as server:
        with one_descriptor_left():
            streams = await server.dial()
            streams[1].write(GET)
            early = asyncio.create_task(streams[0].readuntil(b"hello"))
            await asyncio.wait({early}, timeout=1.5 * BACK_OFF_S)
            assert not early.done()

        async with asyncio.timeout(5):
            assert (await early).startswith(b"HTTP/1.1 200 ")

    (line,) = caplog.records
    assert (line.levelname, line.exc_info) == ("WARNING", None)
    assert line.__dict__["action"] == "connection.exhausted"
