"""Somebody's Mastodon beside nodes that are processes: scripted, reached and reaching over TLS."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import trustme

from tests.e2e.conftest import Processes, started
from tests.support.gate import Exchange, Gate, Wire, node_at
from tests.support.mastodon_peer import MastodonPeer

HOST = "masto.test"


@asynccontextmanager
async def nodes_and_mastodon(
    folder: Path, *names: str
) -> AsyncIterator[tuple[Processes, MastodonPeer]]:
    """Nodes that run, and carol's Mastodon, which finds them and is found."""
    ca = trustme.CA()
    gate = Gate(HOST, Wire())
    await gate.open(ca)
    async with started(folder, *names, ca=ca, elsewhere={HOST: gate.port}) as nodes:
        ways = {node.name: node_at(node.port, tls=node.tls(), name=node.name) for node in nodes}

        async def carry(exchange: Exchange) -> int:
            exchange.answer = await ways[exchange.host](exchange)
            return int(exchange.answer.split(b" ", 2)[1])

        carol = MastodonPeer(HOST, lambda: datetime.now(UTC), carry)
        gate.behind = carol.answer
        yield nodes, carol
    await gate.close()
