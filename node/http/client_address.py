"""Where a request comes from, as far as it can be believed."""

import ipaddress
from collections.abc import Collection
from functools import lru_cache
from typing import Final

from aiohttp import web

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# The networks of our own proxies.
PROXIES: Final = web.AppKey("proxies", tuple[Network, ...])
HEADER: Final = "X-Forwarded-For"
UNKNOWN: Final = "unknown"
IPV6_PREFIX: Final = 64


def client_address(request: web.Request, trusted: Collection[Network]) -> str:
    """The address of the client: the last one in the chain that is no proxy of ours.

    Args:
        request: The request.
        trusted: Whose `X-Forwarded-For` is believed; nobody else's is.
    """
    nearest = _parsed(request.remote or "")
    if nearest is None or not _is_in(nearest, trusted):
        return request.remote or UNKNOWN
    hops = ",".join(request.headers.getall(HEADER, [])).split(",")
    for hop in reversed(hops):
        address = _parsed(hop.strip())
        if address is None:
            break
        nearest = address
        if not _is_in(address, trusted):
            break
    return str(nearest)


def counted_address(request: web.Request) -> str:
    """What a request is counted against; "" if a proxy does not say for whom it speaks."""
    trusted = request.app.get(PROXIES, ())
    address = client_address(request, trusted)
    return "" if address == UNKNOWN or is_one_of(address, trusted) else neighbourhood(address)


def is_one_of(address: str, networks: Collection[Network]) -> bool:
    """Whether an address lies in one of these networks."""
    parsed = _parsed(address)
    return parsed is not None and _is_in(parsed, networks)


@lru_cache(10_000)
def neighbourhood(address: str) -> str:
    """What is counted as one client: an IPv4 address, or the IPv6 /64 that one of them is handed.

    What is no address stands for itself.
    """
    parsed = _parsed(address)
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.IPv6Network((int(parsed), IPV6_PREFIX), strict=False))
    return address if parsed is None else str(parsed)


def networks(texts: Collection[str]) -> tuple[Network, ...]:
    """The networks an operator named."""
    return tuple(ipaddress.ip_network(text) for text in texts)


@lru_cache(10_000)
def _parsed(text: str) -> Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _is_in(address: Address, trusted: Collection[Network]) -> bool:
    return any(address in network for network in trusted)
