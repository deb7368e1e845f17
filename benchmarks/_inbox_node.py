"""The two servers that benchmarks/inbox.py compares, and the people who write to them."""

import asyncio
import itertools
import json
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from aiohttp import web
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import (
    RSAPrivateKey,
    RSAPublicKey,
    generate_private_key,
)

from federation.activities.situation import json_text
from federation.commands.register_account import register_account
from federation.keyring import new_pairs
from federation.pipeline import batch
from federation.pipeline.item import InvitePerson, Received, StartGroup
from federation.pipeline.outcome import Applied
from federation.pipeline.prepare import Tools
from federation.protocol import proof
from federation.protocol.build import answer, note
from federation.protocol.build.note import Addressee, GroupPlace, LogPlace, Message
from federation.protocol.keys import Algorithm, spki_of
from federation.protocol.parse import parse_activity
from federation.protocol.signature.sign import Scheme, SigningKey, sign_by
from federation.protocol.vocabulary import CONTEXT
from node import workers
from node.clock import Clock
from node.config.load import Broken, load
from node.identity.fingerprint import fingerprint
from node.memory import settle_memory
from node.runtime import Node, running
from storage import activities, conversations, inbox_queue, tokens
from storage.actors import RemoteProfile, put_remote_actor
from storage.database import fetch, transaction
from storage.remote_keys import ListedKey, put_keys
from storage.tokens import NewToken

MEMBER = "https://peer.test/u/bob"
STRANGER = "https://old.test/users/carol"
HOST = "bench.test"
TOKEN = "benchmark-token-of-no-value"  # noqa: S105 - it opens a database that lives for a minute


@dataclass
class Author:
    """Somebody elsewhere who writes signed messages to this node."""

    uri: str
    rsa: RSAPrivateKey
    ed25519: Ed25519PrivateKey
    alice: str
    group: dict[str, str] = field(default_factory=dict)
    scheme: Scheme = Scheme.CAVAGE
    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    @classmethod
    def load(cls, folder: Path, uri: str) -> Self:
        """The author as the node knows them."""
        kept = json.loads((folder / "people.json").read_text())
        rsa = serialization.load_pem_private_key(kept["rsa"].encode(), None)
        ed25519 = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(kept["ed25519"]))
        return cls(uri, rsa, ed25519, kept["alice"], kept["group"])

    def request(self) -> bytes:
        """A POST to the shared inbox with a new message."""
        number = next(self.numbers)
        now = datetime.now(UTC)
        document = self._entry(number, now) if self.uri == MEMBER else self._direct(number, now)
        body = json_text(document).encode()
        url = f"https://{HOST}/inbox"
        headers = sign_by(self._signer(), "POST", url, body, now)
        headers |= {
            "Content-Type": "application/activity+json",
            "Content-Length": str(len(body)),
            "User-Agent": "benchmark",
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f"POST /inbox HTTP/1.1\r\n{head}\r\n".encode() + body

    def _signer(self) -> SigningKey:
        if self.scheme is Scheme.CAVAGE:
            return SigningKey(self.scheme, f"{self.uri}#main-key", self.rsa)
        return SigningKey(self.scheme, f"{self.uri}#ed25519-key", self.ed25519)

    def _entry(self, number: int, now: datetime) -> dict[str, object]:
        group = self.group
        uri = f"{self.uri}/n/{number}"
        document = note.create_note(
            message=Message(
                author=self.uri,
                note_id=uri,
                activity_id=f"{uri}/create",
                page=f"https://peer.test/m/{number}",
                html="<p>Thursday works for me, if the <strong>café</strong> is open.</p>",
                source="Thursday works for me, if the **café** is open.",
                published=now,
            ),
            people=[Addressee(self.alice, f"alice@{HOST}")],
            place=GroupPlace(
                Addressee(group["uri"], f"c-bench@{HOST}"),
                group["context"],
                int(group["epoch"]),
                group["state"],
                2,
            ),
            log=LogPlace(group["log"], number, f"{self.uri}/n/{number - 1}/create", {}),
        )
        method = f"{self.uri}#ed25519-key"
        return proof.add_proof(document, key=self.ed25519, method=method, created=now)

    def _direct(self, number: int, now: datetime) -> dict[str, object]:
        uri = f"{self.uri}/statuses/{number}"
        published = now.isoformat(timespec="seconds").replace("+00:00", "Z")
        return {
            "@context": CONTEXT[0],
            "id": f"{uri}/activity",
            "type": "Create",
            "actor": self.uri,
            "to": [self.alice],
            "cc": [],
            "published": published,
            "object": {
                "id": uri,
                "type": "Note",
                "attributedTo": self.uri,
                "to": [self.alice],
                "cc": [],
                "tag": [{"type": "Mention", "href": self.alice, "name": f"@alice@{HOST}"}],
                "content": "<p>Thursday works for me, if the <strong>café</strong> is open.</p>",
                "published": published,
                "url": uri,
            },
        }


async def serve_reference(_folder: Path) -> None:
    """A handler that reads the body and answers 202."""

    async def inbox(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(status=202)

    app = web.Application()
    app.router.add_post("/inbox", inbox)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await obey({})


# Carol is a stranger who writes without a pause.
WIDE = "[limits]\naddress_rate = 1000000\nstranger_rate = 1000000\n"


async def serve_node(folder: Path, settings: str = WIDE) -> None:
    """A node with a group of which somebody elsewhere is a member.

    Args:
        folder: For its database, and for what its senders need.
        settings: Further sections of its configuration.
    """
    config_path = folder / "config.toml"
    config_path.write_text(
        f'[server]\nhost = "{HOST}"\nsecret_key = "{"5" * 64}"\ndata_dir = "{folder}"\n'
        f'listen = ["127.0.0.1:0"]\n{settings}'
    )
    loaded = load(config_path, {}, Clock().now())
    if isinstance(loaded, Broken):
        raise SystemExit("\n".join(map(str, loaded.mistakes)))
    async with running(loaded.config, Clock(), has_workers=False) as node:
        await _populate(node, folder)
        print(node.ports[0], flush=True)
        settle_memory()
        worker = _Worker(node)
        await worker.work()
        await obey({"hold": worker.hold, "work": worker.work, "count": _count})


# What must be there when everything has taken effect; each message tells one person once.
COUNT = """
SELECT (SELECT count(*) FROM message) AS messages, (SELECT count(*) FROM inbox_entry) AS waiting,
  (SELECT count(*) FROM event WHERE type = 'message') AS events
"""


async def _count() -> dict[str, int]:
    (row,) = await fetch(COUNT)
    return {name: row[name] for name in ("messages", "waiting", "events")}


class _Worker:
    """The inbox worker, which the benchmark starts and stops."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._task: asyncio.Task[None] | None = None

    async def work(self) -> None:
        """Carry out what arrives."""
        parts = self._node.parts
        loop = workers.work(parts.inbox.run_once, "inbox", inbox_queue.find_next_due, parts.clock)
        self._task = self._task or asyncio.create_task(loop)

    async def hold(self) -> None:
        """Leave it lying; what is under way is done first."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None


Order = Callable[[], Awaitable[dict[str, int] | None]]


async def obey(orders: Mapping[str, Order]) -> None:
    """Do what the lines of standard input say; answer each with one line: the CPU used so far."""
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := (await reader.readline()).decode().strip():
        answer = await orders[line]() if line in orders else None
        print(time.process_time() if answer is None else json.dumps(answer), flush=True)


async def _populate(node: Node, folder: Path) -> None:
    """Alice here, Bob of an aware node in her group, Carol on unaware software."""
    parts, now = node.parts, datetime.now(UTC)
    rsa, ed25519 = generate_private_key(65537, 2048), Ed25519PrivateKey.generate()
    await register_account(parts.mint, name="alice", role="owner", password_hash="")
    alice = parts.space.person("alice")
    await tokens.add_token(NewToken(fingerprint(TOKEN), "alice", "read write", now))
    for uri, aware in ((MEMBER, True), (STRANGER, False)):
        await _meet(uri, rsa, ed25519, now, aware=aware)
    group = await _group(node, alice, ed25519, now)
    pem = rsa.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    kept = {
        "rsa": pem.decode(),
        "ed25519": ed25519.private_bytes_raw().hex(),
        "alice": alice,
        "group": group,
    }
    (folder / "people.json").write_text(json.dumps(kept))


async def _meet(
    uri: str, rsa: RSAPrivateKey, ed25519: Ed25519PrivateKey, now: datetime, *, aware: bool
) -> None:
    host, name = uri.split("/")[2], uri.rsplit("/", 1)[-1]
    profile = RemoteProfile(
        uri=uri,
        host=host,
        kind="person",
        type="Person",
        username=name,
        domain=host,
        name=name,
        inbox=f"{uri}/inbox",
        shared_inbox=f"https://{host}/inbox",
        followers="",
        outbox="",
        aware=aware,
        document="{}",
    )
    listed = (
        _listed(f"{uri}#main-key", "rsa", rsa.public_key()),
        _listed(f"{uri}#ed25519-key", "ed25519", ed25519.public_key()),
    )
    async with transaction():
        await put_remote_actor(profile, now)
        await put_keys(uri, listed, now)


def _listed(
    key_id: str, algorithm: Algorithm, public: RSAPublicKey | Ed25519PublicKey
) -> ListedKey:
    is_rsa = algorithm == "rsa"
    return ListedKey(key_id, algorithm, spki_of(public), for_proofs=not is_rsa, for_requests=True)


async def _group(
    node: Node, alice: str, ed25519: Ed25519PrivateKey, now: datetime
) -> dict[str, str]:
    """Bob accepts Alice's invitation."""
    parts = node.parts
    tools = Tools(parts.space, parts.desk.keyring, parts.entropy.new_id)
    conversation_id = parts.entropy.new_id()
    uri = parts.space.conversation(conversation_id)
    keys = await new_pairs(uri, parts.entropy, sealer=parts.desk.sealer, at=now)
    parts.desk.keyring.remember(keys)
    start = StartGroup(alice, conversation_id, "c-bench", keys, "Bench", ())
    for draft in (start, InvitePerson(alice, conversation_id, MEMBER)):
        async with transaction():
            (outcome,) = (await batch.run([draft], tools, now)).outcomes
        if not isinstance(outcome, Applied):
            raise SystemExit(str(outcome))
    invite_id = next(c.id for c in outcome.changes if type(c).__name__ == "PutInvitation")
    (row,) = await activities.by_id([invite_id])
    accept = answer.accept(
        json.loads(row["document"]),
        answer_id=f"{MEMBER}/a/accept",
        chat_log=f"{MEMBER}/log/1",
        published=now,
    )
    signed = proof.add_proof(accept, key=ed25519, method=f"{MEMBER}#ed25519-key", created=now)
    async with transaction():
        await batch.run([Received(parse_activity(signed), "", "", now)], tools, now)
    (found,) = await conversations.by_uri([uri])
    return {
        "uri": uri,
        "context": found["context"],
        "epoch": str(found["epoch"]),
        "state": found["state_hash"],
        "log": f"{MEMBER}/log/1",
    }
