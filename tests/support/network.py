"""Several nodes in one process, with real TLS, signatures and databases, and one virtual clock."""

import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import timedelta
from itertools import count
from pathlib import Path
from random import Random
from typing import Protocol, TypeVar
from urllib.parse import urlsplit

import asyncpg
import trustme
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from federation.keyring import ProofKey
from federation.protocol.signature.sign import Scheme, SigningKey
from tests.support.clock import OwnClock, VirtualClock
from tests.support.gate import BAD_GATEWAY, SWALLOWED, Behind, Exchange, Fate, Gate, Which, Wire
from tests.support.gotosocial_peer import GoToSocialPeer
from tests.support.legacy_member import LegacyMember
from tests.support.legacy_peer import LegacyPeer
from tests.support.live_node import LiveNode
from tests.support.mastodon_peer import MastodonPeer
from tests.support.misskey_peer import MisskeyPeer
from tests.support.mold import copy_empty, url_of
from tests.support.node_config import write_config
from tests.support.person import Person
from tests.support.signer import Signer, request

POSTGRES = os.environ.get("COVEY_TEST_POSTGRES", "")
HOSTS = (
    *("alpha.test", "beta.test", "gamma.test", "delta.test", "epsilon.test"),
    *("gts.test", "masto.test", "misskey.test", "mallory.test"),
)
USUAL_PEOPLE = {"alpha.test": ("al",), "beta.test": ("bo",), "gamma.test": ("gi",)}
ROUNDS_MAX = 200
_NUMBERS = count(1)

M = TypeVar("M", bound=LegacyMember)


class NeverQuietError(AssertionError):
    """The nodes find work without end."""


class Network:
    """Named hosts on loopback, the nodes behind them, and the adversary between them.

    Attributes:
        tape: Every request that reached a host, oldest first.
        clock: The time of day of all nodes.
    """

    def __init__(
        self,
        folder: Path,
        ca: trustme.CA,
        molds: "Mold",
        clock: VirtualClock | None = None,
        *,
        seed: int | None = None,
    ) -> None:
        self.clock = clock or VirtualClock()
        self._seed = seed
        self._folder = folder
        self._ca = ca
        self._molds = molds
        self._wire = Wire()
        self._gates: dict[str, Gate] = {}
        self._nodes: dict[str, LiveNode] = {}
        self._clocks: dict[str, OwnClock] = {}

    @property
    def tape(self) -> list[Exchange]:
        """Every request that reached a host, oldest first."""
        return self._wire.tape

    @property
    def nodes(self) -> Mapping[str, LiveNode]:
        """Every node that was started, by its name."""
        return self._nodes

    async def open(self) -> None:
        """Every name has its port before the first node starts."""
        for host in HOSTS:
            self._gates[host] = Gate(host, self._wire)
            await self._gates[host].open(self._ca)

    async def close(self) -> None:
        """Stop every node."""
        for node in self._nodes.values():
            if node.is_running:
                await node.stop()
        for gate in self._gates.values():
            await gate.close()

    async def start(self, *names: str) -> tuple[LiveNode, ...]:
        """Start a node for each name; al lives on alpha, bo on beta, gi on gamma."""
        for name in names:
            self._nodes[name] = await self._new(name)
            await self._nodes[name].start()
        return tuple(self._nodes[name] for name in names)

    def port_of(self, host: str) -> int:
        """Where a host listens on loopback."""
        return self._gates[host].port

    def put_behind(self, host: str, behind: Behind) -> None:
        """Let something other than a node of ours answer for a host."""
        self._gates[host].behind = behind

    def show(self, host: str, certificate: trustme.LeafCert) -> None:
        """Let a host have another certificate for connections that begin from here on."""
        self._gates[host].show(certificate)

    async def settle(self) -> None:
        """Let every node work until nothing is due at this time.

        Raises:
            NeverQuietError: It does not end.
        """
        for _ in range(ROUNDS_MAX):
            if not any([await node.work() for node in self._nodes.values() if node.is_running]):
                return
        raise NeverQuietError([f"{one.type} to {one.host}" for one in self.tape[-20:]])

    def advance(self, **length: float) -> None:
        """Move the clock of all nodes."""
        self.clock.advance(**length)

    def set_clock(self, name: str, ahead: timedelta) -> None:
        """Let the clock of a node be so much ahead of all others, or behind."""
        self._clocks[name].ahead = ahead

    def cut(self, host: str) -> None:
        """Nobody reaches this host, and it reaches nobody; its own people still do."""
        self._wire.cut.add(host)

    def heal(self, host: str) -> None:
        """Take a cut back."""
        self._wire.cut.discard(host)

    def lose(self, which: Which) -> AbstractContextManager[None]:
        """These requests are answered with 202, and nobody ever sees them."""

        async def lost(_gate: Gate, _exchange: Exchange) -> bytes:
            return SWALLOWED

        return self._wire.fate(which, lost)

    def fail(self, which: Which, answer: bytes = BAD_GATEWAY) -> AbstractContextManager[None]:
        """These requests get this answer instead of their host's."""

        async def failed(_gate: Gate, _exchange: Exchange) -> bytes:
            return answer

        return self._wire.fate(which, failed)

    def alter(self, which: Which, change: Callable[[bytes], bytes]) -> AbstractContextManager[None]:
        """These requests get their host's answer with something changed."""

        async def altered(gate: Gate, exchange: Exchange) -> bytes:
            return change(await gate.pass_on(exchange))

        return self._wire.fate(which, altered)

    def duplicate(self, which: Which, *, times: int) -> AbstractContextManager[None]:
        """These requests arrive so many times; the sender hears the last answer."""

        async def repeated(gate: Gate, exchange: Exchange) -> bytes:
            for _ in range(times - 1):
                await gate.pass_on(exchange)
            return await gate.pass_on(exchange)

        return self._wire.fate(which, repeated)

    def hold(self, which: Which, held: list[Exchange]) -> AbstractContextManager[None]:
        """These requests are answered with 202 and kept in `held`, to be replayed in any order."""

        async def kept(_gate: Gate, exchange: Exchange) -> bytes:
            held.append(exchange)
            return SWALLOWED

        return self._wire.fate(which, kept)

    def meanwhile(self, which: Which, fate: Fate) -> AbstractContextManager[None]:
        """This happens to these requests until the block ends."""
        return self._wire.fate(which, fate)

    def strike(self, which: Which, fate: Fate) -> None:
        """From here on this happens to these requests."""
        self._wire.fates.append((which, fate))

    async def replay(self, *exchanges: Exchange) -> list[int]:
        """Let requests arrive, byte for byte, in this order; the statuses of the answers."""
        return [await self._replayed(one) for one in exchanges]

    async def signer(self, person: Person) -> Signer:
        """The keys of somebody who lives on a node of this network."""
        await person.arrive()
        return await self.signer_of(self._nodes[person.node.name], person.uri)

    async def signer_of(self, node: LiveNode, uri: str) -> Signer:
        """The keys of one of a node's actors, such as a conversation."""
        rsa, proofs = await node.inside(_keys_of(node, uri))
        rsa_key = rsa.key
        assert isinstance(rsa_key, RSAPrivateKey)
        return Signer(
            uri, rsa_key, proofs.key, self.clock.now, self._replayed, rsa.key_id, proofs.key_id
        )

    async def get(self, url: str) -> int:
        """Ask for a document without any signature; the status of the answer."""
        return await self._replayed(request("GET", url, {}, None))

    def legacy_peer(self, host: str = "gts.test") -> LegacyPeer:
        """A server of other software behind one of the names."""
        peer = LegacyPeer(host, self.clock.now, self._replayed)
        self.put_behind(host, peer.answer)
        return peer

    def mastodon(self, host: str = "masto.test", *, name: str = "carol") -> MastodonPeer:
        """Carol's Mastodon."""
        return self._member(MastodonPeer(host, self.clock.now, self._replayed, name=name))

    def gotosocial(self, host: str = "gts.test", *, name: str = "dave") -> GoToSocialPeer:
        """Dave's GoToSocial."""
        return self._member(GoToSocialPeer(host, self.clock.now, self._replayed, name=name))

    def misskey(self, host: str = "misskey.test", *, name: str = "mika") -> MisskeyPeer:
        """Mika's Misskey."""
        return self._member(MisskeyPeer(host, self.clock.now, self._replayed, name=name))

    def _member(self, peer: M) -> M:
        self.put_behind(peer.host, peer.answer)
        return peer

    async def reorder(self, held: Iterable[Exchange], order: Iterable[int]) -> None:
        """Let held requests arrive in this order of their numbers, all worked off in between."""
        kept = list(held)
        for number in order:
            await self.replay(kept[number])
            await self.settle()

    async def _replayed(self, one: Exchange) -> int:
        await self._gates[one.host].pass_on(one)
        return one.status

    async def _new(self, name: str) -> LiveNode:
        folder = self._folder / name
        folder.mkdir()
        url = await self._molds.copy(name, folder)
        ca_file = folder / "ca.pem"
        self._ca.cert_pem.write_to_path(str(ca_file))
        config = write_config(
            folder,
            name,
            hosts={host: gate.port for host, gate in self._gates.items()},
            ca_file=str(ca_file),
            more={"server": {"listen": ["127.0.0.1:0"]}, "database": {"url": url, "pool": 4}},
        )
        chance = None if self._seed is None else Random(f"{self._seed} {name}")
        self._clocks[name] = OwnClock(self.clock)
        return LiveNode(name, config, self._clocks[name], self._gates[name], chance)


class Mold(Protocol):
    """Where the databases of a network's nodes come from."""

    async def copy(self, name: str, folder: Path) -> str:
        """The URL of a database for a node of this name."""


class Molds:
    """One database for each host name, with its usual people and their keys, copied for tests.

    Keys and tables take longer to make than most tests take. Databases of PostgreSQL go with their
    server, since dropping one takes a second.
    """

    def __init__(self, engine: str, folder: Path) -> None:
        self._engine = engine
        self._folder = folder
        self._empty = copy_empty(self._folder / "empty.db")
        self._made: dict[str, str] = {}

    async def copy(self, name: str, folder: Path) -> str:
        """The URL of a database for a node of this name."""
        if name not in self._made:
            self._made[name] = await self._cast(name)
        if self._engine == "postgres":
            return await new_postgres(urlsplit(self._made[name]).path.lstrip("/"))
        for file in Path(urlsplit(self._made[name]).path).parent.glob("covey.db*"):
            shutil.copy(file, folder)
        return url_of(folder / "covey.db")

    async def _cast(self, name: str) -> str:
        folder = self._folder / name
        folder.mkdir()
        is_postgres = self._engine == "postgres"
        shutil.copy(self._empty, folder / "covey.db")
        url = await new_postgres("template0") if is_postgres else url_of(folder / "covey.db")
        config = write_config(
            folder,
            name,
            hosts={},
            ca_file="",
            more={"server": {"listen": ["127.0.0.1:0"]}, "database": {"url": url, "pool": 4}},
        )
        node = LiveNode(name, config, VirtualClock())
        await node.start()
        for person in USUAL_PEOPLE.get(name, ()):
            await node.token_for(person)
        await node.stop()
        return url


async def new_postgres(template: str = "template0") -> str:
    """The URL of a new database; it goes with its server."""
    name = f"covey_network_{os.getpid()}_{next(_NUMBERS)}"
    await _on_server(f'CREATE DATABASE "{name}" TEMPLATE "{template}" ENCODING UTF8')
    return urlsplit(POSTGRES)._replace(path=f"/{name}").geturl()


async def _keys_of(node: LiveNode, uri: str) -> tuple[SigningKey, ProofKey]:
    keyring = node.node.parts.desk.keyring
    rsa = await keyring.for_requests(uri, Scheme.CAVAGE)
    proofs = await keyring.for_proofs(uri)
    assert rsa is not None
    assert proofs is not None
    return rsa, proofs


async def _on_server(statement: str) -> None:
    connection = await asyncpg.connect(POSTGRES)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
