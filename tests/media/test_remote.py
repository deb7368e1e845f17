"""A file of another server is fetched once, judged, and kept while there is room."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer
from PIL import Image

from federation.protocol.canonical_json import multihash
from federation.protocol.verdict import Refused
from federation.remote.media import RemoteMedia
from federation.transport.client import Client, ClientSettings
from federation.upkeep.media import MediaKept, prune, usage
from node.media.derive import Derivation
from storage import database
from storage.blobs import Blobs
from storage.remote_media import Kept
from tests.support.clock import VirtualClock
from tests.support.media import PIXELS_MAX, SECRET, opened, picture, written

HOST = "beta.test"
ROOM = 100_000


@dataclass(slots=True)
class Shop:
    """Another server's files, and our shelf for them."""

    files: dict[str, bytes]
    remote: RemoteMedia
    clock: VirtualClock
    port: int = 0
    asked: list[str] = field(default_factory=list)

    async def get(self, name: str, digest: str = "") -> Kept | Refused:
        return await self.remote.get(self.url(name), digest)

    def url(self, name: str) -> str:
        return f"http://{HOST}:{self.port}/{name}"

    def body(self, kept: Kept | Refused) -> bytes:
        assert isinstance(kept, Kept), kept
        return self.remote.blobs.path(kept.digest).read_bytes()


@asynccontextmanager
async def serving(shop_files: dict[str, bytes], asked: list[str]) -> AsyncIterator[int]:
    async def answer(request: web.Request) -> web.Response:
        name = request.match_info["name"]
        asked.append(name)
        if name not in shop_files:
            raise web.HTTPNotFound
        return web.Response(body=shop_files[name], content_type="text/html")

    app = web.Application()
    app.router.add_get("/{name}", answer)
    async with TestServer(app) as server:
        assert server.port is not None
        yield server.port


@pytest_asyncio.fixture
async def shop(url: str, tmp_path: Path) -> AsyncIterator[Shop]:
    files: dict[str, bytes] = {}
    asked: list[str] = []
    clock = VirtualClock()
    async with serving(files, asked) as port:
        settings = ClientSettings(
            "test",
            allow_private=(ip_network("127.0.0.0/8"),),
            allow_http=True,
            hosts={HOST: ("127.0.0.1", port)},
            own_origin="http://ours.test",
        )
        async with (
            database.opened(url),
            Client(settings) as client,
        ):
            derive = Derivation(PIXELS_MAX).derive
            remote = RemoteMedia(client, Blobs(tmp_path / "remote"), derive, clock.now, ROOM)
            yield Shop(files, remote, clock, port, asked)


async def test_a_picture_is_made_anew_whatever_its_server_calls_it(shop: Shop):
    shop.files["a.jpg"] = picture("JPEG", (60, 40))

    kept = await shop.get("a.jpg", multihash(shop.files["a.jpg"]))

    assert isinstance(kept, Kept)
    assert (kept.media_type, opened(shop.body(kept)).size) == ("image/jpeg", (40, 60))
    assert SECRET.encode() not in shop.body(kept)
    assert kept.thumbnail_digest


async def test_it_is_fetched_once(shop: Shop):
    shop.files["a"] = b"hello"

    await asyncio.gather(*(shop.get("a") for _ in range(5)))
    await shop.get("a")

    assert shop.asked == ["a"]


async def test_another_file_than_the_promised_one_is_not_shown(shop: Shop):
    shop.files["a.jpg"] = picture()

    refused = await shop.get("a.jpg", multihash(b"another"))
    again = await shop.get("a.jpg", multihash(b"another"))

    assert isinstance(refused, Refused)
    assert refused == again
    assert "signed" in refused.reason
    assert shop.asked == ["a.jpg"]
    assert await shop.remote.blobs.all() == []


BAD = {
    "a bomb": written(Image.new("1", (9000, 9000)), "PNG"),
    "a page that begins like a picture": b"GIF89a/*<script>alert(1)</script>",
    "a program": b"\x7fELF\x02\x01\x01" + b"\0" * 60,
    "more than there is room for": b"a" * (ROOM + 1),
}


@pytest.mark.parametrize("data", BAD.values(), ids=BAD)
async def test_what_cannot_be_shown_is_not_kept(shop: Shop, data: bytes):
    shop.files["a"] = data

    assert isinstance(await shop.get("a"), Refused)
    assert await shop.remote.blobs.all() == []


async def test_a_file_that_is_not_there_now_is_asked_for_again(shop: Shop):
    assert isinstance(await shop.get("a"), Refused)

    shop.files["a"] = b"hello"

    assert shop.body(await shop.get("a")) == b"hello"


async def test_our_own_files_are_never_fetched(shop: Shop):
    assert isinstance(await shop.remote.get("http://ours.test/media/x/y.jpg", ""), Refused)
    assert shop.asked == []


async def test_what_nobody_has_looked_at_for_the_longest_makes_room(shop: Shop):
    for name in "abc":
        shop.files[name] = name.encode() * 30_000
        await shop.get(name)
        shop.clock.advance(hours=2)
    await shop.get("a")
    shop.clock.advance(hours=2)

    shop.files["d"] = b"d" * 30_000
    await shop.get("d")

    kept = {hashlib.sha256(shop.files[name]).hexdigest() for name in "acd"}
    assert {blob.digest for blob in await shop.remote.blobs.all()} == kept
    for name in "acdb":
        await shop.get(name)
    assert "".join(shop.asked) == "abcdb"


async def test_what_is_gone_from_the_disk_is_fetched_again(shop: Shop):
    shop.files["a"] = b"hello"
    kept = await shop.get("a")
    assert isinstance(kept, Kept)

    await shop.remote.blobs.remove(kept.digest)

    assert shop.body(await shop.get("a")) == b"hello"


async def test_what_nobody_looks_at_goes_in_time(shop: Shop, tmp_path: Path):
    kept = MediaKept(Blobs(tmp_path / "own"), shop.remote.blobs, ROOM, timedelta(days=30))
    shop.files["a"] = shop.files["b"] = b"hello"
    await shop.get("a")
    shop.clock.advance(days=20)
    await shop.get("b")
    shop.clock.advance(days=11)

    assert (await usage(kept, shop.clock.now())).unused.files == 1
    await prune(kept, shop.clock.now())
    # One file under two addresses: the other one still has it.
    assert len(await shop.remote.blobs.all()) == 1
    shop.clock.advance(days=20)
    await prune(kept, shop.clock.now())

    assert await shop.remote.blobs.all() == []
