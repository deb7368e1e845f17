"""Two web and two worker processes of alpha on one PostgreSQL database, and beta in one process.

The group of al, cy and bo is made once, by nodes in this process; each test starts from copies of
their databases.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest
import pytest_asyncio
import trustme

from node.clock import Clock
from tests.network.stories import together
from tests.support.balancer import balancing
from tests.support.checker import History
from tests.support.clock import VirtualClock
from tests.support.network import POSTGRES, Molds, Network, new_postgres
from tests.support.person import Person, Room
from tests.support.process_node import ProcessNode, free_ports, make_nodes, until

ALPHA, BETA = "alpha.test", "beta.test"
# The second step of the back-off is 30 s.
QUIET_WITHIN_S = 40.0
NEEDS_SERVER = [
    pytest.mark.postgres,
    pytest.mark.skipif(not POSTGRES, reason="no PostgreSQL named"),
]


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
        cy: Another one on alpha, at the first web process.
    """

    database: str
    webs: tuple[ProcessNode, ProcessNode]
    workers: tuple[ProcessNode, ProcessNode]
    beta: ProcessNode
    al_at: tuple[Person, Person]
    cy: Person
    bo: Person
    room: Room

    @property
    def processes(self) -> tuple[ProcessNode, ...]:
        """All of them, those of alpha first."""
        return (*self.webs, *self.workers, self.beta)

    async def start(self) -> None:
        """Start all of them at once."""
        await asyncio.gather(*(one.start() for one in self.processes))

    async def rows(self, sql: str, *args: object) -> list[asyncpg.Record]:
        """What a statement answers in alpha's database."""
        connection = await asyncpg.connect(self.database)
        try:
            return await connection.fetch(sql, *args)
        finally:
            await connection.close()

    async def end_leases(self) -> None:
        """As if a minute had passed since anybody prolonged a lease."""
        await self.rows("UPDATE peer SET lease_until = 1 WHERE lease_until IS NOT NULL")
        await self.rows("UPDATE inbox_entry SET lease_until = 1 WHERE lease_until IS NOT NULL")
        await self.rows("UPDATE repair SET lease_until = 1 WHERE lease_until IS NOT NULL")


@pytest.fixture(scope="session")
def group(tmp_path_factory: pytest.TempPathFactory) -> Group:
    return asyncio.run(_made(tmp_path_factory.mktemp("group"), tmp_path_factory.mktemp("molds")))


async def _made(folder: Path, molds_folder: Path) -> Group:
    molds = Mixed(molds_folder)
    network = Network(folder, trustme.CA(), molds, VirtualClock(Clock().now()))
    await network.open()
    try:
        alpha, beta = await network.start(ALPHA, BETA)
        people = alpha.person("al"), alpha.person("cy"), beta.person("bo")
        room = await together(network, *people)
    finally:
        await network.close()
    return Group(folder, molds.urls[ALPHA], room, {one.name: one.token for one in people})


@asynccontextmanager
async def processes(group: Group, folder: Path) -> AsyncIterator[Several]:
    """The processes on copies of both databases; those that run at the end are killed."""
    (folder / BETA).mkdir()
    for file in (group.folder / BETA).glob("covey.db*"):
        shutil.copy(file, folder / BETA)
    database = await new_postgres(urlsplit(group.database).path.lstrip("/"))
    alpha, beta = make_nodes(
        folder, trustme.CA(), ALPHA, BETA, may_die=True, databases={ALPHA: database}
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
        cy=Person(webs[0], "cy", group.tokens["cy"]),
        bo=Person(beta, "bo", group.tokens["bo"]),
        room=group.room,
    )
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(balancing(alpha.port, first, second))
        yield made
        for process in made.processes:
            if process.was_started:
                await process.kill()


@pytest_asyncio.fixture
async def several(group: Group, tmp_path: Path) -> AsyncIterator[Several]:
    async with processes(group, tmp_path) as made:
        yield made


async def settled(history: History, several: Several) -> list[str]:
    """Wait until everybody is shown the same, at both web processes; what is wrong then."""
    people = (*several.al_at, several.cy, several.bo)

    async def is_quiet() -> bool:
        return await history.is_quiet(people)

    await until(is_quiet, within_s=QUIET_WITHIN_S)
    return await history.faults(people)


def _process(node: ProcessNode, role: str, port: int) -> ProcessNode:
    key = "LISTEN" if role == "web" else "WORKER_LISTEN"
    environment = {f"COVEY__SERVER__{key}": f'["127.0.0.1:{port}"]'}
    return replace(node, port=port, role=role, environment=environment, said=[], tokens={})
