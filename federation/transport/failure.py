"""The three ways in which a request of ours can end without an answer we may use.

| value | says | the same request later |
|---|---|---|
| Forbidden | our own rule: the URL or the address may not be dialled | fails again |
| Unreachable | the network, DNS, TLS, or the time | may work |
| BadAnswer | something answered and broke a rule of ours | depends on them |

They are values, not exceptions: whoever asks must say what each means to them.
"""

from dataclasses import dataclass
from enum import Enum

import aiohttp

from federation.transport.dialler import AddressRefusedError


class Kind(Enum):
    """What kept an answer away."""

    DNS = "the name does not resolve"
    CONNECT = "no connection"
    TLS = "no trusted TLS connection"
    TIMEOUT = "out of time"
    DISCONNECTED = "the connection ended early"
    GARBLED = "the answer is not HTTP"
    CROWDED = "too many new hosts of one domain"


@dataclass(frozen=True, slots=True)
class Forbidden:
    """The egress rule refused the URL or every address behind it; nothing was sent there."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unreachable:
    """No whole answer came; the same request may work later.

    Attributes:
        kind: What kept the answer away.
        reason: What exactly was seen; for our log only.
    """

    kind: Kind
    reason: str


@dataclass(frozen=True, slots=True)
class BadAnswer:
    """The answer broke a rule of ours, so its body is not used.

    Attributes:
        reason: A short constant phrase.
        status: The HTTP status that came with it.
    """

    reason: str
    status: int


NoAnswer = Forbidden | Unreachable

# The first row that fits decides, so a class stands before the classes it inherits from.
_KINDS: tuple[tuple[type[Exception], Kind], ...] = (
    (aiohttp.ClientConnectorDNSError, Kind.DNS),
    (aiohttp.ClientSSLError, Kind.TLS),
    (TimeoutError, Kind.TIMEOUT),
    (aiohttp.ClientConnectorError, Kind.CONNECT),
    (aiohttp.ClientResponseError, Kind.GARBLED),
    (Exception, Kind.DISCONNECTED),
)


def explained(error: aiohttp.ClientError | OSError) -> NoAnswer:
    """What an error of aiohttp or of the socket means."""
    cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else None
    if isinstance(cause, AddressRefusedError):
        return Forbidden("the address may not be dialled")
    kind = next(kind for shape, kind in _KINDS if isinstance(error, shape))
    return Unreachable(kind, f"{type(error).__name__}: {error}")
