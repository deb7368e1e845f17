"""One real node in a process of its own, everybody else on one hostile peer."""

import socket
import struct
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import randrange
from typing import Any
from urllib.parse import urlsplit

import trustme

from federation.commands.register_account import register_account
from federation.protocol.signature.parsed import Request
from federation.protocol.verdict import Allowed
from node.clock import Clock
from node.identity.passwords import Passwords
from tests.hostile.cast import ADA, CAST, HANA, HOME, Actor, Time, now
from tests.hostile.kept import Kept, new_kept
from tests.hostile.peer import ADDRESS, HostilePeer, told
from tests.hostile.wire import Answer, Line, raw_of
from tests.support.live_node import LiveNode
from tests.support.node_config import write_config
from tests.support.person import Person, Room
from tests.support.process_node import ProcessNode, until

# Said among the people here, to nobody elsewhere: it must not appear anywhere else.
CANARY = "c4nary-6f1e0b7d"
IDLE_WITHIN_S = 60.0
PASSWORD = "correct horse battery staple"
# Lena and Otto, and two who are in nothing with anybody.
PEOPLE = {"lena": "owner", "otto": "member", "sue": "member", "dee": "member"}

# What is owed and due by now. What waits for a later moment is not waited for.
WORK_LEFT = """
SELECT (SELECT count(*) FROM inbox_entry
        WHERE state = 'leased' OR (state = 'pending' AND due_at <= ?))
     + (SELECT count(*) FROM repair
        WHERE state IN ('leased', 'again') OR (state = 'pending' AND due_at <= ?))
     + (SELECT count(*) FROM peer WHERE due_at <= ? OR lease_until > ?) AS left_over
"""


@dataclass(slots=True)
class Stage:
    """What a case plays on.

    Attributes:
        kept: What the node keeps.
        met: The same after all have met, for further nodes.
        group: G, whose home is here; Lena and Otto are members.
        talk: What Lena and Otto say to each other alone; the canary is in it.
        sent: How many requests the test has sent.
    """

    folder: Path
    ca: trustme.CA
    peer: HostilePeer
    node: ProcessNode
    kept: Kept
    lena: Person
    otto: Person
    group: Room = field(default_factory=Room)
    talk: Room = field(default_factory=Room)
    met: Kept | None = None
    sent: int = 0

    @property
    def line(self) -> Line:
        """How the node is reached."""
        return Line(self.node.port, str(self.folder / "ca.pem"))

    @property
    def watch(self) -> Path:
        """Where the process writes what it is watched for."""
        return self.folder / "watch"

    async def send(self, request: Request | bytes, *, source: str = "127.0.0.1") -> Answer:
        """Send a request to the node on a connection of its own."""
        self.sent += 1
        raw = request if isinstance(request, bytes) else raw_of(request)
        return await self.line.send(raw, source=source)

    def rows(self, sql: str, *arguments: object) -> list[dict[str, Any]]:
        """What the database of the node holds."""
        return self.kept.rows(sql, arguments)

    def write(self, sql: str, *arguments: object) -> None:
        """Set the scene where no request would: in the database itself."""
        self.kept.write(sql, arguments)

    def advance(self, **length: float) -> None:
        """Move the clocks of all servers on."""
        Time.ahead += timedelta(**length)
        with (self.watch / "clock").open("r+b") as file:
            file.write(struct.pack("<q", Time.ahead // timedelta(milliseconds=1)))

    async def idle(self) -> None:
        """Wait until nothing is due, nobody is answered, and that stays so at a second look."""
        still = 0

        async def look() -> bool:
            nonlocal still
            still = still + 1 if self._is_still() else 0
            return still >= 2

        assert await until(look, within_s=IDLE_WITHIN_S), "the node finds work without end"

    def _is_still(self) -> bool:
        if self.peer.busy:
            return False
        at_ms = int(now().timestamp() * 1000)
        return not self.rows(WORK_LEFT, at_ms, at_ms, at_ms, at_ms)[0]["left_over"]

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Wait until something is so."""

        async def look() -> bool:
            return is_so()

        assert await until(look, within_s=IDLE_WITHIN_S), "it never came to be"

    async def until_answered(self, request: Request, status: int) -> None:
        """Send a request again and again until it is answered so."""

        async def look() -> bool:
            return (await self.send(request)).status == status

        assert await until(look, within_s=IDLE_WITHIN_S), f"never answered {status}"

    def memory_mib(self) -> float:
        """How much memory the process holds."""
        status = Path(f"/proc/{self.node.pid}/status").read_text()
        (line,) = [one for one in status.splitlines() if one.startswith("VmRSS:")]
        return int(line.split()[1]) / 1024

    def lateness_ms(self) -> list[int]:
        """How late the event loop of the node was, each time it was."""
        return [int(line) for line in self._watched("lag")]

    def dialled(self) -> list[tuple[str, int]]:
        """Every connection that the node tried to make, but for those to its own database."""
        pairs = (line.split() for line in self._watched("egress"))
        database = urlsplit(self.kept.url)
        own = (database.hostname, database.port)
        tried = [(address, int(port)) for address, port in pairs]
        return [one for one in tried if one != own]

    def _watched(self, name: str) -> list[str]:
        file = self.watch / name
        return file.read_text().splitlines() if file.exists() else []


async def set_stage(
    folder: Path, *, like: Stage | None = None, more: Mapping[str, Mapping[str, object]] = {}
) -> Stage:
    """Start the peer and the node, at which people have met.

    Args:
        folder: For the files of the node.
        like: The stage whose people and meetings are copied, in place of new ones.
        more: Further keys of the configuration, by section.
    """
    ca = trustme.CA()
    ca.cert_pem.write_to_path(str(folder / "ca.pem"))
    peer = HostilePeer(ca)
    await peer.open()
    (folder / HOME).mkdir()
    met = like.met if like is not None else None
    kept = await (new_kept(folder / HOME) if met is None else met.copied(folder / HOME))
    more = {**more, "database": {"url": kept.url, "pool": 5, **more.get("database", {})}}
    node = _node(folder, ca, peer, more)
    stage = Stage(folder, ca, peer, node, kept, Person(node, "lena"), Person(node, "otto"))
    for actor in (*CAST, ADA):
        introduce(peer, actor)
    if like is None:
        await _settle_people(node)
        await node.start()
        await _meet(stage)
        stage.met = await kept.keep(node)
    else:
        stage.group, stage.talk, node.tokens = like.group, like.talk, dict(like.node.tokens)
        await node.start()
        await stage.idle()
    return stage


async def strike(stage: Stage) -> None:
    """Take everything down."""
    await stage.node.kill()
    stage.kept.close()
    await stage.peer.close()


def introduce(peer: HostilePeer, actor: Actor) -> None:
    """Let somebody be found on their server, which takes what is posted to it."""
    peer.serve(actor.uri, actor.document())
    for path in ("/inbox", f"/{actor.uri.split('/', 3)[3]}/inbox"):
        peer.act(actor.host, path, told(202))
    peer.serve(
        f"https://{actor.host}/.well-known/webfinger",
        actor.jrd(),
        content_type="application/jrd+json",
    )


async def _settle_people(node: ProcessNode) -> None:
    """Make the accounts as the node itself would: six commands would take as many seconds."""
    live = LiveNode(HOME, Path(node.config), Clock())
    await live.start()
    parts = live.node.parts
    for name, role in PEOPLE.items():
        password_hash = await Passwords().hash(f"{PASSWORD} {name}")
        made = register_account(
            parts.mint, name=name, role=role, password_hash=password_hash, display_name=name.title()
        )
        assert isinstance(await live.inside(made), Allowed)
        node.tokens[name] = await live.token_for(name)
    await live.stop()


async def _meet(stage: Stage) -> None:
    lena, otto = stage.lena, stage.otto
    stage.talk = await lena.write_to(otto.acct, f"between us: {CANARY}")
    stage.group = await lena.start_conversation("G", otto.acct)
    await otto.accept(stage.group)
    await lena.say(stage.group, f"among members: {CANARY}")
    await otto.write_to(HANA.acct, "hello Hana")
    await otto.write_to(ADA.acct, "hello Ada")
    for actor in CAST:
        answer = await stage.send(actor.post(actor.create(otto.uri, text="we have met")))
        assert answer.status == 202, answer
    await stage.idle()


def quiet_port() -> int:
    """A port on which nobody listens, below those that outgoing connections are given."""
    for _ in range(1000):
        port = randrange(10_000, 32_000)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise AssertionError("every port is taken")


def _node(
    folder: Path, ca: trustme.CA, peer: HostilePeer, more: Mapping[str, Mapping[str, object]]
) -> ProcessNode:
    place, watch = folder / HOME, folder / "watch"
    watch.mkdir()
    (watch / "clock").write_bytes(struct.pack("<q", 0))
    certificate = ca.issue_cert(HOME)
    certificate.private_key_pem.write_to_path(str(place / "key.pem"))
    (place / "cert.pem").write_bytes(b"".join(one.bytes() for one in certificate.cert_chain_pems))
    port = quiet_port()
    sections: dict[str, dict[str, object]] = {
        "server": {
            "listen": [f"127.0.0.1:{port}"],
            "tls_cert": str(place / "cert.pem"),
            "tls_key_file": str(place / "key.pem"),
        },
        "federation": {"allow_private_addresses": [f"{ADDRESS}/32"]},
    }
    for section, keys in more.items():
        sections.setdefault(section, {}).update(keys)
    write_config(place, HOME, hosts={}, ca_file=str(folder / "ca.pem"), more=sections)
    # Where `ProcessNode` looks for it.
    ca.cert_pem.write_to_path(str(place / "ca.pem"))
    host, names_port = peer.names.address
    return ProcessNode(
        HOME,
        place,
        port,
        lines_kept=1_000_000,
        module="tests.hostile.launch",
        environment={"COVEY_WATCH": str(watch), "COVEY_NAMES": f"{host}:{names_port}"},
    )
