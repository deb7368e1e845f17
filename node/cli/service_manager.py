"""What started this process, such as systemd, hears when it answers, lives on and stops.

See sd_notify(3): a datagram to the socket that the environment names. Where it names none, nobody
hears.
"""

import socket
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

READY: Final = "READY=1"
STOPPING: Final = "STOPPING=1"
ALIVE: Final = "WATCHDOG=1"
_MICROSECONDS: Final = 1_000_000


class ServiceManager:
    """Tells whoever the environment names.

    Args:
        environ: Has NOTIFY_SOCKET and WATCHDOG_USEC, if somebody wants to hear.
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._place = environ.get("NOTIFY_SOCKET", "")
        text = environ.get("WATCHDOG_USEC", "")
        self._patience_us = int(text) if text.isdecimal() else 0

    @property
    def every_s(self) -> float | None:
        """How often to say that the process lives; None if nobody waits for that."""
        return self._patience_us / _MICROSECONDS / 2 if self._patience_us else None

    def say(self, what: str) -> None:
        """Send a word; one that nobody takes is lost."""
        if not self._place.startswith(("/", "@")):
            return
        # A name without a file begins with a zero byte.
        address = f"\0{self._place[1:]}" if self._place.startswith("@") else self._place
        with (
            suppress(OSError),
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sender,
        ):
            sender.sendto(what.encode(), socket.MSG_DONTWAIT, address)
