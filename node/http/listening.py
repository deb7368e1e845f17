"""A place in the configuration, "address:port" or "unix:/path", becomes sockets that listen."""

import asyncio
import socket
import stat
from pathlib import Path
from typing import Final

UNIX: Final = "unix:"
BACKLOG: Final = 512
# A peer that acknowledges nothing for so long is gone, whatever is still to be sent to it.
SILENCE_MAX_MS: Final = 60_000


async def bound(place: str) -> list[socket.socket]:
    """The sockets of a place, which listen: a name may have several addresses.

    Raises:
        OSError: It cannot be listened on.
    """
    if place.startswith(UNIX):
        return [_unix(Path(place.removeprefix(UNIX)))]
    host, _, port = place.rpartition(":")
    found = await asyncio.get_running_loop().getaddrinfo(
        host.strip("[]"), int(port), type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )
    listening: list[socket.socket] = []
    try:
        for family, address in dict.fromkeys((one[0], one[4]) for one in found):
            listening.append(_tcp(family, address))
    except OSError:
        for one in listening:
            one.close()
        raise
    return listening


def ports(sockets: list[socket.socket]) -> tuple[int, ...]:
    """The ports of those that have one, in order."""
    return tuple(one.getsockname()[1] for one in sockets if one.family != socket.AF_UNIX)


def _tcp(family: int, address: tuple[object, ...]) -> socket.socket:
    one = socket.socket(family, socket.SOCK_STREAM)
    try:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, SILENCE_MAX_MS)
        one.bind(address)
        return _listening(one)
    except OSError:
        one.close()
        raise


def _unix(path: Path) -> socket.socket:
    """A socket in the file system; one that a process left behind makes way."""
    if path.exists() and stat.S_ISSOCK(path.stat().st_mode):
        path.unlink()
    one = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        one.bind(str(path))
        return _listening(one)
    except OSError:
        one.close()
        raise


def _listening(one: socket.socket) -> socket.socket:
    one.listen(BACKLOG)
    one.settimeout(0)
    return one
