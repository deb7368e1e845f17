"""Two nodes in processes of their own, with a group of which al and bo are members.

The group is made once, by nodes in this process; each test starts from copies of their files.
"""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
import trustme

from node.clock import Clock
from tests.network.stories import together
from tests.support.clock import VirtualClock
from tests.support.network import Molds, Network
from tests.support.person import Person, Room
from tests.support.process_node import ProcessNode, make_nodes

NAMES = ("alpha.test", "beta.test")


@dataclass(frozen=True, slots=True)
class Group:
    """A group whose home is alpha, and the files of both nodes."""

    folder: Path
    room: Room
    tokens: dict[str, str]


@dataclass(frozen=True, slots=True)
class Pair:
    """Both nodes, not started, and who lives there."""

    alpha: ProcessNode
    beta: ProcessNode
    al: Person
    bo: Person
    room: Room


@pytest.fixture(scope="session")
def group(tmp_path_factory: pytest.TempPathFactory) -> Group:
    return asyncio.run(_made(tmp_path_factory.mktemp("group"), tmp_path_factory.mktemp("molds")))


async def _made(folder: Path, molds_folder: Path) -> Group:
    molds = Molds("sqlite", molds_folder)
    network = Network(folder, trustme.CA(), molds, VirtualClock(Clock().now()))
    await network.open()
    try:
        alpha, beta = await network.start(*NAMES)
        al, bo = alpha.person("al"), beta.person("bo")
        room = await together(network, al, bo)
    finally:
        await network.close()
    return Group(folder, room, {al.name: al.token, bo.name: bo.token})


@pytest_asyncio.fixture
async def pair(group: Group, tmp_path: Path) -> AsyncIterator[Pair]:
    for name in NAMES:
        (tmp_path / name).mkdir()
        for file in (group.folder / name).glob("covey.db*"):
            shutil.copy(file, tmp_path / name)
    alpha, beta = make_nodes(tmp_path, trustme.CA(), *NAMES, may_die=True)
    al = Person(alpha, "al", group.tokens["al"])
    bo = Person(beta, "bo", group.tokens["bo"])
    yield Pair(alpha, beta, al, bo, group.room)
    for node in (alpha, beta):
        if node.was_started:
            await node.kill()


def seeds(default: int) -> list[int]:
    """The seeds to play: `SEED=` names the first, `RUNS=` how many."""
    first = int(os.environ.get("SEED", "1"))
    return list(range(first, first + int(os.environ.get("RUNS", default))))
