"""Hosts of one owner have one domain."""

import pytest

from federation.protocol.domain import registrable_domain


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("example.org", "example.org"),
        ("chat.example.org", "example.org"),
        ("a.b.c.example.org:8443", "example.org"),
        ("chat.example.co.uk", "example.co.uk"),
        # Whoever rents a name of these is an owner of their own.
        ("ana.github.io", "ana.github.io"),
        ("x.ana.github.io", "ana.github.io"),
        ("alpha.test", "alpha.test"),
        ("a.alpha.test", "alpha.test"),
        ("chat.xn--fsq.xn--p1ai", "xn--fsq.xn--p1ai"),
        ("org", "org"),
        ("co.uk", "co.uk"),
        ("localhost", "localhost"),
        ("localhost:8420", "localhost"),
        ("192.0.2.1", "192.0.2.1"),
        ("192.0.2.1:8420", "192.0.2.1"),
        ("[2001:db8::1]:8420", "[2001:db8::1]:8420"),
    ],
)
def test_a_host_belongs_to_what_somebody_has_registered(host: str, domain: str) -> None:
    assert registrable_domain(host) == domain
