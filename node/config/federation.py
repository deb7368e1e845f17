"""The section `[federation]`: how this node talks to others."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from node.config.option import Kind, days, option, seconds, table


@dataclass(frozen=True, slots=True)
class FederationConfig:
    """Deadlines and widths of outgoing requests, and what only development needs."""

    connect_timeout: timedelta = option(
        Kind.TIME, seconds(5), "How long a connection to another server may take to open."
    )
    request_timeout: timedelta = option(
        Kind.TIME, seconds(10), "How long a whole request to another server may take."
    )
    hosts_at_once: int = option(
        Kind.COUNT,
        64,
        "To how many servers the node delivers at the same time, not counting the silent ones.",
        at_least=1,
        at_most=1024,
    )
    queue_retention: timedelta = option(
        Kind.TIME,
        days(30),
        "How long a delivery is tried before its sender is told that it failed.",
    )
    ca_file: str = option(
        Kind.PATH, "", "Extra CA certificates in PEM that are trusted for outgoing TLS."
    )
    allow_private_addresses: tuple[str, ...] = option(
        Kind.NETWORKS, (), "Private or loopback networks that may be dialled. Empty in production."
    )
    allow_http: bool = option(
        Kind.SWITCH,
        default=False,
        text="Development only: http ids and inboxes count as well-formed.",
    )
    hosts: Mapping[str, str] = table(
        Kind.HOSTS, "Development only: what to dial for a host name instead of DNS and port 443."
    )
