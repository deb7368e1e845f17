"""Two people talk directly, also with somebody whose server knows nothing of groups."""

import pytest

from federation.protocol.canonical_json import encode
from tests.network.stories import sent
from tests.support.network import Network

pytestmark = pytest.mark.network


async def test_two_people_of_two_nodes_talk_directly(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await bo.arrive()

    room = await al.write_to(bo.acct, "just you")
    await network.settle()
    assert await bo.state_in(room) == "requested"
    await bo.accept(room)
    await bo.say(room, "just us")
    await network.settle()

    assert await al.texts(room) == await bo.texts(room) == ["just you", "just us"]
    assert await bo.state_in(room) == "joined"


async def test_writing_to_the_same_person_again_goes_on_where_one_was(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await bo.arrive()

    first = await al.write_to(bo.acct, "one")
    again = await al.write_to(bo.acct, "two")
    await network.settle()
    back = await bo.write_to(al.acct, "three")
    await network.settle()

    assert first == again == back
    assert await al.texts(first) == await bo.texts(first) == ["one", "two", "three"]
    assert len(await bo.rooms("joined")) == 1


async def test_a_strangers_direct_message_can_be_refused(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await bo.arrive()
    room = await al.write_to(bo.acct, "hello stranger")
    await network.settle()
    network.tape.clear()

    await bo.decline(room)
    await network.settle()

    assert await bo.rooms("requests") == []
    # Nobody is told that they were refused.
    assert sent(network.tape) == []


async def test_whoever_has_refused_somebody_can_still_begin_to_write_to_them(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await bo.arrive()
    room = await al.write_to(bo.acct, "hello stranger")
    await network.settle()
    await bo.decline(room)
    await network.settle()
    network.tape.clear()

    opened = await bo.must("POST", "/conversations", {"kind": "direct", "members": [al.acct]})
    await network.settle()

    assert [one["id"] for one in await bo.rooms("joined")] == [opened["id"]]
    assert sent(network.tape) == []
    await bo.say(room, "after all")
    await network.settle()
    assert await al.texts(room) == ["hello stranger", "after all"]


async def test_a_direct_message_from_other_software_is_a_request(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, dana = alpha.person("al"), network.legacy_peer()
    await al.arrive()

    status = await dana.write_to(al.uri, "hello from elsewhere")
    await network.settle()

    assert status == 202
    (request,) = await al.rooms("requests")
    assert [one["acct"] for one in request["members"] if one["acct"] != al.acct] == [dana.acct]
    assert request["last_message"]["text"] == "hello from elsewhere"
    assert request["last_message"]["provenance"] == "verified"


async def test_a_direct_message_from_somebody_one_follows_is_no_request(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, dana = alpha.person("al"), network.legacy_peer()
    await al.follow(dana.acct)
    await network.settle()

    await dana.write_to(al.uri, "hello you")
    await network.settle()

    assert await al.rooms("requests") == []
    assert len(await al.rooms("joined")) == 1


async def test_a_talk_with_other_software_goes_both_ways(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, dana = alpha.person("al"), network.legacy_peer()

    room = await al.write_to(dana.acct, "hello dana")
    await network.settle()
    (create,) = dana.received_of("Create")
    network.advance(minutes=1)
    await dana.write_to(al.uri, "hello al", reply_to=create["object"]["id"])
    await network.settle()
    network.advance(minutes=1)
    await al.say(room, "nice to meet you")
    await network.settle()

    assert await al.texts(room) == ["hello dana", "hello al", "nice to meet you"]
    assert [one["object"]["source"]["content"] for one in dana.received_of("Create")] == [
        "hello dana",
        "nice to meet you",
    ]


async def test_a_note_to_other_software_meets_the_universal_note_rules(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, dana = alpha.person("al"), network.legacy_peer()

    await al.write_to(dana.acct, "hello *dana*")
    await network.settle()

    (create,) = dana.received_of("Create")
    note = create["object"]
    assert note["type"] == "Note"
    assert create["to"] == note["to"] == [dana.uri]
    assert create["cc"] == note["cc"] == []
    assert note["tag"] == [{"type": "Mention", "href": dana.uri, "name": f"@{dana.acct}"}]
    assert note["directMessage"] is True
    assert "directMessage" not in create
    assert note["content"] == "<p>hello <em>dana</em></p>"
    assert note["summary"] is None
    assert note["url"].startswith("https://alpha.test/")
    assert "chatEpoch" not in create
    assert not {"bto", "bcc", "inReplyTo"} & {*create, *note}
    assert b"Public" not in encode(create["to"])


async def test_conformance_100_other_software_shows_as_sent_and_never_as_delivered(
    network: Network,
):
    (alpha,) = await network.start("alpha.test")
    al, dana = alpha.person("al"), network.legacy_peer()

    room = await al.write_to(dana.acct, "did you get it?")
    await network.settle()

    (message,) = await al.messages(room)
    assert [(one["host"], one["state"]) for one in message["delivery"]] == [("gts.test", "sent")]


async def test_conformance_33_what_a_stranger_writes_to_a_conversation_is_shown_nowhere(
    network: Network,
):
    (alpha,) = await network.start("alpha.test")
    al, dana = alpha.person("al"), network.legacy_peer()
    room = await al.start_conversation("tea")

    await dana.write_to(room.uri, "let me in")
    await network.settle()

    assert await al.texts(room) == []
    assert await al.rooms("requests") == []
