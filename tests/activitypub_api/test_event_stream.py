"""A client hears what comes into its person's boxes as it comes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.activitypub_api.client import Client, client_of
from tests.support.event_stream import EventStream
from tests.support.network import Network


@asynccontextmanager
async def listening(
    who: Client, *, resume: str = "", query: bool = False
) -> AsyncIterator[EventStream]:
    assert who.node._http is not None
    headers = {"Last-Event-ID": resume} if resume else {}
    path = f"/u/{who.api.name}/events"
    if query:
        path += f"?access_token={who.token}"
    else:
        headers["Authorization"] = f"Bearer {who.token}"
    async with who.node._http.get(path, headers=headers) as response:
        assert response.status == 200, await response.text()
        stream = EventStream(response)
        await stream.open()
        yield stream


async def test_what_is_written_changed_and_taken_back_is_told(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, bo = await client_of(alpha, "al"), await client_of(alpha, "bo")
    room = await al.api.start_conversation("tea", bo.api.acct)
    await bo.api.accept(room)

    async with listening(bo) as stream:
        message = await al.api.say(room, "helo")
        added = await stream.next()
        await al.api.edit(message, "hello")
        changed = await stream.next()
        await al.api.delete(message)
        gone = await stream.next()

    assert [one.type for one in (added, changed, gone)] == ["Add", "Update", "Delete"]
    assert added.data["target"] == f"{bo.uri}/inbox"
    assert (added.data["object"]["type"], added.data["actor"]) == ("Create", al.uri)
    assert changed.data["object"]["object"]["content"] == "<p>hello</p>"
    assert gone.data["object"] == added.data["object"]["object"]["id"]


async def test_one_s_own_are_in_the_outbox_and_requests_are_in_none(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, bo = await client_of(alpha, "al"), await client_of(alpha, "bo")

    async with listening(al) as mine, listening(bo, query=True) as theirs:
        room = await al.api.write_to(bo.api.acct, "a stranger's")
        sent = await mine.next()
        (waiting,) = await bo.api.rooms("requests")
        await bo.api.must("POST", f"/conversations/{waiting['id']}/accept")
        await al.api.say(room, "a friend's")
        heard = await theirs.next()

    assert sent.data["target"] == f"{al.uri}/outbox"
    assert heard.data["object"]["object"]["content"] == "<p>a friend's</p>"


async def test_a_client_goes_on_where_it_stopped(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, bo = await client_of(alpha, "al"), await client_of(alpha, "bo")
    room = await al.api.start_conversation("tea", bo.api.acct)
    await bo.api.accept(room)
    async with listening(bo) as stream:
        await al.api.say(room, "one")
        await stream.next()
        stopped = stream.last_id
    await al.api.say(room, "two")

    async with listening(bo, resume=stopped) as stream:
        missed = await stream.next()

    assert missed.data["object"]["object"]["content"] == "<p>two</p>"


async def test_nobody_else_listens(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, bo = await client_of(alpha, "al"), await client_of(alpha, "bo")

    by_another = await bo.get("/u/al/events")
    by_nobody = await Client(alpha, al.api, "").get("/u/al/events?access_token=x")
    by_the_blind = await (await al.with_scopes("write")).get("/u/al/events")
    in_the_query = await Client(alpha, al.api, "").get(f"/u/al/inbox?access_token={al.token}")

    assert [one.status for one in (by_another, by_nobody, by_the_blind)] == [403, 401, 403]
    assert in_the_query.status == 401
