"""The JSON API of one node over a real database, and people who call it with their tokens."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from aiohttp import DummyCookieJar, web
from aiohttp.test_utils import TestClient, TestServer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from federation.commands.desk import Desk, taker
from federation.commands.media_key import settle_media_key
from federation.commands.preview import Previews
from federation.commands.push import PURPOSE, settle_push_key
from federation.commands.register_account import Mint, ensure_instance_actor, register_account
from federation.commands.whisper import Whispers
from federation.inbound.admission import admit
from federation.inbound.authenticate import Authenticator
from federation.inbound.rates import Limits, Rates
from federation.inbound.receive import Receiver
from federation.keyring import Keyring
from federation.outbound.fleeting import Fleeting
from federation.outbound.typists import Typists
from federation.pipeline.item import Draft
from federation.pipeline.outcome import Outcome
from federation.pipeline.prepare import Tools
from federation.protocol import strict_json
from federation.protocol.namespace import Namespace
from federation.protocol.verdict import Allowed
from federation.remote.actors import Directory
from federation.remote.allowance import Allowances
from federation.remote.key_memory import KeyMemory
from federation.remote.keys import RemoteKeys
from federation.remote.objects import Fetcher
from federation.remote.schemes import Schemes
from federation.remote.webfinger import HandleResolver
from federation.transport.client import Client, ClientSettings
from node.app_keys import SERVICES, Services
from node.config.limits import LimitsConfig
from node.covey_api import remote_media
from node.covey_api.routes import api_endpoints
from node.entropy import Entropy
from node.fediverse import media
from node.http.application import polite_application
from node.http.cursors import CURSORS, Cursors
from node.http.routes import register, unguarded
from node.identity.bearer import create_token
from node.identity.guard import ApiGuard
from node.live import LIVE, Live
from node.web_push.app_tokens import AppTokens
from node.web_push.vapid import Vapid
from storage import database, migrate
from storage.group_commit import GroupCommit
from storage.sealing import Sealer, SecretSealer
from tests.support.media import media_services
from tests.support.signing import rsa_key

HOST = "alpha.test"
SPACE = Namespace(f"https://{HOST}", HOST, HOST)
SECRET = b"\x01" * 32
BASE = "/api/covey/v1"
# There is no other server: its address may not even be dialled.
AWAY = ClientSettings("test", hosts={"beta.test": ("127.0.0.1", 9)})
START = datetime(2026, 9, 3, 12, tzinfo=UTC)
PEOPLE = (("ana", "owner"), ("bo", "member"), ("cy", "member"))


class QuickEntropy(Entropy):
    """Real ids and tokens; one RSA key for everybody, because making one is slow."""

    def rsa_key(self) -> RSAPrivateKey:
        return rsa_key()

    def ed25519_key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.generate()


@dataclass(slots=True)
class Clock:
    """Moves a millisecond each time it is looked at, so that things happen one after the other."""

    at: datetime = START

    def __call__(self) -> datetime:
        self.at += timedelta(milliseconds=1)
        return self.at


@dataclass(frozen=True, slots=True)
class Answer:
    """What the API answered."""

    status: int
    body: Any
    headers: Mapping[str, str]

    @property
    def items(self) -> list[Any]:
        return list(self.body["items"])

    @property
    def word(self) -> str:
        """The word of a problem."""
        return str(self.body["type"]).rpartition("#")[2]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account and a token."""

    name: str
    token: str
    client: TestClient[web.Request, web.Application]

    @property
    def acct(self) -> str:
        return f"{self.name}@{HOST}"

    @property
    def uri(self) -> str:
        return SPACE.person(self.name)

    @property
    def headers(self) -> dict[str, str]:
        return {"Host": HOST, "Authorization": f"Bearer {self.token}"}

    async def get(self, path: str, **query: str) -> Answer:
        return await self.call("GET", path, query=query)

    async def post(self, path: str, *, key: str = "", **body: object) -> Answer:
        return await self.call("POST", path, body, key=key)

    async def call(
        self,
        method: str,
        path: str,
        body: Mapping[str, object] | None = None,
        *,
        key: str = "",
        query: Mapping[str, str] | None = None,
    ) -> Answer:
        headers = self.headers | ({"Idempotency-Key": key} if key else {})
        async with self.client.request(
            method, BASE + path, json=body, headers=headers, params=query or {}
        ) as response:
            data = await response.read()
            return Answer(
                response.status, strict_json.loads(data) if data else None, response.headers
            )

    async def start_group(self, *others: "Person", title: str = "tea", **more: object) -> str:
        """A group that these people are invited to; answers its id."""
        members = [other.acct for other in others]
        made = await self.post("/conversations", kind="group", title=title, members=members, **more)
        assert made.status == 201, made.body
        return str(made.body["id"])

    async def say(self, conversation: str, text: str) -> dict[str, Any]:
        """Post a message; answers it."""
        said = await self.post(f"/conversations/{conversation}/messages", text=text)
        assert said.status == 201, said.body
        return dict(said.body)

    async def texts(self, conversation: str, **query: str) -> list[str]:
        page = await self.get(f"/conversations/{conversation}/messages", **query)
        assert page.status == 200, page.body
        return [message["text"] for message in page.items]

    async def state_of(self, conversation: str) -> str:
        return str((await self.get(f"/conversations/{conversation}")).body["state"])


@dataclass(frozen=True, slots=True)
class ApiNode:
    """A node that answers its API to three people."""

    client: TestClient[web.Request, web.Application]
    live: Live
    desk: Desk
    mint: Mint
    tokens: Mapping[str, str] = field(default_factory=dict)

    def person(self, name: str) -> Person:
        return Person(name, self.tokens[name], self.client)

    async def token(self, name: str, *scopes: str) -> str:
        """A further token of somebody's."""
        return await create_token(
            name, frozenset(scopes), entropy=Entropy(self.mint.clock), now=self.mint.clock()
        )


async def make_database(url: str) -> None:
    """A database in which the people of `PEOPLE` have accounts."""
    mint = _mint(Clock())
    async with database.opened(url):
        await migrate.apply("0" * 32)
        await ensure_instance_actor(mint)
        assert isinstance(mint.entropy, Entropy)
        await settle_media_key(mint.entropy)
        await settle_push_key(SecretSealer(SECRET, PURPOSE), mint.entropy)
        for name, role in PEOPLE:
            made = await register_account(
                mint, name=name, role=role, password_hash="", display_name=name.title()
            )
            assert isinstance(made, Allowed)


@asynccontextmanager
async def api_node(url: str, way_out: ClientSettings = AWAY) -> AsyncIterator[ApiNode]:
    """A running node over a database that was made."""
    clock = Clock()
    mint = _mint(clock)
    async with database.opened(url), Client(way_out) as client, _folder() as folder:
        keyring, entropy = Keyring(mint.sealer, SPACE), mint.entropy
        assert isinstance(entropy, Entropy)
        schemes = Schemes(clock)
        fetcher = Fetcher(client, keyring, SPACE, clock, schemes, Allowances(clock))
        memory = KeyMemory()
        directory = Directory(fetcher, memory)
        drafts: GroupCommit[Draft, Outcome] = GroupCommit(
            taker(Tools(SPACE, keyring, entropy.new_id), clock)
        )
        desk = Desk(
            drafts=drafts,
            directory=directory,
            resolver=HandleResolver(directory),
            space=SPACE,
            sealer=mint.sealer,
            keyring=keyring,
            entropy=entropy,
            clock=clock,
        )
        live = Live()
        typists = Typists(live.tell)
        authenticator = Authenticator(
            RemoteKeys(directory, memory), Rates(Limits(), time.monotonic), allow_http=False
        )
        app = polite_application(hosts={HOST}, new_id=entropy.new_id, is_https=True)
        app[CURSORS] = Cursors(b"\x01" * 32)
        app[SERVICES] = Services(
            space=SPACE,
            receiver=Receiver(
                authenticator,
                GroupCommit(lambda items: admit(items, new_id=entropy.new_id)),
                entropy.new_id,
                clock,
                typists,
            ),
            whispers=Whispers(
                Fleeting(client, keyring, schemes, clock), typists, entropy.new_id, clock
            ),
            authenticator=authenticator,
            clock=clock,
            server_name="Covey",
            desk=desk,
            limits=LimitsConfig(message_characters=100),
            push_key=Vapid(SECRET, SPACE.base_url).public_key,
            seal_token=AppTokens(SECRET).sealed,
            previews=Previews(client, clock),
            **media_services(folder, client, clock, entropy),
        )
        app[LIVE] = live
        register(app, api_endpoints(), ApiGuard(SPACE.base_url, clock))
        register(app, (*media.ENDPOINTS, *remote_media.ENDPOINTS), unguarded)
        tasks = [asyncio.create_task(drafts.run()), asyncio.create_task(live.run())]
        async with TestClient(TestServer(app), cookie_jar=DummyCookieJar()) as browser:
            node = ApiNode(browser, live, desk, mint)
            tokens = {name: await node.token(name, "read", "write", "push") for name, _ in PEOPLE}
            yield ApiNode(browser, live, desk, mint, tokens)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def _folder() -> AsyncIterator[Path]:
    with TemporaryDirectory() as name:
        yield Path(name)


def _mint(clock: Clock) -> Mint:
    return Mint(SPACE, Sealer(b"\x01" * 32), QuickEntropy(clock), clock)
