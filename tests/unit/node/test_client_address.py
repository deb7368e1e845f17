"""Only proxies of ours say where a request comes from."""

from unittest.mock import Mock

import pytest
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict

from node.http.client_address import client_address, neighbourhood, networks

TRUSTED = networks(("10.0.0.0/8", "::1/128"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("192.0.2.1", (), "192.0.2.1"),
        ("192.0.2.1", ("198.51.100.7",), "192.0.2.1"),
        ("10.0.0.1", (), "10.0.0.1"),
        ("10.0.0.1", ("198.51.100.7",), "198.51.100.7"),
        ("10.0.0.1", ("203.0.113.9, 198.51.100.7",), "198.51.100.7"),
        ("10.0.0.1", ("203.0.113.9", "198.51.100.7"), "198.51.100.7"),
        ("10.0.0.1", ("198.51.100.7, 10.0.0.2",), "198.51.100.7"),
        ("10.0.0.1", ("10.0.0.3, 10.0.0.2",), "10.0.0.3"),
        ("10.0.0.1", ("nonsense",), "10.0.0.1"),
        ("10.0.0.1", ("198.51.100.7, nonsense, 10.0.0.2",), "10.0.0.2"),
        ("::1", ("2001:db8::1",), "2001:db8::1"),
    ],
)
def test_the_last_address_that_is_no_proxy_counts(
    peer: str, forwarded: tuple[str, ...], client: str
) -> None:
    transport = Mock()
    transport.get_extra_info = lambda name, default=None: (
        (peer, 1) if name == "peername" else default
    )
    headers = [("X-Forwarded-For", each) for each in forwarded]

    request = make_mocked_request("GET", "/", headers=CIMultiDict(headers), transport=transport)

    assert client_address(request, TRUSTED) == client


def test_a_unix_socket_has_no_address() -> None:
    transport = Mock()
    transport.get_extra_info = lambda name, default=None: "" if name == "peername" else default

    request = make_mocked_request("GET", "/", transport=transport)

    assert client_address(request, TRUSTED) == "unknown"


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::", "2001:db8:1:3::/64"),
        ("", ""),
        ("unknown", "unknown"),
    ],
)
def test_an_ipv6_network_of_one_house_counts_as_one(address: str, counted_as: str) -> None:
    assert neighbourhood(address) == counted_as
