"""A picture goes from one node's people to another's, without what its camera said."""

from typing import Any

import pytest

from federation.protocol.canonical_json import multihash
from storage import media
from storage.changes import DropMedia
from tests.network.handing_in import get, hand_in
from tests.network.stories import sent, together
from tests.support.media import SECRET, opened, picture
from tests.support.network import Network
from tests.support.person import Person, Room

pytestmark = pytest.mark.network


async def upload(person: Person, data: bytes, description: str = "") -> dict[str, Any]:
    return await hand_in(person, "POST", "/media", data, description=description)


async def show(person: Person, room: Room, *uploads: dict[str, Any]) -> str:
    """Post pictures; our id of the message."""
    path = f"/conversations/{(await person.see(room))['id']}/messages"
    ids = [one["id"] for one in uploads]
    return str((await person.must("POST", path, {"text": "look", "media_ids": ids}))["id"])


def fetched(network: Network) -> list[str]:
    return [one.target for one in network.tape if one.target.startswith("/media/")]


async def test_a_picture_is_seen_elsewhere_without_its_metadata(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    handed_in = await upload(al, picture("JPEG", (60, 40)), "The menu")
    await show(al, room, handed_in)
    await network.settle()

    (message,) = await bo.messages(room)
    (shown,) = message["attachments"]
    assert fetched(network) == []
    status, data = await get(bo, shown["url"])

    assert (status, opened(data).size) == (200, (40, 60))
    assert SECRET.encode() not in data
    assert shown["description"] == "The menu"
    assert (shown["width"], shown["height"], shown["problem"]) == (40, 60, None)
    assert (await get(bo, shown["thumbnail_url"]))[0] == 200
    assert len(fetched(network)) == 1
    (create,) = sent(network.tape, "Create", to="beta.test")
    _, original = await get(al, handed_in["url"])
    assert multihash(original).encode() in create.body


async def test_a_picture_that_was_changed_on_the_way_is_not_shown(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    await show(al, room, await upload(al, picture()))
    await network.settle()
    (message,) = await bo.messages(room)

    other = picture(colour="red")
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(other)}\r\nConnection: close\r\n\r\n"
    with network.fail(lambda one: one.target.startswith("/media/"), head.encode() + other):
        status, _ = await get(bo, message["attachments"][0]["url"])

    assert status == 502
    (message,) = await bo.messages(room)
    (shown,) = message["attachments"]
    assert (shown["url"], shown["problem"]) == (None, "digest-mismatch")


async def test_a_request_shows_and_fetches_no_picture(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await bo.arrive()
    room = await al.write_to(bo.acct, "hello")
    await show(al, room, await upload(al, picture()))
    await network.settle()

    assert await bo.state_in(room) == "requested"
    assert [one["attachments"] for one in await bo.messages(room)] == [[], []]
    assert fetched(network) == []

    await bo.accept(room)
    assert len((await bo.messages(room))[1]["attachments"]) == 1


async def test_a_link_is_good_for_its_person_alone(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo, bea = alpha.person("al"), beta.person("bo"), beta.person("bea")
    await bea.arrive()
    room = await together(network, al, bo)
    await show(al, room, await upload(al, picture()))
    await network.settle()
    url = (await bo.messages(room))[0]["attachments"][0]["url"]

    for other in (
        url.replace("/bo/", "/bea/"),
        url.replace("/0/file/", "/1/file/"),
        url.replace("/file/", "/small/"),
        url[:-1] + ("0" if url[-1] != "0" else "1"),
    ):
        assert (await get(bo, other))[0] == 403
    assert fetched(network) == []


async def test_a_dead_address_is_dead_for_everybody(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    handed_in = await upload(al, picture())
    message_id = await show(al, room, handed_in)
    await network.settle()
    assert (await get(al, handed_in["url"]))[0] == 200

    await alpha.inside(media.drop([DropMedia(message_id)]))

    assert (await get(al, handed_in["url"]))[0] == 404
    assert (await get(bo, (await bo.messages(room))[0]["attachments"][0]["url"]))[0] == 502
