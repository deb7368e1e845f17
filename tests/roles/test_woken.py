"""A process hears at once what another has committed: it does not look for it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from federation.protocol.keys import load_spki, spki_of
from federation.remote.key_memory import KeyFound
from node import live
from node.clock import Clock
from storage import database
from tests.roles.conftest import ALPHA, NEEDS_SERVER
from tests.support.live_node import LiveNode
from tests.support.network import Molds
from tests.support.node_config import write_config
from tests.support.process_node import until

pytestmark = NEEDS_SERVER

FAR_OFF_S = 3600.0


@pytest_asyncio.fixture
async def both(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[LiveNode, LiveNode]]:
    """Two processes of alpha, whose streams look for nothing by themselves."""
    monkeypatch.setattr(live, "CHECK_EVERY_S", FAR_OFF_S)
    url = await Molds("postgres", tmp_path_factory.mktemp("molds")).copy(ALPHA, tmp_path)
    more = {"server": {"listen": ["127.0.0.1:0"]}, "database": {"url": url, "pool": 4}}
    made = tuple(
        LiveNode(
            ALPHA, write_config(tmp_path / name, ALPHA, hosts={}, ca_file="", more=more), Clock()
        )
        for name in ("one", "two")
    )
    for one in made:
        await one.start()
    first, second = made
    yield first, second
    for one in made:
        await one.stop()


async def test_a_stream_is_told_at_once(both: tuple[LiveNode, LiveNode]):
    here, there = both
    al, cy = here.person("al"), here.person("cy")
    await cy.arrive()
    streams = there.node.parts.live
    with streams.listening(cy.uri, credential="") as stream:
        # The first thing that is heard: from there on the connection listens.
        while not await stream.take(0.1):
            await al.write_to(cy.acct, "are you there?")

        await al.write_to(cy.acct, "now")

        told = await stream.take(FAR_OFF_S)
    assert any(one.shown is not None for one in told)


async def test_a_key_that_another_process_has_read_anew_is_read_anew(
    both: tuple[LiveNode, LiveNode],
):
    here, there = both
    memory, now = there.node.parts.key_memory, there.clock.now()
    actor = "https://beta.test/u/bo"
    spki = spki_of(Ed25519PrivateKey.generate().public_key())
    key = load_spki(spki, key_id=f"{actor}#key", owner=actor)

    async def is_forgotten() -> bool:
        memory.remember(KeyFound(key, is_for_proofs=True, fetched_at=now), now)
        await here.inside(database.wake("changed", actor))
        return await until(is_gone, within_s=1)

    async def is_gone() -> bool:
        return memory.find(key.key_id, now) is None

    assert await until(is_forgotten, within_s=30)
