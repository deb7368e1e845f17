from ipaddress import IPv6Network, ip_address, ip_network

import pytest

from federation.transport.addresses import REFUSED_IPV4, REFUSED_IPV6, Network, may_dial

PUBLIC = (
    "1.1.1.1",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "192.0.1.0",
    "192.167.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "2000::1",
    "2001:200::1",
    "2606:4700::1111",
    "2a00:1450::1",
    "3ffe::1",
    "::ffff:1.1.1.1",
)
OUTSIDE_GLOBAL_IPV6 = (
    "::",
    "::1",
    "::7f00:1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "100::1",
    "1fff:ffff::1",
    "4000::1",
    "5f00::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
)
REFUSED_TABLE = (
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.31.196.0/24",
    "192.52.193.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "192.175.48.0/24",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
    "2001::/23",
    "2001:db8::/32",
    "2002::/16",
    "2620:4f:8000::/48",
    "3fff::/20",
)


def test_the_table_refuses_these_networks_and_no_others():
    assert tuple(str(network) for network in (*REFUSED_IPV4, *REFUSED_IPV6)) == REFUSED_TABLE


@pytest.mark.parametrize("network", [*REFUSED_IPV4, *REFUSED_IPV6], ids=str)
def test_both_ends_of_a_refused_network_are_refused(network: Network):
    assert not may_dial(str(network[0]), ())
    assert not may_dial(str(network[-1]), ())


@pytest.mark.parametrize("network", REFUSED_IPV4, ids=str)
def test_an_ipv4_mapped_address_is_judged_as_ipv4(network: Network):
    assert not may_dial(f"::ffff:{network[0]}", ())
    assert not may_dial(f"::ffff:{network[-1]}", ())


@pytest.mark.parametrize("network", [*REFUSED_IPV4, *REFUSED_IPV6], ids=str)
def test_the_addresses_beside_a_refused_network_stand_for_themselves(network: Network):
    kind = type(network[0])
    beside = [int(network[0]) - 1, int(network[-1]) + 1]
    neighbours = [kind(number) for number in beside if 0 <= number < 1 << network.max_prefixlen]

    for neighbour in neighbours:
        refused = any(neighbour in other for other in (*REFUSED_IPV4, *REFUSED_IPV6))
        outside = neighbour.version == 6 and neighbour not in IPv6Network("2000::/3")
        assert may_dial(str(neighbour), ()) is not (refused or outside)


@pytest.mark.parametrize("text", PUBLIC)
def test_a_public_address_may_be_dialled(text: str):
    assert may_dial(text, ())


@pytest.mark.parametrize("text", OUTSIDE_GLOBAL_IPV6)
def test_ipv6_outside_the_global_range_is_refused(text: str):
    assert not may_dial(text, ())


@pytest.mark.parametrize("text", ["", "localhost", "127.1", "0x7f000001", "2130706433", "1.1.1"])
def test_what_is_no_address_is_refused(text: str):
    assert not may_dial(text, ())


def test_a_setting_opens_its_network_and_no_other():
    exceptions = (ip_network("127.0.0.0/8"), ip_network("fd00::/8"))

    assert may_dial("127.0.0.1", exceptions)
    assert may_dial("::ffff:127.0.0.1", exceptions)
    assert may_dial("fd00::1", exceptions)
    assert not may_dial("10.0.0.1", exceptions)
    assert not may_dial("::1", exceptions)
    assert may_dial(str(ip_address("1.1.1.1")), exceptions)
