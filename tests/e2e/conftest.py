"""Nodes as people run them: processes of their own, over TLS, reached by browsers."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest_asyncio
import trustme
from playwright.async_api import Browser, async_playwright

from tests.e2e.desk import Desk
from tests.e2e.journeys import (
    CHROMIUM,
    CHROMIUM_ARGS,
    PASSWORD,
    PHONE,
    Complaints,
    RunningNode,
    make_owner,
    page_of,
)
from tests.support.process_node import NO_HOSTS, ProcessNode, make_nodes

OWNER_LINK = re.compile(r"^make the owner's account, once: (\S+)$", re.MULTILINE)

Processes = tuple[ProcessNode, ...]
TwoNodes = tuple[RunningNode, RunningNode]


@pytest_asyncio.fixture
async def processes(tmp_path: Path) -> AsyncIterator[Processes]:
    """alpha and beta, with nobody on either."""
    async with started(tmp_path, "alpha.test", "beta.test") as nodes:
        yield nodes


@pytest_asyncio.fixture
async def two_nodes(processes: Processes) -> TwoNodes:
    alpha, beta = map(found, processes)
    return alpha, beta


@pytest_asyncio.fixture
async def chromium(processes: Processes) -> AsyncIterator[Browser]:
    """A browser that finds both nodes by their names."""
    async with browser_for(processes) as browser:
        yield browser


@pytest_asyncio.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """alice signed in on a node of her own, on which bob has an account too."""
    async with started(tmp_path, "alpha.test") as nodes, browser_for(nodes) as browser:
        (node,) = nodes
        complaints = Complaints()
        page = await page_of(browser, PHONE, complaints)
        await make_owner(page, found(node).owner_link, "alice", PASSWORD)
        await node.covey("user", "add", "bob")
        yield Desk(node, page, complaints)


@asynccontextmanager
async def started(
    folder: Path,
    *names: str,
    ca: trustme.CA | None = None,
    elsewhere: Mapping[str, int] = NO_HOSTS,
) -> AsyncIterator[Processes]:
    """Nodes that run; `elsewhere` are ports of other hosts that they find."""
    nodes = make_nodes(folder, ca or trustme.CA(), *names, elsewhere=elsewhere)
    try:
        for node in nodes:
            await node.start()
        yield nodes
    finally:
        for node in nodes:
            if node.was_started:
                await node.kill()


@asynccontextmanager
async def browser_for(processes: Processes) -> AsyncIterator[Browser]:
    """A browser that finds these nodes by their names."""
    rules = ", ".join(f"MAP {node.name} 127.0.0.1:{node.port}" for node in processes)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*CHROMIUM_ARGS, f"--host-resolver-rules={rules}"]
        )
        yield browser
        await browser.close()


def found(node: ProcessNode) -> RunningNode:
    """What a browser needs to know of a node that was just started."""
    link = OWNER_LINK.search("\n".join(node.said))
    assert link, node.said
    return RunningNode(f"https://{node.name}", node.name, link[1])
