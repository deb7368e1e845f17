"""Edits, deletions and reactions go both ways between a node and a server that knows no groups."""

import json
from typing import Any

import pytest

from tests.support.legacy_peer import WIRE, LegacyPeer
from tests.support.network import Network
from tests.support.person import Person

pytestmark = pytest.mark.network

UPDATE = "d-edit-dm-01-POST-Update-sink.test_inbox"
DELETE = "e-delete-dm-01-POST-Delete-sink.test_inbox"
LIKE = "k-like-dm-01-POST-Like-sink.test_inbox"


def recorded(name: str, peer: LegacyPeer) -> dict[str, Any]:
    """An activity as GoToSocial sent it, in this peer's name."""
    text = (WIRE / f"{name}.json").read_text()
    text = text.replace("gts1.test", peer.host).replace("/users/alice1", f"/users/{peer.name}")
    return json.loads(text)


async def last(person: Person) -> dict[str, Any]:
    (room,) = await person.rooms("")
    items = (await person.must("GET", f"/conversations/{room['id']}/messages"))["items"]
    return dict(items[-1])


async def test_what_gotosocial_edits_and_deletes_is_edited_and_deleted(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, peer = alpha.person("al"), network.legacy_peer()
    await al.arrive()
    await peer.write_to(al.uri, "Thursday?")
    await network.settle()
    note = (await last(al))["uri"]
    network.advance(minutes=1)

    update = recorded(UPDATE, peer)
    update["object"] |= {"id": note, "to": [al.uri], "updated": peer._stamp()}
    update["object"]["content"] = "<p>Friday?</p>"
    update |= {"id": f"{note}/activity#Update", "to": [al.uri]}
    taken = [await peer.post(al.uri, update)]
    await network.settle()
    edited = await last(al)
    delete = recorded(DELETE, peer) | {"object": note, "to": [al.uri]}
    taken.append(await peer.post(al.uri, delete))
    await network.settle()
    deleted = await last(al)

    assert taken == [202, 202]
    assert edited["text"] == "Friday?"
    assert edited["edited"] is not None
    assert (deleted["text"], deleted["edited"]) == (None, None)
    assert deleted["deleted"] is not None


async def test_snac2_deletes_by_a_tombstone_even_before_the_message(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, peer = alpha.person("al"), network.legacy_peer()
    await al.arrive()
    await peer.write_to(al.uri, "hello")
    await network.settle()
    wire = WIRE.parent / "snac2" / "e-delete-dm-01-POST-Delete-snac1.test_shared_inbox.json"
    delete = json.loads(wire.read_text()) | {"actor": peer.uri}

    for number in (1, 2):
        note = f"{peer.uri}/statuses/{number}"
        delete |= {"id": f"{note}#delete", "object": {"type": "Tombstone", "id": note}}
        assert await peer.post(al.uri, delete) == 202
        await network.settle()
    await peer.write_to(al.uri, "too late")
    await network.settle()

    (room,) = await al.rooms("")
    items = (await al.must("GET", f"/conversations/{room['id']}/messages"))["items"]
    assert [one["text"] for one in items] == [None, None]
    assert "too late" not in str(await alpha.rows("SELECT * FROM activity"))


@pytest.mark.parametrize(
    ("more", "emoji"),
    [
        ({}, "❤"),
        ({"content": "❤️"}, "❤"),
        ({"type": "EmojiReact", "content": "🔥"}, "🔥"),
        ({"_misskey_reaction": "👍"}, "👍"),
        ({"content": "not one emoji"}, "❤"),
        (
            {
                "type": "EmojiReact",
                "content": ":blob:",
                "tag": [
                    {
                        "type": "Emoji",
                        "name": ":blob:",
                        "icon": {"type": "Image", "url": "https://gts.test/blob.png"},
                    }
                ],
            },
            ":blob:",
        ),
    ],
)
async def test_conformance_83_reactions_of_other_software(
    network: Network, more: dict[str, Any], emoji: str
):
    (alpha,) = await network.start("alpha.test")
    al, peer = alpha.person("al"), network.legacy_peer()
    await al.arrive()
    await peer.write_to(al.uri, "hello")
    await network.settle()
    (room,) = await al.rooms("")
    said = await al.must("POST", f"/conversations/{room['id']}/messages", {"text": "hi"})
    await network.settle()

    like = recorded(LIKE, peer) | {"object": said["uri"], "to": al.uri} | more
    status = await peer.post(al.uri, like)
    await network.settle()
    reacted = (await last(al))["reactions"]
    undo = {"@context": like["@context"], "id": f"{like['id']}#undo", "type": "Undo"}
    undo |= {"actor": peer.uri, "object": like["id"], "to": al.uri}
    await peer.post(al.uri, undo)
    await network.settle()

    assert status == 202
    assert reacted == [{"emoji": emoji, "count": 1, "mine": False}]
    assert (await last(al))["reactions"] == []


async def test_other_software_gets_our_edits_deletions_and_reactions(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, peer = alpha.person("al"), network.legacy_peer()
    await al.arrive()
    await peer.write_to(al.uri, "hello")
    await network.settle()
    hello = await last(al)
    (room,) = await al.rooms("")
    said = await al.must("POST", f"/conversations/{room['id']}/messages", {"text": "hi"})
    await network.settle()

    await al.edit(said["id"], "hi there")
    await al.react(hello["id"], "🔥")
    await network.settle()
    await al.take_back(hello["id"], "🔥")
    await al.delete(said["id"])
    await network.settle()

    kinds = [one["type"] for one in peer.received]
    assert kinds == ["Create", "Update", "Like", "Undo", "Delete"]
    update, like, undo, delete = peer.received[1:]
    assert update["object"]["content"] == "<p>hi there</p>"
    assert (like["object"], like["content"]) == (hello["uri"], "🔥")
    assert undo["object"]["id"] == like["id"]
    assert delete["object"]["type"] == "Tombstone"
    assert "ChatTyping" not in kinds
