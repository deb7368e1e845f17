"""A whole node, and people of every role in a browser at it."""

import pytest_asyncio

from tests.support.console import Console, at_console
from tests.support.live_node import LiveNode
from tests.support.network import Network
from tests.support.networked import ca, molds, network, no_system_cas

__all__ = ["ca", "molds", "network", "no_system_cas"]


@pytest_asyncio.fixture
async def node(network: Network) -> LiveNode:
    (alpha,) = await network.start("alpha.test")
    return alpha


@pytest_asyncio.fixture
async def owner(node: LiveNode) -> Console:
    return await at_console(node, "olga", "owner")


@pytest_asyncio.fixture
async def admin(node: LiveNode) -> Console:
    return await at_console(node, "ada", "admin")


@pytest_asyncio.fixture
async def moderator(node: LiveNode) -> Console:
    return await at_console(node, "mo", "moderator")


@pytest_asyncio.fixture
async def member(node: LiveNode) -> Console:
    return await at_console(node, "cy", "member")
