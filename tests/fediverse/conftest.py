import asyncio
import shutil
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer
from yarl import URL

from federation.commands.desk import Desk
from federation.commands.preview import Previews
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
from node.entropy import Entropy
from node.fediverse.routes import fediverse_endpoints
from node.http.application import polite_application
from node.http.routes import register, unguarded
from node.web.pages.join_link import link_page
from node.web.pages.person import person_page
from node.web.rendering import Site, renderer
from node.web.static_files import load_files
from node.web_push.app_tokens import AppTokens
from node.web_push.vapid import Vapid
from storage import database
from storage.group_commit import GroupCommit
from storage.sealing import Sealer
from tests.support import home_town
from tests.support.home_town import NOW, SPACE
from tests.support.media import media_services
from tests.support.mold import copy_empty, url_of
from tests.support.signing import GET_COVERED, POST_COVERED, Signed, digest
from tests.support.tls_peer import LOOPBACK

Payload = BytesIO | AsyncIterator[bytes]
ACTIVITY = "application/activity+json"
# A server that nobody reaches: its port is closed.
AWAY = "away.test"


@dataclass(slots=True)
class Town:
    """A node that is asked from outside, by somebody or by nobody."""

    client: TestClient
    now: datetime = NOW

    async def get(self, path: str, asker: str = "", **headers: str):
        sent = {"Host": SPACE.host, "Accept": ACTIVITY} | self._signed("GET", path, asker)
        return await self._ask("GET", path, sent | headers, None)

    async def post(self, path: str, body: bytes, asker: str = "", **headers: str):
        sent = {"Host": SPACE.host, "Content-Type": ACTIVITY}
        signed = self._signed("POST", path, asker, body)
        return await self._ask("POST", path, sent | signed | headers, BytesIO(body))

    async def _ask(
        self, method: str, path: str, headers: dict, body: Payload | None
    ) -> ClientResponse:
        answer = await self.client.request(
            method, URL(path, encoded=True), headers=headers, data=body, allow_redirects=False
        )
        await answer.read()
        return answer

    def _signed(self, method: str, path: str, asker: str, body: bytes | None = None) -> dict:
        if not asker:
            return {}
        headers = {"Host": SPACE.host, "Date": format_datetime(self.now, usegmt=True)}
        if body is not None:
            headers["Digest"] = f"SHA-256={digest(body)}"
        covered = GET_COVERED if body is None else POST_COVERED
        parameters = {"keyId": f'"{asker}#main-key"'}
        signed = Signed(method, path, headers, body, parameters=parameters, covered=covered)
        return dict(signed.request().headers)


async def _make(file: Path) -> None:
    async with database.opened(url_of(file)):
        await home_town.found_town()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = copy_empty(tmp_path_factory.mktemp("town") / "town.sqlite3", home_town.RUN)
    asyncio.run(_make(file))
    return file


async def _no_drafts(drafts: Sequence[Draft]) -> Sequence[Outcome]:
    raise AssertionError(f"nobody here wishes anything: {drafts}")


@pytest_asyncio.fixture
async def town(template: Path, tmp_path: Path) -> AsyncIterator[Town]:
    file = shutil.copy(template, tmp_path / "town.sqlite3")
    holder: list[Town] = []

    def clock() -> datetime:
        return holder[0].now if holder else NOW

    settings = ClientSettings("Covey/test", allow_private=LOOPBACK, hosts={AWAY: ("127.0.0.1", 9)})
    async with database.opened(url_of(file)), Client(settings) as client:
        sealer, memory = Sealer(b"\x01" * 32), KeyMemory()
        keyring, schemes = Keyring(sealer, SPACE), Schemes(clock)
        directory = Directory(
            Fetcher(client, keyring, SPACE, clock, schemes, Allowances(clock)), memory
        )
        keys = RemoteKeys(directory, memory)
        authenticator = Authenticator(
            keys, Rates(Limits(), lambda: clock().timestamp()), allow_http=False
        )
        entropy = Entropy(clock)

        typists = Typists(lambda _person, _type, _data: None)
        committer = GroupCommit(partial(admit, new_id=entropy.new_id))
        services = Services(
            space=SPACE,
            receiver=Receiver(authenticator, committer, entropy.new_id, clock, typists),
            whispers=Whispers(
                Fleeting(client, keyring, schemes, clock), typists, entropy.new_id, clock
            ),
            authenticator=authenticator,
            clock=clock,
            server_name="Covey",
            desk=Desk(
                drafts=GroupCommit(_no_drafts),
                directory=directory,
                resolver=HandleResolver(directory),
                space=SPACE,
                sealer=sealer,
                keyring=keyring,
                entropy=entropy,
                clock=clock,
            ),
            limits=LimitsConfig(),
            push_key=Vapid(b"\x01" * 32, SPACE.base_url).public_key,
            seal_token=AppTokens(b"\x01" * 32).sealed,
            previews=Previews(client, clock),
            **media_services(tmp_path / "media", client, clock, entropy),
        )
        render = renderer(Site("Covey", SPACE.host, SPACE.host), load_files())
        app = polite_application(hosts={SPACE.host}, new_id=entropy.new_id, is_https=True)
        app[SERVICES] = services
        register(
            app,
            fediverse_endpoints(person_page(render), link_page(render), entropy.jitter),
            unguarded,
        )
        running = asyncio.create_task(committer.run())
        async with TestClient(TestServer(app)) as asking:
            holder.append(Town(asking))
            yield holder[0]
        committer.stop()
        await running
