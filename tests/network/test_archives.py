"""What somebody takes along is what they may see, and it is whole; others get nothing."""

import asyncio
import csv
import hashlib
import io
import re
import zipfile
from collections.abc import Mapping
from typing import Any, Self

import aiohttp
import pytest

from federation.commands.desk import Made
from federation.commands.upload_media import Upload, upload_media
from federation.protocol import strict_json
from node.identity.passwords import Passwords
from storage.accounts import set_password_hash
from tests.support.live_node import LiveNode
from tests.support.media import picture
from tests.support.network import Network
from tests.support.person import Person, Room

PASSWORD = "a quiet long password"
EXPORT = "/settings/export"


class Pages:
    """A browser on a node, past its gate."""

    def __init__(self, node: LiveNode) -> None:
        self.node = node
        self.session = aiohttp.ClientSession(
            f"http://127.0.0.1:{node.node.ports[0]}",
            headers={"Host": node.name},
            cookie_jar=aiohttp.DummyCookieJar(),
        )
        self.cookies: dict[str, str] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.session.close()

    async def ask(self, method: str, path: str, **fields: str) -> tuple[int, bytes]:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": cookie, "Origin": self.node.base_url}
        async with self.session.request(
            method, path, headers=headers, data=fields or None, allow_redirects=False
        ) as answer:
            self.cookies |= {name: morsel.value for name, morsel in answer.cookies.items()}
            return answer.status, await answer.read()

    async def fill_in(self, path: str, *, of: str = "", **fields: str) -> tuple[int, bytes]:
        _, page = await self.ask("GET", of or path)
        token = re.search(rb'name="csrf" value="([^"]+)"', page)
        assert token is not None
        return await self.ask("POST", path, csrf=token[1].decode(), **fields)

    async def sign_in(self, person: Person) -> None:
        await person.arrive()
        hashed = await Passwords().hash(PASSWORD)
        await self.node.inside(set_password_hash(person.name, hashed))
        status, _ = await self.fill_in("/sign-in", name=person.name, password=PASSWORD)
        assert status == 303

    async def export(self, password: str = PASSWORD) -> tuple[int, bytes]:
        return await self.fill_in(EXPORT, of="/settings", current=password)


async def archive_of(person: Person) -> zipfile.ZipFile:
    """What somebody gets who takes everything along."""
    assert isinstance(person.node, LiveNode)
    async with Pages(person.node) as pages:
        await pages.sign_in(person)
        status, data = await pages.export()
    assert status == 200
    return zipfile.ZipFile(io.BytesIO(data))


def read_json(archive: zipfile.ZipFile, name: str) -> Mapping[str, Any]:
    return strict_json.loads(archive.read(name))


def messages_in(archive: zipfile.ZipFile) -> list[dict[str, Any]]:
    return [
        dict(strict_json.loads(line))
        for name in archive.namelist()
        if name.endswith("messages.jsonl")
        for line in archive.read(name).splitlines()
    ]


async def uploaded(person: Person, data: bytes, name: str) -> str:
    assert isinstance(person.node, LiveNode)
    intake = person.node.node.parts.intake
    await person.arrive()
    made = await person.node.inside(upload_media(intake, Upload(person.name, data, name=name)))
    assert isinstance(made, Made)
    return made.resource


async def group_of(network: Network, founder: Person, *others: Person) -> Room:
    for one in others:
        await one.arrive()
    room = await founder.start_conversation("Tea", *(one.acct for one in others))
    await network.settle()
    for one in others:
        await one.accept(room)
    await network.settle()
    return room


async def test_an_archive_holds_what_its_person_sees(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await group_of(network, al, bo)
    await al.say(room, "one of al's")
    gone = await al.say(room, "deleted by al")
    await bo.say(room, "one of bo's")
    await network.settle()
    await al.delete(gone)
    await al.remove(bo, room)
    await network.settle()
    await al.say(room, "after bo was removed")
    await network.settle()

    archive = await archive_of(bo)

    assert archive.testzip() is None
    assert archive.read("README.txt").startswith(b"What Covey holds of bo@beta.test")
    assert [one["text"] for one in messages_in(archive)] == ["one of al's", "one of bo's"]
    assert read_json(archive, "profile.json")["acct"] == "bo@beta.test"
    assert read_json(archive, "settings.json")["writers"] == "requests"
    folders = [name for name in archive.namelist() if name.endswith("conversation.json")]
    assert [read_json(archive, name)["state"] for name in folders] == ["removed"]


async def test_ones_own_files_are_in_it_and_no_key_to_any(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await group_of(network, al, bo)
    for one in (al, bo):
        sent = await uploaded(one, picture(), "menu.jpg")
        path = f"/conversations/{(await one.see(room))['id']}/messages"
        await one.must("POST", path, {"text": one.name, "media_ids": [sent]})
        await network.settle()
    unsent = await uploaded(bo, b"%PDF-1.7\nunsent", "unsent.pdf")

    archive = await archive_of(bo)

    by_al, by_bo = [one["attachments"][0] for one in messages_in(archive)]
    assert (by_al["file"], by_al["media_type"]) == (None, "image/jpeg")
    assert archive.read(by_bo["file"])[:3] == b"\xff\xd8\xff"
    listed = [strict_json.loads(each) for each in archive.read("uploads.jsonl").splitlines()]
    assert [one["id"] for one in listed] == [sent, unsent]
    assert archive.read(listed[1]["file"]) == b"%PDF-1.7\nunsent"
    whole = b"".join(archive.read(name) for name in archive.namelist() if "uploads/" not in name)
    keys = [
        row["token"] for node in (alpha, beta) for row in await node.rows("SELECT token FROM media")
    ]
    assert not [key for key in keys if key.encode() in whole]
    assert b"/media/remote" not in whole


async def test_its_list_of_files_is_right(network: Network):
    (alpha,) = await network.start("alpha.test")
    al = alpha.person("al")
    await uploaded(al, picture(), "menu.jpg")

    archive = await archive_of(al)

    manifest = read_json(archive, "manifest.json")
    assert (manifest["format"], manifest["version"]) == ("covey-archive", 1)
    hashes = {one["name"]: one["sha256"] for one in manifest["files"]}
    assert hashes == {
        name: hashlib.sha256(archive.read(name)).hexdigest()
        for name in archive.namelist()
        if name != "manifest.json"
    }


async def test_follows_are_those_of_mastodon(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, bo = alpha.person("al"), alpha.person("bo")
    await bo.arrive()
    await al.must("POST", "/follows", {"acct": bo.acct})
    await bo.must("POST", "/follows", {"acct": al.acct})
    await network.settle()

    archive = await archive_of(al)

    header, row = csv.reader(io.StringIO(archive.read("following_accounts.csv").decode()))
    assert header[:2] == ["Account address", "Show boosts"]
    assert row[0] == "bo@alpha.test"
    assert archive.read("followers.csv") == b"Account address\nbo@alpha.test\n"


async def test_lists_are_those_that_the_settings_give(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, cy, di = (alpha.person(name) for name in ("al", "cy", "di"))
    for one in (al, cy, di):
        await one.arrive()
    await al.must("POST", "/blocks", {"acct": cy.acct})
    await al.must("POST", "/mutes", {"acct": di.acct})

    archive = await archive_of(al)

    assert archive.read("blocked_accounts.csv") == b"cy@alpha.test\n"
    muted = b"Account address,Hide notifications\ndi@alpha.test,true\n"
    assert archive.read("muted_accounts.csv") == muted
    assert archive.read("blocked_domains.csv") == b""


async def test_others_of_the_same_node_get_nothing_of_it(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo, cy = alpha.person("al"), beta.person("bo"), beta.person("cy")
    room = await group_of(network, al, bo)
    await al.say(room, "for bo alone")
    await uploaded(bo, picture(), "menu.jpg")
    await network.settle()

    archive = await archive_of(cy)

    assert messages_in(archive) == []
    assert not [name for name in archive.namelist() if name.startswith(("conv", "uploads/"))]
    whole = b"".join(archive.read(name) for name in archive.namelist())
    assert b"for bo alone" not in whole


async def test_nobody_gets_one_without_signing_in_and_the_password(network: Network):
    (alpha,) = await network.start("alpha.test")
    al = alpha.person("al")
    async with Pages(alpha) as stranger:
        assert (await stranger.ask("POST", EXPORT, current=PASSWORD))[0] == 303
        assert (await stranger.ask("GET", EXPORT))[0] == 303
    async with Pages(alpha) as pages:
        await pages.sign_in(al)

        wrong, page = await pages.export("something else")
        without_token, _ = await pages.ask("POST", EXPORT, current=PASSWORD, csrf="made up")

    assert (wrong, without_token) == (422, 403)
    assert b"another one" in page


async def test_it_is_given_once_an_hour(network: Network):
    (alpha,) = await network.start("alpha.test")
    al = alpha.person("al")
    async with Pages(alpha) as pages:
        await pages.sign_in(al)
        first, _ = await pages.export()
        again, page = await pages.export()
        network.advance(minutes=61)
        later, _ = await pages.export()

    assert (first, again, later) == (200, 429, 200)
    assert b"You can again in 60 minutes." in page


class Slow:
    """A browser that has begun to take an archive, and of which it can go on or break off."""

    def __init__(self, pages: Pages) -> None:
        self.pages = pages

    async def begin(self) -> aiohttp.ClientResponse:
        _, settings = await self.pages.ask("GET", "/settings")
        token = re.search(rb'name="csrf" value="([^"]+)"', settings)
        assert token is not None
        fields = {"csrf": token[1].decode(), "current": PASSWORD}
        cookie = "; ".join(f"{name}={value}" for name, value in self.pages.cookies.items())
        headers = {"Cookie": cookie, "Origin": self.pages.node.base_url}
        answer = await self.pages.session.post(EXPORT, headers=headers, data=fields)
        assert answer.status == 200
        return answer


async def with_much(node: LiveNode) -> Person:
    """Somebody with more than fits into the buffers between a node and a browser."""
    al = node.person("al")
    for number in range(2):
        await uploaded(al, b"%PDF-1.7\n" + bytes(range(256)) * 48 * 1024, f"{number}.pdf")
    return al


async def test_two_are_not_made_at_once(network: Network):
    (alpha,) = await network.start("alpha.test")
    async with Pages(alpha) as pages:
        await pages.sign_in(await with_much(alpha))
        answer = await Slow(pages).begin()

        meanwhile, page = await pages.export()
        whole = await answer.read()
        afterwards, _ = await pages.export()

    assert zipfile.ZipFile(io.BytesIO(whole)).testzip() is None
    assert (meanwhile, afterwards) == (429, 429)
    assert b"already" in page


async def test_what_breaks_off_does_not_count(network: Network):
    (alpha,) = await network.start("alpha.test")
    async with Pages(alpha) as pages:
        await pages.sign_in(await with_much(alpha))
        (await Slow(pages).begin()).close()

        async with asyncio.timeout(10):
            status = 429
            while status == 429:
                status, _ = await pages.export()

    assert status == 200


async def test_whoever_is_signed_out_meanwhile_gets_no_more(network: Network):
    (alpha,) = await network.start("alpha.test")
    async with Pages(alpha) as pages, Pages(alpha) as other:
        await pages.sign_in(await with_much(alpha))
        await other.sign_in(alpha.person("al"))
        answer = await Slow(pages).begin()

        await other.fill_in("/settings/sessions/end-others", of="/settings")
        network.advance(seconds=11)

        with pytest.raises(aiohttp.ClientPayloadError):
            await answer.read()
