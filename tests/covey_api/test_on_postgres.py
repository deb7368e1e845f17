"""The statements behind the API say the same on PostgreSQL."""

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio

from federation.queries import pushes
from storage import media, push_subscriptions
from storage.tokens import end_tokens_of
from tests.media.sharing import Sharer
from tests.support.api_node import ApiNode, api_node, make_database
from tests.support.event_stream import listening

# The browser's key in the example of RFC 8291.
KEY = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
SERVER = os.environ.get("COVEY_TEST_POSTGRES", "")

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(not SERVER, reason="no PostgreSQL named"),
]


@pytest_asyncio.fixture
async def node() -> AsyncIterator[ApiNode]:
    name = f"covey_api_{uuid4().hex}"
    connection = await asyncpg.connect(SERVER)
    try:
        await connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template0 ENCODING UTF8')
    finally:
        await connection.close()
    url = urlsplit(SERVER)._replace(path=f"/{name}").geturl()
    await make_database(url)
    async with api_node(url) as running:
        yield running


async def test_people_talk_page_and_listen(node: ApiNode) -> None:
    ana, bo = node.person("ana"), node.person("bo")
    assert (await ana.post("/follows", acct=bo.acct)).status == 201
    async with listening(bo) as stream:
        resume = stream.last_id
        room = await ana.start_group(bo, text="zero")
        assert (await bo.post(f"/conversations/{room}/accept")).status == 202
        said = [await ana.say(room, str(number)) for number in range(4)]
        assert (await stream.next("message")).data["text"] == "0"
    answers = await asyncio.gather(
        *(ana.post(f"/conversations/{room}/messages", key="k", text="once") for _ in range(8))
    )
    direct = await ana.post("/conversations", kind="direct", members=[bo.acct], text="hello")

    assert {answer.status for answer in answers} == {201}
    assert await bo.texts(room) == ["0", "1", "2", "3", "once"]
    assert await bo.texts(room, before=said[2]["id"], limit="1") == ["1"]
    assert await bo.texts(room, after=said[2]["id"], limit="1") == ["3"]
    read = await bo.post(f"/conversations/{room}/read", up_to=said[3]["id"])
    assert read.body["unread"] == 1
    listed = (await bo.get("/conversations")).items
    assert [one["id"] for one in listed] == [direct.body["id"], room]
    async with listening(bo, resume=resume) as stream:
        assert (await stream.next("message")).data["text"] == "0"
    left = await bo.post(f"/conversations/{room}/leave")
    assert len(left.body["members"]) == 2
    assert [one["acct"] for one in (await ana.get("/people", q="b")).items] == [bo.acct]
    for path in ("/admin/queue", "/admin/peers", f"/messages/{said[0]['id']}/delivery"):
        assert (await ana.get(path)).status == 200
    await node.live.check()


async def test_people_search_and_report(node: ApiNode) -> None:
    ana, bo = node.person("ana"), node.person("bo")
    room = await ana.start_group(bo)
    await bo.post(f"/conversations/{room}/accept")
    said = await bo.say(room, "a grey heron")

    found = await ana.get("/search", q="HERON grey")
    narrowed = await ana.get(f"/search?from={bo.acct}&in={room}&after=2026-01-01&before=2099-01-01")
    elsewhere = await ana.get("/search", q="heron", has="link")
    named = await ana.get("/search", q="tea")
    made = await ana.post("/reports", acct=bo.acct, message_ids=[said["id"]])

    assert [one["text"] for one in found.items] == ["a grey heron"]
    assert [one["text"] for one in narrowed.items] == ["a grey heron"]
    assert elsewhere.items == []
    assert [one["id"] for one in named.body["conversations"]] == [room]
    assert (made.status, made.body["messages"]) == (201, 1)


async def test_a_draft_takes_files_along_and_keeps_them(node: ApiNode) -> None:
    ana, now = node.person("ana"), node.mint.clock()
    room = f"/conversations/{await ana.start_group()}"
    upload, _ = [await Sharer(ana).uploaded() for _ in range(2)]
    await ana.call("PUT", f"{room}/draft", {"media_ids": [upload["id"]]})

    assert (await media.count_forgotten(now + timedelta(days=2)))[0] == 1
    assert await media.reap(now + timedelta(days=2)) == 1

    assert (await ana.get(room)).body["draft"]["media"] == [upload]


async def test_deeds_are_written_down(node: ApiNode) -> None:
    ana, bo = node.person("ana"), node.person("bo")
    made = await bo.post("/reports", acct=ana.acct)
    assert (await ana.get(f"/admin/reports/{made.body['id']}")).status == 200

    deeds = (await ana.get("/admin/audit")).items

    assert [one["act"] for one in deeds] == ["report.shown", *["account.added"] * 3]
    assert all(one["intact"] for one in deeds)


async def test_a_subscription_counts_as_long_as_its_token(node: ApiNode) -> None:
    ana, bo = node.person("ana"), node.person("bo")
    room = await bo.start_group(ana)
    await ana.post(f"/conversations/{room}/accept")
    after = await pushes.newest()
    wish = {"p256dh": KEY, "auth": "BTBZMqHH6r4Tts7J_aSIgg"}
    made = await ana.post("/push/subscriptions", endpoint="https://push.test/a", keys=wish)
    again = await ana.post("/push/subscriptions", endpoint="https://push.test/b", keys=wish)
    said = await bo.say(room, "hello")

    now = node.mint.clock()
    found, _ = await pushes.read_after(after, now)
    (held,) = await push_subscriptions.of_people([ana.uri], now)

    assert (made.status, again.status) == (201, 201)
    assert [one.message_id for one in found if isinstance(one, pushes.Noise)] == [said["id"]]
    assert set(await push_subscriptions.still_good([held.id], now)) == {held.id}
    assert (await ana.get("/push")).body["subscription"]["endpoint"] == "https://push.test/b"
    await end_tokens_of("ana")
    assert await push_subscriptions.of_people([ana.uri], now) == []
    assert await push_subscriptions.reap() == 1
