"""The section `[limits]`: how much is too much."""

from dataclasses import dataclass

from node.config.option import Kind, option


@dataclass(frozen=True, slots=True)
class LimitsConfig:
    """Sizes and numbers that an operator may change."""

    message_characters: int = option(
        Kind.COUNT, 5000, "The longest message a person here may write.", at_least=1, at_most=10_000
    )
    connections: int = option(
        Kind.COUNT,
        2000,
        "How many connections may be open at once. Fewer, if the system grants fewer descriptors.",
        at_least=16,
        at_most=1_000_000,
    )
    connections_per_address: int = option(
        Kind.COUNT,
        200,
        "How many of them one IPv4 address or IPv6 /64 may hold, unless trusted_proxies names it.",
        at_least=8,
        at_most=1_000_000,
    )
    address_rate: int = option(
        Kind.COUNT,
        5000,
        "Requests a second from one address before its signature is looked at.",
        at_least=1,
        at_most=1_000_000,
    )
    failure_rate: int = option(
        Kind.COUNT,
        10,
        "The same for a minute after 100 signatures from there failed within ten seconds, or 1,000"
        " could not be checked because their keys could not be had.",
        at_least=1,
        at_most=1_000_000,
    )
    stranger_rate: int = option(
        Kind.COUNT,
        50,
        "Signed requests a second from a domain with which nobody here shares a conversation or a"
        " follow, and ten times as many at once. A fifth of that on the first day.",
        at_least=1,
        at_most=1_000_000,
    )
    peer_rate: int = option(
        Kind.COUNT,
        2000,
        "Signed requests a second from any other domain, and five times as many at once.",
        at_least=1,
        at_most=1_000_000,
    )
