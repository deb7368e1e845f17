"""Clients of Mastodon's API hear what happens, by a WebSocket or by a stream of events."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import ClientWebSocketResponse, WSMsgType, WSServerHandshakeError

from node.identity.ending import end_tokens
from tests.mastodon.client import Client, client_of
from tests.support.network import Network

PATH = "/api/v1/streaming"
WAIT_S = 10.0


@asynccontextmanager
async def socket_of(
    client: Client, path: str = PATH, **sent: object
) -> AsyncIterator[ClientWebSocketResponse]:
    """A socket of a client's."""
    assert client.node._http is not None
    headers = {"Authorization": f"Bearer {client.token}"}
    async with client.node._http.ws_connect(path, **{"headers": headers, **sent}) as socket:
        yield socket


async def bo_of(al: Client) -> Client:
    """Bo, to whom al is no stranger."""
    bo = await client_of(al.node, "bo")
    await bo.api.must("POST", "/follows", {"acct": al.api.acct})
    return bo


async def heard(socket: ClientWebSocketResponse) -> dict[str, Any]:
    """The next frame."""
    async with asyncio.timeout(WAIT_S):
        return dict(await socket.receive_json())


async def until(socket: ClientWebSocketResponse, event: str) -> dict[str, Any]:
    """The next frame of some event."""
    while (frame := await heard(socket))["event"] != event:
        pass
    return frame


async def test_a_message_is_heard_in_each_stream(al: Client):
    bo = await bo_of(al)
    async with socket_of(bo, f"{PATH}?stream=user") as socket:
        await ask(socket, stream="direct")
        await al.post("/api/v1/statuses", status="@bo hello")

        first, second = await heard(socket), await heard(socket)

    found = {one["event"]: one for one in (first, second)}
    assert found["conversation"]["stream"] == ["direct"]
    assert found["notification"]["stream"] == ["user"]
    told = json.loads(found["notification"]["payload"])
    assert (told["type"], told["account"]["acct"]) == ("mention", "al")
    assert told in (await bo.get("/api/v1/notifications")).body
    shown = json.loads(found["conversation"]["payload"])
    assert shown["last_status"]["id"] == told["status"]["id"]
    assert shown["unread"] is True


async def ask(socket: ClientWebSocketResponse, *, stream: str, kind: str = "subscribe") -> None:
    """Say what to hear; what comes back of something unknown tells that it was read."""
    await socket.send_json({"type": kind, "stream": stream})
    await socket.send_json({"type": "subscribe", "stream": "nothing"})
    assert (await heard(socket))["status"] == 400


async def test_what_is_changed_and_what_is_gone_is_heard(al: Client):
    bo = await bo_of(al)
    made = (await al.post("/api/v1/statuses", status="@bo hello")).body
    async with socket_of(bo, f"{PATH}?stream=user") as socket:
        await ask(socket, stream="user")
        await al.ask("PUT", f"/api/v1/statuses/{made['id']}", json={"status": "bye"})
        changed = await until(socket, "status.update")
        await al.ask("DELETE", f"/api/v1/statuses/{made['id']}")
        gone = await until(socket, "delete")

    assert json.loads(changed["payload"])["content"] == "<p>bye</p>"
    assert gone["payload"] == made["id"]


async def test_a_reaction_is_a_notification(network: Network, al: Client):
    bo = await bo_of(al)
    made = (await al.post("/api/v1/statuses", status="@bo hello")).body
    async with socket_of(al, f"{PATH}?stream=user:notification") as socket:
        await ask(socket, stream="user:notification")
        network.advance(seconds=1)
        await bo.post(f"/api/v1/statuses/{made['id']}/favourite")
        frame = await heard(socket)

    told = json.loads(frame["payload"])
    assert frame["stream"] == ["user:notification"]
    assert (told["type"], told["account"]["acct"]) == ("favourite", "bo")


async def test_what_is_not_asked_for_any_more_is_not_heard(al: Client):
    bo = await bo_of(al)
    async with socket_of(bo, f"{PATH}?stream=user") as socket:
        await ask(socket, stream="direct")
        await ask(socket, stream="user", kind="unsubscribe")
        await al.post("/api/v1/statuses", status="@bo one")
        first = await heard(socket)
        await al.post("/api/v1/statuses", status="@bo two")
        second = await heard(socket)

    assert [first["event"], second["event"]] == ["conversation", "conversation"]


@pytest.mark.parametrize("place", ["query", "protocol"])
async def test_a_token_may_stand_in_the_address_or_as_a_protocol(al: Client, place: str):
    path = f"{PATH}?access_token={al.token}" if place == "query" else PATH
    protocols = (al.token,) if place == "protocol" else ()

    async with socket_of(al, path, headers={}, protocols=protocols) as socket:
        # A browser drops a socket that does not choose what was offered.
        assert socket.protocol == (al.token if protocols else None)


async def test_without_a_good_token_there_is_no_socket(al: Client):
    narrow = await al.with_scopes("write:statuses")
    for client, status in ((Client(al.node, al.api, "wrong"), 401), (narrow, 403)):
        with pytest.raises(WSServerHandshakeError) as refused:
            async with socket_of(client):
                pass
        assert refused.value.status == status
    # A cookie or a token in the address opens nothing else.
    path = f"/api/v1/notifications?access_token={al.token}"
    assert (await Client(al.node, al.api, "").get(path)).status == 401


async def test_a_token_hears_no_more_than_it_may_read(al: Client):
    bo = await bo_of(al)
    narrow = await bo.with_scopes("read:statuses")
    async with socket_of(narrow, f"{PATH}?stream=user") as socket:
        await socket.send_json({"type": "subscribe", "stream": "user:notification"})
        refused = await heard(socket)
        await ask(socket, stream="direct")
        await al.post("/api/v1/statuses", status="@bo one")
        first = await heard(socket)
        await al.post("/api/v1/statuses", status="@bo two")
        second = await heard(socket)

    assert refused["status"] == 401
    assert [first["event"], second["event"]] == ["conversation", "conversation"]


@pytest.mark.parametrize(
    "said", ["", "x", "[]", "{}", '{"type": "subscribe"}', '{"type": 1, "stream": "user"}']
)
async def test_what_cannot_be_read_is_an_error_and_no_end(al: Client, said: str):
    async with socket_of(al) as socket:
        await socket.send_str(said)
        wrong = await heard(socket)
        # What is public elsewhere is taken, and silent.
        await socket.send_json({"type": "subscribe", "stream": "public:local"})
        await ask(socket, stream="user")

    assert wrong["status"] == 400
    assert wrong["error"]


async def test_too_much_at_once_ends_the_socket(al: Client):
    async with socket_of(al) as socket:
        await socket.send_str("x" * 5000)
        async with asyncio.timeout(WAIT_S):
            message = await socket.receive()

    assert message.type is WSMsgType.CLOSE
    assert message.data == 1009


async def test_a_socket_ends_with_its_token(al: Client):
    parts = al.node.node.parts
    async with socket_of(al, f"{PATH}?stream=user") as socket:
        await ask(socket, stream="user")
        await al.node.inside(end_tokens(al.api.name))
        await al.node.inside(parts.live.check())
        async with asyncio.timeout(WAIT_S):
            message = await socket.receive()

    assert message.type is WSMsgType.CLOSE


@pytest.mark.parametrize(
    ("path", "events"),
    [
        (f"{PATH}/user", {"notification"}),
        (f"{PATH}/user/notification", {"notification"}),
        (f"{PATH}/direct", {"conversation"}),
        (f"{PATH}?stream=direct", {"conversation"}),
    ],
)
async def test_a_stream_of_events_says_the_same(al: Client, path: str, events: set[str]):
    bo = await bo_of(al)
    assert bo.node._http is not None
    headers = {"Authorization": f"Bearer {bo.token}"}
    async with bo.node._http.get(path, headers=headers) as answer, asyncio.timeout(WAIT_S):
        assert await answer.content.readline() == b":thump\n"
        await al.post("/api/v1/statuses", status="@bo hello")
        lines = [await answer.content.readline() for _ in range(2)]

    assert lines[0].decode().strip().removeprefix("event: ") in events
    assert json.loads(lines[1].decode().removeprefix("data: "))["id"].isdigit()
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Accel-Buffering"] == "no"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


async def test_the_streams_say_that_they_are_well(al: Client):
    told = await Client(al.node, al.api, "").get(f"{PATH}/health")

    assert (told.status, told.body) == (200, "OK")
    assert (await al.get(PATH)).status == 400
