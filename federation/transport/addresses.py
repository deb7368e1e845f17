"""Which addresses may be dialled, so that no name and no literal leads into our own network."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# security.md 6.2. `is_global` is not enough: it knows some of these differently in each Python.
REFUSED_IPV4 = (
    IPv4Network("0.0.0.0/8"),
    IPv4Network("10.0.0.0/8"),
    IPv4Network("100.64.0.0/10"),
    IPv4Network("127.0.0.0/8"),
    IPv4Network("169.254.0.0/16"),
    IPv4Network("172.16.0.0/12"),
    IPv4Network("192.0.0.0/24"),
    IPv4Network("192.0.2.0/24"),
    IPv4Network("192.31.196.0/24"),
    IPv4Network("192.52.193.0/24"),
    IPv4Network("192.88.99.0/24"),
    IPv4Network("192.168.0.0/16"),
    IPv4Network("192.175.48.0/24"),
    IPv4Network("198.18.0.0/15"),
    IPv4Network("198.51.100.0/24"),
    IPv4Network("203.0.113.0/24"),
    IPv4Network("224.0.0.0/4"),
    IPv4Network("240.0.0.0/4"),
)
GLOBAL_IPV6 = IPv6Network("2000::/3")
REFUSED_IPV6 = (
    IPv6Network("2001::/23"),
    IPv6Network("2001:db8::/32"),
    IPv6Network("2002::/16"),
    IPv6Network("2620:4f:8000::/48"),
    IPv6Network("3fff::/20"),
)


def may_dial(text: str, exceptions: Sequence[Network]) -> bool:
    """Whether a socket may be opened to this address.

    Args:
        text: The address as the socket gets it; what does not parse is refused.
        exceptions: Networks that may be dialled although the table refuses them.
    """
    try:
        address = _unmapped(ip_address(text))
    except ValueError:
        return False
    return _is_public(address) or any(address in network for network in exceptions)


def _unmapped(address: Address) -> Address:
    """An IPv4-mapped IPv6 address reaches the IPv4 host, so it is judged as IPv4."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _is_public(address: Address) -> bool:
    if isinstance(address, IPv4Address):
        return not any(address in network for network in REFUSED_IPV4)
    return address in GLOBAL_IPV6 and not any(address in network for network in REFUSED_IPV6)
