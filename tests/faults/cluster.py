"""Three nodes in processes of their own with one group, and the adversary between them.

The group is made once for each kind of database, by nodes in this process: its home is alpha; al,
bo and gi are members on three nodes, and carol on a Mastodon. Each test starts from copies.
Requests between the hosts pass gates of the test, which lose, repeat and count them.
"""

import asyncio
import shutil
import struct
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import trustme

from node.clock import Clock
from tests.network.stories import join_in_words, together
from tests.support.checker import History
from tests.support.clock import VirtualClock
from tests.support.gate import Behind, Exchange, Gate, Wire, parse_head, posted, read_head
from tests.support.mastodon_peer import MastodonPeer
from tests.support.network import Molds, Network, new_postgres
from tests.support.node_config import write_config
from tests.support.person import Person, Room
from tests.support.process_node import ProcessNode, free_ports, until

NAMES = ("alpha.test", "beta.test", "gamma.test")
ELSEWHERE = "masto.test"
PEOPLE = {"alpha.test": "al", "beta.test": "bo", "gamma.test": "gi"}
# The third step of the back-off is 60 s, and machines are busy with other things.
QUIET_WITHIN_S = 90.0
KILLED = 137
# How much faster waits pass when there is nothing else to wait for. A lease must not run out.
HURRY = 5.0
# All hosts are named in the configuration: nobody asks.
NO_NAMES = "127.0.0.1:9"
STATES = """
SELECT c.uri AS uri, s.epoch AS epoch, s.hash AS hash
FROM state_link AS s JOIN conversation AS c ON c.id = s.conversation_id
"""


@dataclass(frozen=True, slots=True)
class Group:
    """What each test starts from.

    Attributes:
        urls: The databases of the nodes, which are copied.
        tokens: Of people, by their names.
        carol: A member elsewhere, as she was when the group was made.
    """

    engine: str
    ca: trustme.CA
    folder: Path
    urls: Mapping[str, str]
    room: Room
    tokens: Mapping[str, str]
    carol: MastodonPeer


def make_group(engine: str, ca: trustme.CA, folder: Path) -> Group:
    """Let nodes in this process make a group."""
    (folder / "molds").mkdir()
    (folder / "nodes").mkdir()
    molds = Molds(engine, folder / "molds")
    return asyncio.run(_made(engine, ca, folder / "nodes", molds))


async def _made(engine: str, ca: trustme.CA, folder: Path, molds: Molds) -> Group:
    # Behind the clock of the processes, which are to go on from there.
    clock = VirtualClock(Clock().now() - timedelta(minutes=2))
    network = Network(folder, ca, molds, clock)
    await network.open()
    try:
        nodes = await network.start(*NAMES)
        people = [node.person(PEOPLE[node.name]) for node in nodes]
        room = await together(network, *people)
        carol = network.mastodon(ELSEWHERE)
        await join_in_words(network, people[0], carol, room)
        urls = {node.name: node.node.parts.config.database_url for node in nodes}
    finally:
        await network.close()
    tokens = {person.name: person.token for person in people}
    return Group(engine, ca, folder, urls, room, tokens, carol)


@dataclass(slots=True)
class MovedTime:
    """A clock that can be ahead of the machine's; processes read how far from a file."""

    file: Path
    ahead: timedelta = timedelta()
    _hurried_at: datetime | None = None

    def now(self) -> datetime:
        """The time of day, as all hosts have it."""
        return datetime.now(UTC) + self.ahead

    def advance(self, **length: float) -> None:
        """Move on."""
        self.ahead += timedelta(**length)
        with self.file.open("r+b") as file:
            file.write(struct.pack("<q", self.ahead // timedelta(milliseconds=1)))

    def hurry(self) -> None:
        """Let a second last for some more, since the last call."""
        real = datetime.now(UTC)
        if self._hurried_at is not None and real > self._hurried_at:
            self.advance(seconds=HURRY * (real - self._hurried_at).total_seconds())
        self._hurried_at = real


def new_time(folder: Path) -> MovedTime:
    """A clock that is not ahead, with its file in a folder."""
    folder.mkdir(exist_ok=True)
    file = folder / "clock"
    file.write_bytes(struct.pack("<q", 0))
    return MovedTime(file)


def watched(node: ProcessNode, time: MovedTime, folder: Path) -> None:
    """Let a process have this clock, and write down what it dials and how late its loop is."""
    folder.mkdir()
    (folder / "clock").hardlink_to(time.file)
    node.module = "tests.hostile.launch"
    node.environment = {"COVEY_WATCH": str(folder), "COVEY_NAMES": NO_NAMES}


@dataclass(slots=True)
class Cluster:
    """The nodes, not started, and who lives there.

    Attributes:
        wire: What happened between the hosts, and what shall.
        history: What was said, and what each client was told.
        carol: A member on a Mastodon, whose server is always there.
        time: The one clock of all hosts.
    """

    group: Group
    wire: Wire
    gates: dict[str, Gate]
    nodes: dict[str, ProcessNode]
    people: dict[str, Person]
    history: History
    carol: MastodonPeer
    time: MovedTime

    @property
    def room(self) -> Room:
        """The group."""
        return self.group.room

    @property
    def members(self) -> list[Person]:
        """Those on nodes of ours."""
        return list(self.people.values())

    def node(self, name: str) -> ProcessNode:
        """The node of alpha, beta or gamma."""
        return self.nodes[f"{name}.test"]

    async def start(self, *names: str) -> None:
        """Start these nodes, or all."""
        await asyncio.gather(*(self.node(name).start() for name in names or self._short()))

    def _short(self) -> list[str]:
        return [name.partition(".")[0] for name in self.nodes]

    async def close(self) -> None:
        """End all processes."""
        for node in self.nodes.values():
            if node.was_started:
                await node.kill()
        for gate in self.gates.values():
            await gate.close()

    async def say_all(self, prefix: str, count: int, people: Iterable[Person] = ()) -> None:
        """Each says so many things in turn, whether anybody answers or not."""
        for number in range(count):
            for person in people or self.members:
                await self.history.say(person, f"{prefix}: {person.name} {number}")

    async def settled(self, within_s: float = QUIET_WITHIN_S) -> list[str]:
        """Wait until everybody is shown the same; what is wrong then.

        First each says something: a request from a host ends the wait of the lane to it.
        """
        for person in self.members:
            assert await until(self._says(person), within_s=within_s), "nobody may speak any more"

        async def is_quiet() -> bool:
            self.time.hurry()
            return await self.history.is_quiet(self.members) and not self._missed_by_carol()

        await until(is_quiet, within_s=within_s)
        faults = await self.history.faults(self.members)
        faults += [f"carol never got {text!r}" for text in self._missed_by_carol()]
        return faults + await log_faults(self.nodes.values())

    def _says(self, person: Person) -> Callable[[], Awaitable[bool]]:
        text = f"{person.name} is there ({len(self.history.sends)})"

        async def once() -> bool:
            return await self.history.say(person, text)

        return once

    def _missed_by_carol(self) -> list[str]:
        heard = "\n".join(str(one["object"]) for one in self.carol.received_of("Create"))
        return [one.text for one in self.history.sends if one.is_ok and one.text not in heard]

    def deliveries(self, host: str) -> dict[str, int]:
        """How often each message has reached a host."""
        counts: dict[str, int] = {}
        for one in self.wire.tape:
            if posted("Create", to=host)(one):
                counts[one.document["id"]] = counts.get(one.document["id"], 0) + 1
        return counts


async def make_cluster(
    group: Group,
    folder: Path,
    *,
    databases: Mapping[str, str] = {},
    folders: Mapping[str, Path] = {},
    config: Mapping[str, Mapping[str, object]] | None = None,
) -> Cluster:
    """Copies of the nodes of a group, with gates before them.

    Args:
        group: What is copied.
        folder: Each node has a folder below it.
        databases: Of nodes that are to use others than a copy of their own, by name.
        folders: Of nodes that are to lie elsewhere, by name.
        config: Further keys, by section.
    """
    wire = Wire()
    time = new_time(folder)
    carol = _as_she_was(group.carol, time.now)
    gates = {host: Gate(host, wire) for host in (*group.urls, ELSEWHERE)}
    for gate in gates.values():
        await gate.open(group.ca)
    gates[ELSEWHERE].behind = carol.answer

    async def carry(exchange: Exchange) -> int:
        await gates[exchange.host].pass_on(exchange)
        return exchange.status

    carol.carry = carry
    hosts = {host: gate.port for host, gate in gates.items()}
    ports = free_ports(len(group.urls))
    nodes: dict[str, ProcessNode] = {}
    people: dict[str, Person] = {}
    for name, port in zip(group.urls, ports, strict=True):
        place = folders.get(name, folder) / name
        place.mkdir(parents=True, exist_ok=True)
        group.ca.cert_pem.write_to_path(str(place / "ca.pem"))
        database = databases.get(name) or await copied(group, name, place)
        more: dict[str, dict[str, object]] = {
            "server": {"listen": [f"127.0.0.1:{port}"], "failpoints": True},
            "database": {"url": database, "pool": 4},
        }
        for section, keys in (config or {}).items():
            more.setdefault(section, {}).update(keys)
        write_config(place, name, hosts=hosts, ca_file=str(place / "ca.pem"), more=more)
        nodes[name] = ProcessNode(name, place, port, is_plain=True, database=database)
        nodes[name].lines_kept = 10_000
        watched(nodes[name], time, folder / f"watch {name}")
        gates[name].behind = process_at(port)
        people[PEOPLE[name]] = Person(nodes[name], PEOPLE[name], group.tokens[PEOPLE[name]])
    return Cluster(group, wire, gates, nodes, people, History(group.room), carol, time)


async def copied(group: Group, name: str, place: Path) -> str:
    """Copy the database of a node, into a folder or beside it on its server; its URL."""
    path = urlsplit(group.urls[name]).path
    if group.engine == "postgres":
        return await new_postgres(path.lstrip("/"))
    for file in Path(path).parent.glob("covey.db*"):
        shutil.copy(file, place)
    return f"sqlite://{place / 'covey.db'}"


def _as_she_was(carol: MastodonPeer, now: Callable[[], datetime]) -> MastodonPeer:
    return MastodonPeer(
        carol.host,
        now,
        carol.carry,
        key=carol.key,
        name=carol.name,
        shown=list(carol.shown),
        met=dict(carol.met),
        notes=dict(carol.notes),
        accepted=set(carol.accepted),
    )


def process_at(port: int) -> Behind:
    """A node in a process of its own; while it is dead, connections break off."""

    async def behind(exchange: Exchange) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            writer.write(exchange.raw)
            head = await read_head(reader)
            if not head:
                raise ConnectionResetError
            _, headers = parse_head(head)
            return head + await reader.readexactly(int(headers.get("content-length", "0")))
        finally:
            writer.close()

    return behind


async def log_faults(nodes: Iterable[ProcessNode]) -> list[str]:
    """Numbers of logs that are used twice, holes in them, and epochs with two states."""
    found = []
    states: dict[tuple[str, int], set[str]] = {}
    for node in nodes:
        for log, numbers in (await _numbers(node)).items():
            if numbers != list(range(numbers[0], numbers[0] + len(numbers))):
                found.append(f"{node.name}: holes or doubles in {log}: {numbers}")
        for one in await node.rows(STATES):
            states.setdefault((one["uri"], one["epoch"]), set()).add(one["hash"])
    return found + [f"two states for {place}" for place, ones in states.items() if len(ones) > 1]


async def _numbers(node: ProcessNode) -> dict[str, list[int]]:
    numbers: dict[str, list[int]] = {}
    for one in await node.rows("SELECT log_uri, seq FROM log_entry ORDER BY log_uri, seq"):
        numbers.setdefault(one["log_uri"], []).append(one["seq"])
    return numbers
