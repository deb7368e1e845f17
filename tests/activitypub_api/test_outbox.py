"""What a client posts to its person's outbox is done, and reaches other servers."""

from typing import Any

import pytest

from tests.activitypub_api.client import Client, client_of
from tests.support.network import Network

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"


async def two(network: Network) -> tuple[Client, Client]:
    alpha, beta = await network.start("alpha.test", "beta.test")
    return await client_of(alpha, "al"), await client_of(beta, "bo")


def note(text: str, **more: object) -> dict[str, Any]:
    return {"type": "Note", "content": f"<p>{text}</p>", **more}


async def test_a_note_to_somebody_elsewhere_arrives(network: Network):
    al, bo = await two(network)

    made = await al.done(type="Create", to=[bo.uri], object=note("hello"))
    await network.settle()

    assert (made["type"], made["actor"]) == ("Create", al.uri)
    assert made["object"]["content"] == "<p>hello</p>"
    assert made["object"]["to"] == [bo.uri]
    (room,) = await bo.api.rooms("requests")
    assert room["last_message"]["text"] == "hello"
    (sent,) = await al.items("outbox")
    assert sent["id"] == made["id"]


async def test_a_bare_note_becomes_a_create(network: Network):
    al, bo = await two(network)

    told = await al.post(note("hello", to=bo.uri))

    assert (told.status, told.body["type"]) == (201, "Create")


async def test_markdown_in_the_source_is_kept(network: Network):
    al, bo = await two(network)
    source = {"content": "**bold**", "mediaType": "text/markdown"}

    made = await al.done(type="Create", to=[bo.uri], object=note("bold", source=source))

    assert made["object"]["content"] == "<p><strong>bold</strong></p>"


async def test_an_answer_goes_where_the_message_is(network: Network):
    al, bo = await two(network)
    room = await al.api.start_conversation("tea", bo.api.acct)
    await network.settle()
    await bo.api.accept(room)
    await network.settle()
    await al.api.say(room, "who is there?")
    await network.settle()
    (asked,) = await bo.items("inbox")

    made = await bo.done(
        type="Create", object=note("me", inReplyTo=asked["object"]["id"]), to=[al.uri]
    )
    await network.settle()

    assert made["object"]["context"] == asked["object"]["context"]
    assert await al.api.texts(room) == ["who is there?", "me"]


async def test_a_group_among_the_readers_is_where_it_goes(network: Network):
    al, bo = await two(network)
    room = await al.api.start_conversation("tea", bo.api.acct)
    await network.settle()
    await bo.api.accept(room)
    await network.settle()
    uri = (await al.api.see(room))["uri"]

    await al.done(type="Create", to=[uri], object=note("all of you"))
    await network.settle()

    assert await bo.api.texts(room) == ["all of you"]


async def test_words_change_and_are_taken_back(network: Network):
    al, bo = await two(network)
    made = await al.done(type="Create", to=[bo.uri], object=note("helo"))
    uri = made["object"]["id"]

    changed = await al.done(type="Update", object=note("hello", id=uri))
    shown = await al.get(uri.removeprefix("https://alpha.test"))
    await al.done(type="Delete", object=uri)
    gone = await al.get(uri.removeprefix("https://alpha.test"))

    assert changed["object"]["content"] == shown.body["content"] == "<p>hello</p>"
    assert gone.status == 404
    assert await al.items("outbox") == []


async def test_hearts_and_emoji_come_and_go(network: Network):
    al, bo = await two(network)
    await bo.api.write_to(al.api.acct, "look")
    await network.settle()
    (room,) = await al.api.rooms("requests")
    message = room["last_message"]["uri"]
    assert (await al.api.must("POST", f"/conversations/{room['id']}/accept"))["state"] == "joined"

    async def reactions() -> list[str]:
        (shown,) = (await al.api.must("GET", f"/conversations/{room['id']}/messages"))["items"]
        return [each["emoji"] for each in shown["reactions"]]

    like = await al.done(type="Like", object=message)
    await al.done(type="EmojiReact", object=message, content="🎉")
    both = await reactions()
    await al.done(type="Undo", object=like)
    await al.done(type="Undo", object={"type": "EmojiReact", "object": message, "content": "🎉"})

    assert sorted(both) == sorted(["❤", "🎉"])
    assert await reactions() == []


async def test_follows_are_asked_answered_and_undone(network: Network):
    al, bo = await two(network)
    await bo.api.must("PATCH", "/me", {"approves_followers": True})

    wish = await al.done(type="Follow", object=bo.uri)
    await network.settle()
    waiting, asked = await bo.items("pending-followers"), await al.items("pending-following")
    await bo.done(type="Accept", object=waiting[0])
    await network.settle()

    assert [one["id"] for one in waiting] == [one["id"] for one in asked] == [wish["id"]]
    assert waiting[0] == {"id": wish["id"], "type": "Follow", "actor": al.uri, "object": bo.uri}
    (followed,) = await al.api.follows()
    assert followed["state"] == "accepted"
    await al.done(type="Undo", object=wish)
    assert await al.api.follows() == []


async def test_people_are_invited_put_out_and_leave(network: Network):
    al, bo = await two(network)
    room = await al.api.start_conversation("tea")
    uri = (await al.api.see(room))["uri"]

    invitation = await al.done(type="Invite", object=bo.uri, target=uri)
    await network.settle()
    await bo.done(type="Accept", object=uri)
    await network.settle()
    joined = await bo.api.state_in(room)
    await bo.done(type="Leave", object=uri)
    await network.settle()

    assert invitation["id"].startswith(f"{al.uri}/")
    assert (joined, await bo.api.state_in(room)) == ("joined", "left")


async def test_somebody_is_hidden_and_shown_again(network: Network):
    al, bo = await two(network)

    block = await al.done(type="Block", object=bo.uri)
    hidden = (await al.api.must("GET", "/blocks"))["items"]
    await al.done(type="Undo", object=block)

    assert [one["uri"] for one in hidden] == [bo.uri]
    assert (await al.api.must("GET", "/blocks"))["items"] == []


async def test_somebody_is_reported_with_their_messages(network: Network):
    al, bo = await two(network)
    await bo.api.write_to(al.api.acct, "buy this")
    await network.settle()
    (room,) = await al.api.rooms("requests")

    told = await al.post(
        {"type": "Flag", "object": [bo.uri, room["last_message"]["uri"]], "content": "spam"}
    )

    assert told.status == 201, told.body


@pytest.mark.parametrize(
    ("activity", "status"),
    [
        ({"type": "Create", "object": note("x"), "to": [PUBLIC]}, 422),
        ({"type": "Create", "object": note("x", to="as:Public")}, 422),
        ({"type": "Create", "object": note("x", cc="https://alpha.test/u/al/followers")}, 422),
        ({"type": "Create", "object": note("x", bto="https://alpha.test/u/bo")}, 422),
        ({"type": "Create", "object": note("x"), "actor": "https://alpha.test/u/bo"}, 403),
        ({"type": "Create", "object": note("x", attributedTo="https://alpha.test/u/bo")}, 403),
        ({"type": "Create", "object": note("x")}, 422),
        ({"type": "Create", "object": note("x", inReplyTo="https://alpha.test/u/bo/n/1")}, 404),
        ({"type": "Create", "object": note("x", context="https://alpha.test/c/1")}, 404),
        ({"type": "Create", "object": {"type": "Event", "name": "x"}, "to": ["x"]}, 422),
        ({"type": "Create"}, 400),
        ({"type": ["Create", "Like"], "object": note("x")}, 400),
        ({"object": note("x")}, 400),
        ({"type": "Like", "object": "https://alpha.test/u/bo/n/1"}, 404),
        ({"type": "Follow", "object": "mailto:bo"}, 422),
        ({"type": "Undo", "object": "https://alpha.test/u/al/a/1"}, 400),
        ({"type": "Travel", "object": "https://alpha.test/u/bo"}, 422),
        ({"type": "Flag", "object": []}, 422),
        ({"type": "Accept", "object": {"type": "Follow"}}, 422),
        (["Create"], 400),
    ],
)
async def test_what_cannot_be_is_refused_and_changes_nothing(
    network: Network, activity: object, status: int
):
    (alpha,) = await network.start("alpha.test")
    al, bo = await client_of(alpha, "al"), await client_of(alpha, "bo")

    told = await al.post(activity)

    assert (told.status, told.body["status"]) == (status, status), told.body
    assert told.headers["Content-Type"].startswith("application/problem+json")
    assert await al.api.rooms("joined") == await bo.api.rooms("requests") == []


async def test_who_may_not_post_does_not(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, bo = await client_of(alpha, "al"), await client_of(alpha, "bo")
    activity = {"type": "Create", "to": [bo.uri], "object": note("x")}
    reader = await al.with_scopes("read", "write:statuses")

    as_text = await al.ask("POST", "/u/al/outbox", json=activity, kind="text/plain")
    of_another = await bo.ask("POST", "/u/al/outbox", json=activity)
    by_nobody = await Client(alpha, al.api, "").post(activity)
    by_a_reader = await reader.post(activity)

    told = (as_text, of_another, by_nobody, by_a_reader)
    assert [one.status for one in told] == [415, 403, 401, 403]
    assert by_nobody.headers["WWW-Authenticate"] == "Bearer"
    assert await bo.api.rooms("requests") == []
