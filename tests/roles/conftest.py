"""Two web and two worker processes of alpha on one PostgreSQL database, and beta in one process.

The group of which al and bo are members is made once, by nodes in this process; each test starts
from copies of their databases.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
import trustme

from node.clock import Clock
from tests.network.stories import together
from tests.support.balancer import balancing
from tests.support.clock import VirtualClock
from tests.support.network import Molds, Network, new_postgres
from tests.support.person import Person, Room
from tests.support.process_node import ProcessNode, free_ports, make_nodes

ALPHA, BETA = "alpha.test", "beta.test"


class Mixed:
    """Alpha's database is on a server, beta's in a file."""

    def __init__(self, folder: Path) -> None:
        self.urls: dict[str, str] = {}
        self._folders = {"postgres": folder / "server", "sqlite": folder / "files"}
        for one in self._folders.values():
            one.mkdir()
        self._molds = {engine: Molds(engine, place) for engine, place in self._folders.items()}

    async def copy(self, name: str, folder: Path) -> str:
        """The URL of a database for a node of this name."""
        engine = "postgres" if name == ALPHA else "sqlite"
        self.urls[name] = await self._molds[engine].copy(name, folder)
        return self.urls[name]


@dataclass(frozen=True, slots=True)
class Group:
    """A group whose home is alpha, and where both nodes' databases are."""

    folder: Path
    database: str
    room: Room
    tokens: dict[str, str]


@dataclass(frozen=True, slots=True)
class Several:
    """The processes, not started, and who lives there.

    Attributes:
        database: Alpha's, by its URL.
        al_at: The same person, at each of the web processes.
    """

    database: str
    webs: tuple[ProcessNode, ProcessNode]
    workers: tuple[ProcessNode, ProcessNode]
    beta: ProcessNode
    al_at: tuple[Person, Person]
    bo: Person
    room: Room

    @property
    def processes(self) -> tuple[ProcessNode, ...]:
        """All of them, those of alpha first."""
        return (*self.webs, *self.workers, self.beta)

    async def start(self) -> None:
        """Start all of them at once."""
        await asyncio.gather(*(one.start() for one in self.processes))


@pytest.fixture(scope="session")
def group(tmp_path_factory: pytest.TempPathFactory) -> Group:
    return asyncio.run(_made(tmp_path_factory.mktemp("group"), tmp_path_factory.mktemp("molds")))


async def _made(folder: Path, molds_folder: Path) -> Group:
    molds = Mixed(molds_folder)
    network = Network(folder, trustme.CA(), molds, VirtualClock(Clock().now()))
    await network.open()
    try:
        alpha, beta = await network.start(ALPHA, BETA)
        al, bo = alpha.person("al"), beta.person("bo")
        room = await together(network, al, bo)
    finally:
        await network.close()
    return Group(folder, molds.urls[ALPHA], room, {"al": al.token, "bo": bo.token})


@pytest_asyncio.fixture
async def several(group: Group, tmp_path: Path) -> AsyncIterator[Several]:
    (tmp_path / BETA).mkdir()
    for file in (group.folder / BETA).glob("covey.db*"):
        shutil.copy(file, tmp_path / BETA)
    database = await new_postgres(urlsplit(group.database).path.lstrip("/"))
    alpha, beta = make_nodes(
        tmp_path, trustme.CA(), ALPHA, BETA, may_die=True, databases={ALPHA: database}
    )
    first, second, *health = free_ports(4)
    webs = _process(alpha, "web", first), _process(alpha, "web", second)
    workers = _process(alpha, "worker", health[0]), _process(alpha, "worker", health[1])
    made = Several(
        database=database,
        webs=webs,
        workers=workers,
        beta=beta,
        al_at=(
            Person(webs[0], "al", group.tokens["al"]),
            Person(webs[1], "al", group.tokens["al"]),
        ),
        bo=Person(beta, "bo", group.tokens["bo"]),
        room=group.room,
    )
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(balancing(alpha.port, first, second))
        yield made
        for process in made.processes:
            if process.was_started:
                await process.kill()


def _process(node: ProcessNode, role: str, port: int) -> ProcessNode:
    key = "LISTEN" if role == "web" else "WORKER_LISTEN"
    environment = {f"COVEY__SERVER__{key}": f'["127.0.0.1:{port}"]'}
    return replace(node, port=port, role=role, environment=environment, said=[], tokens={})
