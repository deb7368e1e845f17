"""A node as clients of Mastodon's API meet it, on both databases."""

import pytest_asyncio

from tests.mastodon.client import Client, client_of
from tests.support.network import Network
from tests.support.networked import ca, molds, network, no_system_cas

__all__ = ["al", "ca", "molds", "network", "no_system_cas"]


@pytest_asyncio.fixture
async def al(network: Network) -> Client:
    """Al of alpha.test, who uses such a client."""
    (alpha,) = await network.start("alpha.test")
    return await client_of(alpha, "al")
