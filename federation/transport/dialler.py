"""Every socket to another server is judged where it is made, and written down."""

import socket
import ssl
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from federation.transport.addresses import Network, may_dial

EGRESS_LOG_MAX = 1000


@dataclass(frozen=True, slots=True)
class Dialled:
    """One line of the egress log."""

    address: str
    port: int
    allowed: bool


class AddressRefusedError(OSError):
    """The address may not be dialled; an OSError, so that a host's next address is tried."""

    def __init__(self) -> None:
        super().__init__("address refused by the egress rule")


class Dialler:
    """Makes the client's sockets, and none to an address that may not be dialled.

    SECURITY: a rule in the resolver alone would not do, because literal addresses bypass it;
    test_a_literal_address_is_refused_before_and_at_the_socket.
    """

    def __init__(self, exceptions: Sequence[Network]) -> None:
        self._exceptions = tuple(exceptions)
        self._log: deque[Dialled] = deque(maxlen=EGRESS_LOG_MAX)

    @property
    def log(self) -> tuple[Dialled, ...]:
        """The latest sockets asked for, oldest first."""
        return tuple(self._log)

    def make_socket(self, info: aiohttp.AddrInfoType) -> socket.socket:
        """A socket for this address.

        Raises:
            AddressRefusedError: The table of addresses.py refuses it and no setting allows it.
        """
        family, kind, protocol, _, peer = info
        address, port = str(peer[0]), int(peer[1])
        is_allowed = may_dial(address, self._exceptions)
        self._log.append(Dialled(address, port, is_allowed))
        if not is_allowed:
            raise AddressRefusedError
        return socket.socket(family, kind, protocol)


class NamedHosts(AbstractResolver):
    """DNS, but for the hosts that the `hosts` setting names."""

    def __init__(self, hosts: Mapping[str, tuple[str, int]]) -> None:
        self._hosts = hosts
        self._dns = aiohttp.ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The addresses to dial for a name, each with its port."""
        named = self._hosts.get(host)
        if named is None:
            return await self._dns.resolve(host, port, family)
        address, named_port = named
        return [
            ResolveResult(
                hostname=host, host=address, port=named_port, family=family, proto=0, flags=0
            )
        ]

    async def close(self) -> None:
        """Nothing is held."""


def tls_context(ca_file: str | None) -> ssl.SSLContext:
    """TLS 1.2 or later, HTTP/1.1, and certificates that the system or this file trusts."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    if ca_file is not None:
        context.load_verify_locations(ca_file)
    return context
