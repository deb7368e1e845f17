"""Rules change what people here see and what is fetched, and never what is stored."""

import hashlib

import pytest

from tests.network.handing_in import hand_in, look
from tests.network.stories import together
from tests.network.test_judging import release
from tests.network.test_link_cards import TEA, URL
from tests.support.live_node import LiveNode
from tests.support.media import picture
from tests.support.network import Network
from tests.support.person import Person, Room

pytestmark = pytest.mark.network

BY_NAME = 'stage = "domain"\nwhen.domain = "alpha.test"\n'
BY_MORE = 'stage = "content"\nwhen.text = "Look"\n'


def rule(lines: str, *effects: str) -> str:
    words = ", ".join(f'"{one}"' for one in effects)
    return f'[[rule]]\nid = "r"\n{lines}show = [{words}]\n'


async def show_picture(person: Person, room: Room) -> None:
    upload = await hand_in(person, "POST", "/media", picture("JPEG", (60, 50)))
    place = f"{await person._path(room)}/messages"
    await person.must("POST", place, {"text": "Look", "media_ids": [upload["id"]]})


async def stored(node: LiveNode) -> str:
    rows = await node.rows("SELECT id, document FROM activity ORDER BY id")
    rows += await node.rows("SELECT id, html, text, attachments FROM message ORDER BY id")
    return hashlib.sha256(str(rows).encode()).hexdigest()


@pytest.mark.parametrize("lines", [BY_NAME, BY_MORE])
async def test_media_is_neither_shown_nor_fetched_until_the_rule_is_gone(
    network: Network, lines: str
):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    await beta.rules(rule(lines, "strip_media"))
    await show_picture(al, room)
    await network.settle()
    before = await stored(beta)
    network.tape.clear()

    (message,) = await bo.messages(room)
    (file,) = message["attachments"]
    assert (file["url"], file["thumbnail_url"], file["problem"]) == (None, None, "kept-back")
    assert [one["kind"] for one in message["notices"]] == ["media-kept-back"]
    assert message["text"] == "Look"

    await beta.rules("")
    (message,) = await bo.messages(room)
    path = message["attachments"][0]["url"].removeprefix("https://beta.test")
    assert message["notices"] == []
    await beta.rules(rule(lines, "strip_media"))
    assert (await look(bo, path))[0] == 404
    assert network.tape == []
    await beta.rules("")
    assert (await look(bo, path))[0] == 200
    assert await stored(beta) == before


async def test_nobodys_picture_is_shown_from_there(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    await hand_in(al, "PUT", "/me/picture", picture("JPEG", (60, 50)))
    await network.settle()
    await al.say(room, "hello")
    await network.settle()
    (message,) = await bo.messages(room)
    path = message["author"]["picture"]

    await beta.rules(rule(BY_NAME, "strip_media"))

    (message,) = await bo.messages(room)
    members = (await bo.see(room))["members"]
    assert "picture" not in message["author"]
    assert not any("picture" in one for one in members if one["acct"] == al.acct)
    assert (await look(bo, path))[0] == 404
    assert "picture" in (await al.messages(room))[0]["author"]


@pytest.mark.parametrize("lines", [BY_NAME, BY_MORE])
async def test_links_are_text_and_there_is_no_preview(network: Network, lines: str):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    await beta.rules(rule(lines, "disable_links", "no_preview"))

    place = f"{await al._path(room)}/messages"
    await al.must("POST", place, {"text": f"Look: [tea]({URL})", "preview": TEA})
    await network.settle()

    (message,) = await bo.messages(room)
    assert "<a" not in message["html"]
    assert f"({URL})" in message["html"]
    assert message["preview"] is None
    assert [one["kind"] for one in message["notices"]] == ["links-off", "no-preview"]
    (own,) = await al.messages(room)
    assert own["preview"] == TEA
    assert "<a" in own["html"]
    await beta.rules("")
    (message,) = await bo.messages(room)
    assert (message["preview"], "<a" in message["html"]) == (TEA, True)


PILLS = "Cheap pills " + "and more " * 30 + "still"
REQUESTS = 'stage = "content"\nwhen.text = "pills"\n'


async def asked_of_bo(network: Network, rules: str, text: str) -> tuple[LiveNode, Person, Room]:
    """beta, bo there, and what a stranger of alpha writes to them."""
    alpha, beta = await network.start("alpha.test", "beta.test")
    await beta.rules(rules)
    room = await alpha.person("al").write_to(beta.person("bo").acct, text)
    await network.settle()
    return beta, beta.person("bo"), room


@pytest.mark.parametrize("action", ["request", "hold"])
async def test_of_a_request_that_a_rule_has_marked_the_beginning_is_told(
    network: Network, action: str
):
    rules = f'[[rule]]\nid = "r"\n{REQUESTS}action = "{action}"\n'
    beta, bo, room = await asked_of_bo(network, rules, PILLS)
    if action == "hold":
        await release(beta)
        await network.settle()

    (waiting,) = await bo.messages(room)
    await bo.accept(room)
    (accepted,) = await bo.messages(room)

    assert waiting["text"] == PILLS[:199] + "…"
    assert [one["kind"] for one in waiting["notices"]] == ["marked"]
    assert (accepted["text"], accepted["notices"]) == (PILLS, [])


@pytest.mark.parametrize("text", ["Cheap pills, if you like", "I read your page. " * 12 + "Bye"])
async def test_what_no_rule_in_force_has_marked_waits_as_it_was_written(
    network: Network, text: str
):
    beta, bo, room = await asked_of_bo(
        network, f'[[rule]]\nid = "r"\n{REQUESTS}action = "request"\n', text
    )
    await beta.rules("")

    (waiting,) = await bo.messages(room)

    assert (waiting["text"], waiting["notices"]) == (text, [])
