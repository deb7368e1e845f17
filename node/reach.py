"""How other servers are reached, and how much they may ask, is what the configuration says."""

import ipaddress
from collections.abc import Mapping
from typing import Final

from federation.inbound.rates import Limits
from federation.transport.client import ClientSettings
from node.config.sections import Config

# A lane keeps to two requests by itself, and to eight while it drains a healthy backlog.
CONNECTIONS_PER_HOST: Final = 8


def client_settings(config: Config, program: str) -> ClientSettings:
    """What the way out needs of the configuration.

    Args:
        config: Checked before.
        program: What this is, and its release.
    """
    federation = config.federation
    return ClientSettings(
        user_agent=f"{program} (+{config.server.base_url})",
        allow_private=tuple(map(ipaddress.ip_network, federation.allow_private_addresses)),
        ca_file=federation.ca_file or None,
        allow_http=federation.allow_http,
        hosts=_dialled(federation.hosts),
        connect_timeout_s=federation.connect_timeout.total_seconds(),
        total_timeout_s=federation.request_timeout.total_seconds(),
        connections_per_host=CONNECTIONS_PER_HOST,
        own_origin=config.server.base_url,
    )


def limits_of(config: Config) -> Limits:
    """How many requests of others are looked at in a second."""
    limits = config.limits
    return Limits(
        address=limits.address_rate,
        failure=limits.failure_rate,
        stranger=limits.stranger_rate,
        peer=limits.peer_rate,
    )


def _dialled(hosts: Mapping[str, str]) -> dict[str, tuple[str, int]]:
    places = {name: place.rpartition(":") for name, place in hosts.items()}
    return {name: (address.strip("[]"), int(port)) for name, (address, _, port) in places.items()}
