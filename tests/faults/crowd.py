"""One node in a process of its own, and as many other servers as a test wants, on one port.

What the node owes them is put into its database beforehand, each row due at a moment of its own, so
that the time from there to its arrival is what the node adds.
"""

import asyncio
import json
import ssl
import statistics
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from federation.protocol.keys import spki_of
from storage import database
from storage.times import to_ms
from tests.faults.cluster import Group, MovedTime, copied, new_time, watched
from tests.hostile.cast import Actor
from tests.hostile.peer import ADDRESS, HostilePeer, told
from tests.support.gate import Exchange
from tests.support.node_config import write_config
from tests.support.person import Person
from tests.support.process_node import ProcessNode, free_ports

HOME = "alpha.test"
AUTHOR = f"https://{HOME}/u/al"


@dataclass(frozen=True, slots=True)
class Owed:
    """A row that the node owes; `number` orders the rows of a conversation."""

    host: str
    number: int
    due_at: datetime
    conversation: str
    is_aware: bool = False


@dataclass(frozen=True, slots=True)
class Arrival:
    """When a row reached its host."""

    host: str
    number: int
    conversation: str
    at: datetime


@dataclass(slots=True)
class Inboxes:
    """Take whatever comes and answer 202, after some time for hosts that are slow.

    Attributes:
        most: The largest number of requests that were under way at once, by host.
    """

    slow_s: dict[str, float] = field(default_factory=dict)
    arrivals: list[Arrival] = field(default_factory=list)
    most: dict[str, int] = field(default_factory=dict)
    _busy: dict[str, int] = field(default_factory=dict)

    async def act(self, exchange: Exchange, writer: asyncio.StreamWriter) -> None:
        """Take one request."""
        host = exchange.host
        document = exchange.document
        at = datetime.now(UTC)
        self.arrivals.append(Arrival(host, document["number"], document["conversation"], at))
        self._busy[host] = self._busy.get(host, 0) + 1
        self.most[host] = max(self.most.get(host, 0), self._busy[host])
        try:
            await asyncio.sleep(self.slow_s.get(host, 0.0))
            await told(202)(exchange, writer)
        finally:
            self._busy[host] -= 1


@dataclass(slots=True)
class BlackHole:
    """Takes connections and never says a word.

    Attributes:
        dialled: When somebody came.
        most: The largest number of connections there were at once.
    """

    port: int = 0
    dialled: list[datetime] = field(default_factory=list)
    most: int = 0
    _server: asyncio.Server | None = None
    _writers: list[asyncio.StreamWriter] = field(default_factory=list)

    async def open(self) -> None:
        """Listen on a free port."""
        self._server = await asyncio.start_server(self._hold, ADDRESS, 0, backlog=1000)
        self.port = self._server.sockets[0].getsockname()[1]

    def close(self) -> None:
        """Hang up."""
        for writer in list(self._writers):
            writer.transport.abort()
        if self._server is not None:
            self._server.close()

    async def _hold(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.dialled.append(datetime.now(UTC))
        self._writers.append(writer)
        self.most = max(self.most, len(self._writers))
        with suppress(OSError):
            while await reader.read(65536):
                pass
        self._writers.remove(writer)
        writer.close()


@dataclass(slots=True)
class Crowd:
    """The node, not started, and everybody else."""

    node: ProcessNode
    al: Person
    peer: HostilePeer
    inboxes: Inboxes
    hole: BlackHole
    time: MovedTime

    def lateness_ms(self) -> list[int]:
        """How late the event loop of the node was, each time it was."""
        file = self.time.file.parent / "watch" / "lag"
        return [int(line) for line in file.read_text().splitlines()] if file.exists() else []

    async def owe(self, rows: Sequence[Owed]) -> None:
        """Put rows into the database of the node, which must not run."""
        async with database.opened(self.node.database):
            await _owe(rows)

    async def know(self, actors: Sequence[Actor]) -> None:
        """Let the node know people elsewhere and their keys, and al follow them."""
        async with database.opened(self.node.database):
            await _know(actors)

    def memory_mib(self) -> float:
        """How much memory the process holds."""
        status = Path(f"/proc/{self.node.pid}/status").read_text()
        (line,) = [one for one in status.splitlines() if one.startswith("VmRSS:")]
        return int(line.split()[1]) / 1024


@asynccontextmanager
async def crowd(
    group: Group,
    folder: Path,
    hosts: Iterable[str],
    *,
    dead: Iterable[str] = (),
    named: Iterable[str] = (),
    config: Mapping[str, Mapping[str, object]] | None = None,
) -> AsyncIterator[Crowd]:
    """A copy of alpha, and these hosts.

    Args:
        group: Whose alpha is copied.
        folder: For its files.
        hosts: Named in its configuration; they take what comes.
        dead: The same, but that they take connections and say nothing.
        named: Hosts that it finds by asking for their names.
        config: Further keys, by section.
    """
    peer, hole, inboxes = HostilePeer(group.ca), BlackHole(), Inboxes()
    await peer.open()
    await hole.open()
    places = dict.fromkeys(hosts, f"{ADDRESS}:{peer.port}")
    places |= dict.fromkeys(dead, f"{ADDRESS}:{hole.port}")
    place, (port,) = folder / HOME, free_ports(1)
    place.mkdir()
    group.ca.cert_pem.write_to_path(str(place / "ca.pem"))
    url = await copied(group, HOME, place)
    more: dict[str, dict[str, object]] = {
        "server": {"listen": [f"127.0.0.1:{port}"], "failpoints": True},
        "database": {"url": url, "pool": 10},
        "federation": {"allow_private_addresses": ["127.0.0.0/8"]},
        "federation.hosts": dict(places),
    }
    for section, keys in (config or {}).items():
        more.setdefault(section, {}).update(keys)
    write_config(place, HOME, hosts={}, ca_file=str(place / "ca.pem"), more=more)
    node = ProcessNode(HOME, place, port, is_plain=True, database=url, lines_kept=100_000)
    time = new_time(folder)
    watched(node, time, folder / "watch")
    node.environment["COVEY_NAMES"] = "{}:{}".format(*peer.names.address)
    context = _one_for_all(group)
    for host in (*places, *named):
        peer.believe(host, context)
        peer.act(host, "/inbox", inboxes.act)
    try:
        yield Crowd(node, Person(node, "al", group.tokens["al"]), peer, inboxes, hole, time)
    finally:
        if node.was_started:
            await node.kill()
        await peer.close()
        hole.close()


def _one_for_all(group: Group) -> ssl.SSLContext:
    """Making a certificate for each of a thousand hosts would take longer than the test."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    group.ca.issue_cert("*.crowd.test").configure_cert(context)
    return context


async def _owe(rows: Sequence[Owed]) -> None:
    now = to_ms(datetime.now(UTC))
    hosts = {one.host: one.is_aware for one in rows}
    first: dict[str, int] = {}
    for one in rows:
        first[one.host] = min(first.get(one.host, 2**62), to_ms(one.due_at))
    async with database.transaction():
        await database.insert_many(
            "actor",
            ("uri", "host", "local", "kind", "inbox", "shared_inbox", "created_at"),
            [
                (_person(host), host, False, "person", f"{_person(host)}/inbox", _inbox(host), now)
                for host in hosts
            ],
            conflict="ON CONFLICT DO NOTHING",
        )
        await database.insert_many(
            "activity",
            ("id", "actor_uri", "document", "created_at"),
            [(_id(one), AUTHOR, _document(one), now) for one in rows],
        )
        columns = (
            *("id", "activity_id", "actor_uri", "host", "target", "recipients"),
            *("conversation_id", "object_uri", "aware", "due_at", "created_at"),
        )
        await database.insert_many("delivery", columns, [_row(one, now) for one in rows])
        lanes = list(first.items())
        await database.insert_many(
            "peer",
            ("host", "due_at"),
            lanes,
            conflict="ON CONFLICT (host) DO UPDATE SET due_at = EXCLUDED.due_at",
        )


async def _know(actors: Sequence[Actor]) -> None:
    now = to_ms(datetime.now(UTC))
    people = [
        (
            one.uri,
            one.host,
            False,
            "person",
            "Person",
            one.name,
            one.host,
            f"{one.uri}/inbox",
            now,
            now,
        )
        for one in actors
    ]
    names = (
        "uri",
        "host",
        "local",
        "kind",
        "type",
        "username",
        "domain",
        "inbox",
        "created_at",
        "fetched_at",
    )
    keys = [
        (one.key_id, one.uri, "rsa", spki_of(one.rsa.public_key()), False, True, now)
        for one in actors
    ]
    columns = ("key_id", "actor_uri", "algorithm", "spki", "for_proofs", "for_requests")
    follows = [(AUTHOR, one.uri, f"{AUTHOR}/f/{one.host}", "accepted", now) for one in actors]
    async with database.transaction():
        await database.insert_many("actor", names, people)
        await database.insert_many("remote_key", (*columns, "fetched_at"), keys)
        await database.insert_many(
            "follow", ("follower", "followed", "activity_id", "state", "created_at"), follows
        )


def _person(host: str) -> str:
    return f"https://{host}/u/p"


def _inbox(host: str) -> str:
    return f"https://{host}/inbox"


def _id(one: Owed) -> str:
    return f"{AUTHOR}/a/{one.host}/{one.conversation}/{one.number}"


def _document(one: Owed) -> str:
    return json.dumps(
        {
            "id": _id(one),
            "type": "Create",
            "actor": AUTHOR,
            "number": one.number,
            "conversation": one.conversation,
            "content": "x" * 2000,
        }
    )


def _row(one: Owed, now: int) -> tuple[object, ...]:
    return (
        *(f"{one.number:08}{abs(hash(_id(one))) % 10**17:018}", _id(one), AUTHOR, one.host),
        *("shared", json.dumps([_person(one.host)]), one.conversation, f"{_id(one)}/note"),
        *(one.is_aware, to_ms(one.due_at), now),
    )


def lateness_s(crowd: Crowd, rows: Iterable[Owed]) -> list[float]:
    """How long after its moment each of these rows has arrived first."""
    arrived: dict[tuple[str, str, int], datetime] = {}
    for one in crowd.inboxes.arrivals:
        arrived.setdefault((one.host, one.conversation, one.number), one.at)
    return [
        (arrived[one.host, one.conversation, one.number] - one.due_at) / timedelta(seconds=1)
        for one in rows
    ]


def percentile(values: Sequence[float], hundredth: int) -> float:
    """The value below which so many per cent lie."""
    return statistics.quantiles(values, n=100, method="inclusive")[hundredth - 1]
