"""The only opener of outgoing HTTP: judged, without cookies, in bounded time and bytes.

A request ends as an `Answer`, whatever its status, or as one of the values of `failure.py`.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial
from types import MappingProxyType
from typing import Self, TypeVar

import aiohttp
from yarl import URL

from federation.transport.addresses import Network
from federation.transport.answer import Answer, headers_of, read_capped
from federation.transport.dialler import Dialled, Dialler, NamedHosts, tls_context
from federation.transport.failure import (
    BadAnswer,
    Forbidden,
    Kind,
    NoAnswer,
    Unreachable,
    explained,
)
from federation.transport.getting import REDIRECTS_MAX, Bounds, MayEndAt, Moved, taken
from federation.transport.target import judged

POST_ANSWER_MAX_BYTES = 4096
IDLE_TIMEOUT_S = 30
CONNECTIONS_MAX = 512
URLS_REMEMBERED = 4096

Sign = Callable[[str], Mapping[str, str]]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ClientSettings:
    """What the client needs from the configuration.

    Attributes:
        allow_private: Networks that may be dialled although the address table refuses them.
        ca_file: CA certificates trusted besides the system's, or None.
        allow_http: Development only: http URLs, and other ports.
        hosts: Development only: host name to the address and port dialled for it. TLS and the
            Host header keep the name.
        connections_per_host: How many connections one host gets at once.
        own_origin: Where this node is served itself, which it never dials.
    """

    user_agent: str
    allow_private: tuple[Network, ...] = ()
    ca_file: str | None = None
    allow_http: bool = False
    hosts: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    connect_timeout_s: float = 5
    total_timeout_s: float = 10
    connections_per_host: int = 2
    own_origin: str = ""


async def _at_once(_: str) -> int:
    return 0


class Client:
    """GET and POST to other servers; an async context manager that owns the connections.

    Args:
        settings: From the configuration.
        keeps_out: Whether the operator lets nothing go to a host.
        wait_s: In how many seconds a host may be asked for a document; 0 for at once.
    """

    def __init__(
        self,
        settings: ClientSettings,
        keeps_out: Callable[[str], bool] = lambda _: False,
        wait_s: Callable[[str], Awaitable[int]] = _at_once,
    ) -> None:
        self._settings, self._keeps_out, self.wait_s = settings, keeps_out, wait_s
        self._dialler = Dialler(settings.allow_private)
        # PERF: judging and taking apart a URL is 8 of the 340 us of a POST, and inboxes recur.
        self._target = lru_cache(URLS_REMEMBERED)(
            partial(judged, allow_http=settings.allow_http, own_origin=settings.own_origin)
        )
        self._opened: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        settings = self._settings
        connector = aiohttp.TCPConnector(
            ssl=tls_context(settings.ca_file),
            resolver=NamedHosts(settings.hosts),
            socket_factory=self._dialler.make_socket,
            limit=CONNECTIONS_MAX,
            limit_per_host=settings.connections_per_host,
            keepalive_timeout=IDLE_TIMEOUT_S,
        )
        self._opened = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            auto_decompress=False,
            # The deadline over everything is ours; aiohttp times only the dialling.
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=settings.connect_timeout_s),
            headers={"User-Agent": settings.user_agent, "Accept-Encoding": "identity"},
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    @property
    def egress_log(self) -> tuple[Dialled, ...]:
        """The latest sockets asked for, allowed and refused, oldest first."""
        return self._dialler.log

    async def get(
        self,
        url: str,
        *,
        accept: str,
        max_bytes: int,
        headers: Mapping[str, str] = MappingProxyType({}),
        sign: Sign | None = None,
        hops: int = REDIRECTS_MAX,
    ) -> Answer | BadAnswer | NoAnswer:
        """The document at a URL, after up to three redirects that end at the asked origin.

        Args:
            url: In canonical form; a fragment is not sent.
            accept: The Accept header.
            max_bytes: A longer body is a BadAnswer.
            headers: Sent on every hop.
            sign: Called with the URL of each hop; what it gives is sent on that hop alone.
            hops: How many redirects are followed.

        Source: security.md 6.4 and 6.5
        """

        def heads(here: str) -> Mapping[str, str]:
            return {"Accept": accept, **headers, **(sign(here) if sign else {})}

        bounds = Bounds(max_bytes, hops)
        return await self._in_time(self._follow(url.partition("#")[0], heads, bounds))

    async def look(
        self, url: str, *, accept: str, max_bytes: int, may_end_at: MayEndAt
    ) -> Answer | BadAnswer | NoAnswer:
        """The beginning of what is at a URL, after up to three redirects.

        Args:
            url: In canonical form; a fragment is not sent.
            accept: The Accept header.
            max_bytes: What is behind is not read.
            may_end_at: Whether redirects from the URL may end at another one.
        """
        bounds = Bounds(max_bytes, may_end_at=may_end_at, is_cut=True)
        return await self._in_time(self._follow(url, lambda _: {"Accept": accept}, bounds))

    async def post(
        self, url: str, body: bytes, headers: Mapping[str, str], *, is_last_word: bool = False
    ) -> Answer | NoAnswer:
        """Hand a document to an inbox; a redirect is an answer like any other.

        Where the server has closed a connection as we reused it, the request is sent once more:
        receivers know an activity by its id.

        Args:
            url: In canonical form.
            body: The bytes that the signature covers.
            headers: Content-Type and the headers of the signature.
            is_last_word: Whether a host is told that is kept out.

        Returns:
            The answer with at most 4 KiB of its body.
        """
        target = self._target(url) if is_last_word else self._allowed(url)
        if isinstance(target, Forbidden):
            return target
        return await self._in_time(self._post(target, body, headers))

    def _allowed(self, url: str) -> URL | Forbidden:
        """The URL to dial, unless a rule of ours or the operator's is against it."""
        target = self._target(url)
        if isinstance(target, URL) and self._keeps_out(target.host or ""):
            return Forbidden("a blocked domain")
        return target

    @property
    def _session(self) -> aiohttp.ClientSession:
        if self._opened is None:
            raise RuntimeError("the client is not open")
        return self._opened

    async def _in_time(self, work: Coroutine[None, None, T]) -> T | NoAnswer:
        try:
            async with asyncio.timeout(self._settings.total_timeout_s):
                return await work
        except TimeoutError as error:
            return Unreachable(Kind.TIMEOUT, str(error))
        except (aiohttp.ClientError, OSError) as error:
            return explained(error)

    async def _post(self, target: URL, body: bytes, headers: Mapping[str, str]) -> Answer:
        try:
            return await self._post_once(target, body, headers)
        except aiohttp.ServerDisconnectedError:
            return await self._post_once(target, body, headers)

    async def _post_once(self, target: URL, body: bytes, headers: Mapping[str, str]) -> Answer:
        async with self._session.post(
            target, data=body, headers=headers, allow_redirects=False
        ) as answer:
            told = await read_capped(answer, POST_ANSWER_MAX_BYTES)
            return Answer(
                answer.status, headers_of(answer), told[:POST_ANSWER_MAX_BYTES], str(target)
            )

    async def _follow(
        self, url: str, headers_for: Sign, bounds: Bounds
    ) -> Answer | BadAnswer | NoAnswer:
        visited = [url]
        while True:
            here = visited[-1]
            target = self._allowed(here)
            if isinstance(target, Forbidden):
                return target
            if await self.wait_s(target.raw_authority):
                return Unreachable(Kind.CROWDED, "")
            answer = await self._get_once(target, headers_for(here), bounds)
            if isinstance(answer, Answer) and not bounds.may_end_at(url, answer.url):
                return BadAnswer("a redirect to another origin", answer.status)
            if not isinstance(answer, Moved):
                return answer
            if answer.to in visited or len(visited) > bounds.hops:
                return BadAnswer("redirects without end", answer.status)
            visited.append(answer.to)

    async def _get_once(
        self, target: URL, headers: Mapping[str, str], bounds: Bounds
    ) -> Answer | BadAnswer | Forbidden | Moved:
        async with self._session.get(target, headers=headers, allow_redirects=False) as answer:
            return await taken(answer, target, bounds, allow_http=self._settings.allow_http)
