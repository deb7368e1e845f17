"""An application is served on its addresses, to no more clients at once than there is room for.

Connections are accepted here and not by asyncio, which asks nobody whether there is room, and where
descriptors run out writes a traceback for each place in its backlog.
"""

import asyncio
import errno
import logging
import socket
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Final

from aiohttp import web

from node.http.connection import Connection, Manner
from node.http.door import Door
from node.http.listening import bound, ports

LOG: Final = logging.getLogger(__name__)

# After so many in a row others get their turn.
ACCEPTED_IN_A_ROW: Final = 64
EXHAUSTED: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
BACK_OFF_S: Final = 0.5
SAY_AGAIN_AFTER_S: Final = 60.0
# aiohttp waits so long for handlers, and then as long again for what they leave behind.
STOP_WITHIN_S: Final = 2.5


class Rarely:
    """Says a thing once a minute at most, and then how often it was so."""

    def __init__(self, message: str, action: str) -> None:
        self._message = message
        self._action = action
        self._count = 0
        self._said_at = float("-inf")

    def say(self, **facts: object) -> None:
        """It is so once more."""
        self._count += 1
        now = asyncio.get_running_loop().time()
        if now - self._said_at >= SAY_AGAIN_AFTER_S:
            LOG.warning(
                self._message, extra={"action": self._action, "count": self._count, **facts}
            )
            self._said_at, self._count = now, 0


class Listener:
    """Accepts connections for one server."""

    def __init__(
        self, server: web.Server, door: Door, manner: Manner, tls: ssl.SSLContext | None
    ) -> None:
        self._server = server
        self._door = door
        self._manner = manner
        self._tls = tls
        self._inside: dict[Connection, str] = {}
        self._beginning: set[asyncio.Task[None]] = set()
        self._too_many = Rarely("Connections refused: there is no room", "connection.refused")
        self._exhausted = Rarely("No descriptor is left for connections", "connection.exhausted")

    async def run(self, sockets: Sequence[socket.socket]) -> None:
        """Accept until cancelled."""
        accepting = [asyncio.create_task(self._accept(one)) for one in sockets]
        try:
            await asyncio.gather(*accepting)
        finally:
            tasks = [*accepting, *self._beginning]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _accept(self, listening: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        count = 0
        while True:
            try:
                client, named = await loop.sock_accept(listening)
            except OSError as error:
                # Any other error is of the one connection, which has ended before it was ours.
                if error.errno in EXHAUSTED:
                    self._exhausted.say(reason=error.strerror)
                    self._close_an_idle_one()
                await asyncio.sleep(BACK_OFF_S if error.errno in EXHAUSTED else 0)
                continue
            address = named[0] if isinstance(named, tuple) else ""
            if self._has_room_for(address):
                self._let_in(client, address)
            else:
                client.close()
            count += 1
            if count % ACCEPTED_IN_A_ROW == 0:
                await asyncio.sleep(0)

    def _has_room_for(self, address: str) -> bool:
        if self._door.has_its_share(address):
            limit = "limits.connections_per_address"
        elif self._door.is_full and not self._close_an_idle_one():
            limit = "limits.connections"
        else:
            return True
        self._too_many.say(address=address, limit=limit)
        return False

    def _close_an_idle_one(self) -> bool:
        """Make room: whoever has been answered and asks nothing can come again."""
        idle = next((one for one in self._inside if one.is_idle), None)
        if idle is not None:
            idle.force_close()
        return idle is not None

    def _let_in(self, client: socket.socket, address: str) -> None:
        connection = Connection(
            self._server,
            self._manner,
            is_proxy=self._door.is_proxy(address),
            on_lost=self._left,
            on_rest=partial(self._keep_a_place, address),
        )
        self._inside[connection] = address
        self._door.enter(address)
        task = asyncio.create_task(self._begin(client, connection))
        self._beginning.add(task)
        task.add_done_callback(self._beginning.discard)

    async def _begin(self, client: socket.socket, connection: Connection) -> None:
        loop, patience = asyncio.get_running_loop(), self._manner.patience
        try:
            if self._tls is None:
                await loop.connect_accepted_socket(lambda: connection, client)
            else:
                await loop.connect_accepted_socket(
                    lambda: connection,
                    client,
                    ssl=self._tls,
                    ssl_handshake_timeout=patience.handshake_s,
                    ssl_shutdown_timeout=patience.goodbye_s,
                )
        except OSError:
            # It speaks no TLS, or not now.
            self._left(connection)
        except BaseException:
            self._left(connection)
            raise

    def _keep_a_place(self, address: str, seconds: float) -> None:
        """Let somebody have one place less for a while.

        SECURITY: whoever is not listened to might hang up and come again;
        tests/unit/node/test_connection.py.
        """
        self._door.enter(address)
        asyncio.get_running_loop().call_later(seconds, self._door.leave, address)

    def _left(self, connection: Connection) -> None:
        address = self._inside.pop(connection, None)
        if address is not None:
            self._door.leave(address)


@asynccontextmanager
async def serving(
    app: web.Application,
    places: Sequence[str],
    *,
    door: Door,
    manner: Manner,
    tls: ssl.SSLContext | None = None,
) -> AsyncIterator[tuple[int, ...]]:
    """Serve an application until the block ends; gives the ports.

    Args:
        app: What answers.
        places: "address:port" or "unix:/path".
        door: How many may be inside.
        manner: How they are treated.
        tls: If connections are to be in TLS.

    Raises:
        OSError: A place cannot be listened on.
    """
    runner = web.AppRunner(app, shutdown_timeout=STOP_WITHIN_S)
    await runner.setup()
    sockets: list[socket.socket] = []
    try:
        for place in places:
            sockets += await bound(place)
        if runner.server is None:
            raise RuntimeError("aiohttp has made no server")
        listener = Listener(runner.server, door, manner, tls)
        accepting = asyncio.create_task(listener.run(sockets))
        try:
            yield ports(sockets)
        finally:
            accepting.cancel()
            await asyncio.gather(accepting, return_exceptions=True)
    finally:
        for one in sockets:
            one.close()
        await runner.cleanup()
