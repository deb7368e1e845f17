"""A real server on loopback that takes raw bytes, since clients would tidy them up."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import pytest_asyncio
from aiohttp import web

from node.http.application import polite_application
from node.http.forms import read_file_form
from node.http.limits import read_body, read_json
from tests.support.http_server import HttpServer, http_server


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """What came back, headers in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


Ask = Callable[..., Awaitable[RawAnswer]]

LIMIT = 1000
SECRET = "what only our log may say"


async def echo(request: web.Request) -> web.Response:
    return web.Response(body=await read_body(request, LIMIT))


async def page(request: web.Request) -> web.Response:
    return web.Response(text="<p>hello", content_type="text/html")


async def keys(request: web.Request) -> web.Response:
    return web.json_response(sorted(await read_json(request)))


async def away(request: web.Request) -> web.Response:
    raise web.HTTPFound("/page")


async def broken(request: web.Request) -> web.Response:
    raise KeyError(SECRET)


async def half(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    await response.write(b"as far as")
    raise KeyError(SECRET)


async def form(request: web.Request) -> web.Response:
    found = await read_file_form(request, field="file", limit_bytes=LIMIT)
    return web.Response(body=found.data)


@pytest_asyncio.fixture
async def server() -> AsyncIterator[HttpServer]:
    app = polite_application(
        hosts=("alpha.test", "alpha.test:8420"),
        new_id=lambda: "ID1",
        is_https=True,
        anywhere=("/livez",),
    )
    app.router.add_post("/echo", echo)
    app.router.add_get("/page", page)
    app.router.add_get("/away", away)
    app.router.add_post("/keys", keys)
    app.router.add_post("/form", form)
    app.router.add_get("/broken", broken)
    app.router.add_get("/half", half)
    app.router.add_get("/{rest:[^e].*}", page)
    async with http_server(app) as started:
        yield started


@pytest_asyncio.fixture
async def ask(server: HttpServer) -> Ask:
    async def send(
        target: str,
        *headers: str,
        method: str = "GET",
        body: bytes = b"",
        hosts: tuple[str, ...] = ("alpha.test",),
    ) -> RawAnswer:
        reader, writer = await server.dial()
        named = [*(f"Host: {host}" for host in hosts), *headers, "Connection: close"]
        if body and not any(each.startswith(("Content-Length", "Transfer-")) for each in headers):
            named.append(f"Content-Length: {len(body)}")
        head = "\r\n".join([f"{method} {target} HTTP/1.1", *named, "", ""])
        writer.write(head.encode("latin-1") + body)
        raw = await reader.read()
        writer.close()
        return parsed(raw)

    return send


def parsed(raw: bytes) -> RawAnswer:
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    headers = {name.lower(): value.strip() for name, _, value in pairs}
    return RawAnswer(int(first.split()[1]), headers, body)
