"""One connection of a client: it takes no longer than it may, and what is no HTTP is a problem.

connection made     the first head is there within `head_s`
a request is whole  its handler has it; bodies have their own time (node/http/limits.py)
it was answered     the next may be waited for `idle_s`, and once begun its head has `head_s`
the client reads    what waits to be sent gets shorter within `stall_s`

Who asks too much is not listened to for a while after the answer that says so (`Problem.rest_s`).
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import hdrs, web

from node import log
from node.http.client_address import UNKNOWN
from node.http.problem import PROBLEM, Problem
from node.http.request_id import HEADER, REQUEST_ID
from node.http.strict_parser import (
    FIELDS_MAX,
    HEADER_BYTES_MAX,
    LINE_BYTES_MAX,
    MalformedError,
    StrictParser,
)

LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a client is waited for, in seconds.

    Attributes:
        head_s: From its first byte to the end of a request's head; for the first request from the
            moment of the connection on.
        idle_s: Between an answer and the next request.
        proxy_idle_s: The same, for a proxy of ours: it is better at closing than we are.
        linger_s: For the rest of a body that nobody wants, so that the answer is read.
        stall_s: Until a client that reads too slowly has taken enough.
        handshake_s: For TLS.
        goodbye_s: For the end of TLS.
    """

    head_s: float = 10.0
    idle_s: float = 75.0
    proxy_idle_s: float = 3600.0
    linger_s: float = 2.0
    stall_s: float = 60.0
    handshake_s: float = 10.0
    goodbye_s: float = 5.0


@dataclass(frozen=True, slots=True)
class Manner:
    """How clients are treated.

    Attributes:
        new_id: Names what is refused before it is a request.
        polish: Done to each answer that no application gives.
    """

    new_id: Callable[[], str]
    polish: Callable[[web.StreamResponse], None]
    patience: Patience = Patience()


class Connection(web.RequestHandler):
    """aiohttp's connection with deadlines, a strict parser and our words for what is malformed."""

    __slots__ = (
        "_head_timer",
        "_is_proxy",
        "_manner",
        "_on_lost",
        "_on_rest",
        "_stall_timer",
        "_strict",
    )

    def __init__(
        self,
        server: web.Server,
        manner: Manner,
        *,
        is_proxy: bool,
        on_lost: Callable[["Connection"], None],
        on_rest: Callable[[float], None],
    ) -> None:
        """Begin before anything has arrived.

        Args:
            server: Whose handler answers.
            manner: How the client is treated.
            is_proxy: Whether the client is a proxy of ours.
            on_lost: Called once when the connection is gone.
            on_rest: Called when the client is not to be listened to for so many seconds.
        """
        super().__init__(
            server, loop=asyncio.get_running_loop(), **_settings(manner, is_proxy=is_proxy)
        )
        self._manner = manner
        self._is_proxy = is_proxy
        self._on_lost = on_lost
        self._on_rest = on_rest
        parser: Any = self._parser
        self._strict = StrictParser(parser, self.close)
        parser = self._strict
        self._parser = parser
        self._head_timer: asyncio.TimerHandle | None = None
        self._stall_timer: asyncio.TimerHandle | None = None

    @property
    def is_idle(self) -> bool:
        """Whether it has been answered, and nothing of a further request is there."""
        return self._request_count > 0 and self._waiter is not None and self._head_timer is None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The first request has to come."""
        super().connection_made(transport)
        self._head_timer = self._loop.call_later(self._manner.patience.head_s, self._waited_enough)

    def data_received(self, data: bytes) -> None:
        """Take what arrived, and see whether a head is waited for."""
        super().data_received(data)
        if self._strict.has_part_of_a_head:
            if self._head_timer is None:
                self._head_timer = self._loop.call_later(
                    self._manner.patience.head_s, self._waited_enough
                )
        elif self._head_timer is not None and data:
            self._head_timer.cancel()
            self._head_timer = None

    def connection_lost(self, exc: BaseException | None) -> None:
        """Nothing is waited for any more."""
        for timer in (self._head_timer, self._stall_timer):
            if timer is not None:
                timer.cancel()
        self._head_timer = self._stall_timer = None
        super().connection_lost(exc)
        self._on_lost(self)

    def pause_writing(self) -> None:
        """The client takes less than it is sent."""
        super().pause_writing()
        self._stall_timer = self._loop.call_later(self._manner.patience.stall_s, self._stalled)

    def resume_writing(self) -> None:
        """It has taken enough for more."""
        super().resume_writing()
        if self._stall_timer is not None:
            self._stall_timer.cancel()
            self._stall_timer = None

    async def finish_response(
        self, request: web.BaseRequest, resp: web.StreamResponse, start_time: float | None
    ) -> tuple[web.StreamResponse, bool]:
        """Give an answer; then listen to a client that asks too much no more for a while.

        A proxy of ours brings other people's requests on the same connection.
        """
        finished = await super().finish_response(request, resp, start_time)
        problem = resp.get(PROBLEM)
        if problem is not None and problem.rest_s and not self._is_proxy:
            # PERF: what waits in the socket costs nothing; benchmarks/flood.py.
            self._on_rest(problem.rest_s)
            await asyncio.sleep(problem.rest_s)
        return finished

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """The answer to what never was a request, or to a fault outside of all handlers."""
        del status, message
        if request.writer.output_size > 0:
            raise ConnectionError("half an answer is out already")
        is_theirs = isinstance(exc, MalformedError)
        problem = (
            Problem(exc.word, exc.detail)
            if isinstance(exc, MalformedError)
            else Problem("internal")
        )
        request_id = request.get(REQUEST_ID) or self._manner.new_id()
        with log.context(request=request_id):
            LOG.log(
                logging.INFO if is_theirs else logging.ERROR,
                "Request refused",
                extra={
                    "action": "refuse",
                    "status": problem.status,
                    "reason": problem.detail or problem.title,
                    "client": request.remote or UNKNOWN,
                },
                exc_info=None if is_theirs else exc,
            )
        response = problem.response()
        response.headers[HEADER] = request_id
        # aiohttp answers what it could not read as HTTP/1.0, which leaves this out.
        response.headers[hdrs.CONNECTION] = "close"
        self._manner.polish(response)
        response.force_close()
        return response

    def _waited_enough(self) -> None:
        self._head_timer = None
        if self._strict.has_part_of_a_head:
            self._strict.give_up()
            self.data_received(b"")
        else:
            self.force_close()

    def _stalled(self) -> None:
        self._stall_timer = None
        if self.transport is not None:
            self.transport.abort()


def _settings(manner: Manner, *, is_proxy: bool) -> dict[str, Any]:
    patience = manner.patience
    return {
        "keepalive_timeout": patience.proxy_idle_s if is_proxy else patience.idle_s,
        "lingering_time": patience.linger_s,
        "access_log": None,
        "max_line_size": LINE_BYTES_MAX,
        "max_field_size": HEADER_BYTES_MAX,
        "max_headers": FIELDS_MAX,
        "auto_decompress": False,
    }
