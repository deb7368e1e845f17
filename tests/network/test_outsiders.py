"""Who is no member reads nothing, and cannot tell a group from an address that never was."""

import pytest

from tests.network.stories import together
from tests.support.network import Network

pytestmark = pytest.mark.network

PLACES = ("", "/affiliations", "/outbox", "/context", "/state", "/history")
NOWHERE = "https://alpha.test/c/01K4B000000000000000000000"


async def test_conformance_36_outsiders_get_the_same_404_everywhere(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo)
    gi_signs = await network.signer(gi)

    signed = {
        await gi_signs.get(f"{uri}{place}") for place in PLACES for uri in (room.uri, NOWHERE)
    }
    unsigned = {
        await network.get(f"{uri}{place}") for place in PLACES for uri in (room.uri, NOWHERE)
    }

    assert signed == unsigned == {404}


async def test_conformance_36_members_and_invited_people_see_actor_and_members(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo)
    bo_signs, gi_signs = await network.signer(bo), await network.signer(gi)
    await al.invite(gi, room)
    await network.settle()

    for signs in (bo_signs, gi_signs):
        assert await signs.get(room.uri) == 200
        assert await signs.get(f"{room.uri}/affiliations") == 200
    for place in ("/history", "/context", "/state"):
        assert await bo_signs.get(f"{room.uri}{place}") == 200
        assert await gi_signs.get(f"{room.uri}{place}") == 404


async def test_a_message_is_there_for_members_only(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo)
    bo_signs, gi_signs = await network.signer(bo), await network.signer(gi)
    await al.say(room, "secret")
    await network.settle()
    (message,) = await al.messages(room)

    assert await bo_signs.get(message["uri"]) == 200
    assert await gi_signs.get(message["uri"]) == 404
    assert await network.get(message["uri"]) == 404


async def test_people_of_the_same_node_do_not_see_each_others_groups(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, ann, eve = alpha.person("al"), alpha.person("ann"), alpha.person("eve")
    room = await together(network, al, ann)
    message_id = await al.say(room, "secret")
    conversation_id = (await al.see(room))["id"]

    answers = [
        await eve.ask("GET", f"/conversations/{conversation_id}"),
        await eve.ask("GET", f"/conversations/{conversation_id}/messages"),
        await eve.ask("GET", f"/messages/{message_id}/delivery"),
        await eve.ask("POST", f"/conversations/{conversation_id}/messages", {"text": "hi"}),
        await eve.ask("POST", f"/conversations/{conversation_id}/leave"),
        await eve.ask("POST", f"/conversations/{conversation_id}/accept"),
    ]

    assert {status for status, _ in answers} == {404}
    assert await al.texts(room) == ["secret"]
