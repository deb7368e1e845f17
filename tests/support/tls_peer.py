"""A real HTTPS server on loopback, for the tests of whatever talks to other servers."""

import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path
from tempfile import TemporaryDirectory

import trustme
from aiohttp import web

from federation.transport.client import ClientSettings

LOOPBACK = (ip_network("127.0.0.0/8"),)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Authority:
    """A throw-away certificate authority and the file that names it."""

    ca: trustme.CA
    file: str


@dataclass(slots=True)
class TlsPeer:
    """A server under one or more names; it keeps every request it saw.

    Attributes:
        routes: Path to the handler that answers it; other paths are 404.
        requests: Method, host, path and headers of each request, oldest first.
        bodies: The bodies of the same requests.
    """

    names: tuple[str, ...]
    port: int = 0
    routes: dict[str, Handler] = field(default_factory=dict)
    requests: list[web.BaseRequest] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    @property
    def hosts(self) -> dict[str, tuple[str, int]]:
        """The `hosts` setting that leads to this server."""
        return dict.fromkeys(self.names, ("127.0.0.1", self.port))

    def paths(self) -> list[str]:
        """What was asked for, oldest first."""
        return [request.path_qs for request in self.requests]

    def serve(
        self,
        path: str,
        body: str | bytes,
        *,
        content_type: str = "application/activity+json",
        status: int = 200,
    ) -> None:
        """Answer a path with a fixed document."""
        content = body.encode() if isinstance(body, str) else body

        async def answer(_: web.Request) -> web.Response:
            return web.Response(body=content, status=status, headers={"Content-Type": content_type})

        self.routes[path] = answer

    def redirect(self, path: str, location: str, *, status: int = 302) -> None:
        """Answer a path with a redirect."""

        async def answer(_: web.Request) -> web.Response:
            return web.Response(status=status, headers={"Location": location})

        self.routes[path] = answer

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Keep the request and let its route answer."""
        self.requests.append(request)
        self.bodies.append(await request.read())
        handler = self.routes.get(request.path)
        return web.Response(status=404) if handler is None else await handler(request)


@contextmanager
def authority() -> Iterator[Authority]:
    """A certificate authority that lasts as long as the block."""
    with TemporaryDirectory() as folder:
        ca = trustme.CA()
        file = Path(folder) / "ca.pem"
        ca.cert_pem.write_to_path(str(file))
        yield Authority(ca, str(file))


@asynccontextmanager
async def peer(issuer: Authority | None, *names: str) -> AsyncIterator[TlsPeer]:
    """A running server with a certificate for these names; without issuer it speaks plain http."""
    context = None
    if issuer is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        issuer.ca.issue_cert(*names).configure_cert(context)
    server = TlsPeer(names)
    app = web.Application(client_max_size=1 << 22)
    app.router.add_route("*", "/{path:.*}", server.answer)
    runner = web.AppRunner(app, shutdown_timeout=0)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context)
        await site.start()
        server.port = runner.addresses[0][1]
        yield server
    finally:
        await runner.cleanup()


def settings_for(
    issuer: Authority, *servers: TlsPeer, total_timeout_s: float = 10
) -> ClientSettings:
    """Client settings that reach these servers and nothing else on loopback by name."""
    return ClientSettings(
        user_agent="Covey/test",
        allow_private=LOOPBACK,
        ca_file=issuer.file,
        hosts={name: place for server in servers for name, place in server.hosts.items()},
        total_timeout_s=total_timeout_s,
    )
