"""What is said on one node is read on the others, once and in one order."""

import pytest

from tests.network.stories import sent, together
from tests.support.network import Network

pytestmark = pytest.mark.network


async def test_two_nodes_read_each_other(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)

    await al.say(room, "hello")
    await network.settle()
    await bo.say(room, "hello yourself")
    await network.settle()

    assert await al.texts(room) == ["hello", "hello yourself"]
    assert await bo.texts(room) == ["hello", "hello yourself"]


async def test_three_nodes_read_what_a_guest_says(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    room = await together(network, alpha.person("al"), beta.person("bo"), gamma.person("gi"))

    await beta.person("bo").say(room, "hello all")
    await network.settle()

    for node in (alpha, beta, gamma):
        assert await node.texts(room) == ["hello all"]


async def test_two_people_of_one_node_get_one_delivery(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo, bea = alpha.person("al"), beta.person("bo"), beta.person("bea")
    room = await together(network, al, bo, bea)

    await al.say(room, "to both")
    await network.settle()

    assert await bo.texts(room) == await bea.texts(room) == ["to both"]
    creates = sent(network.tape, "Create", to="beta.test")
    assert [one.target for one in creates] == ["/inbox"]


async def test_people_of_one_node_need_no_network(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, ann = alpha.person("al"), alpha.person("ann")
    network.cut("alpha.test")
    room = await together(network, al, ann)

    await ann.say(room, "only us")

    assert await al.texts(room) == ["only us"]
    assert network.tape == []


async def test_a_reply_names_what_it_answers(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    await al.say(room, "tea or coffee?")
    await network.settle()

    (asked,) = await bo.messages(room)
    await bo.say(room, "tea", reply_to=asked["id"])
    await network.settle()

    asked, answered = await al.messages(room)
    assert answered["reply_to"] == asked["id"]


async def test_a_reply_to_a_message_from_ahead_still_comes_after_it(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    for number in range(5):
        await al.say(room, f"call {number}")
    await network.settle()

    await bo.say(room, "answer")
    await network.settle()

    order = [*(f"call {number}" for number in range(5)), "answer"]
    assert await al.texts(room) == await bo.texts(room) == order


async def test_a_repeated_request_of_a_client_says_it_once(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)

    first = await al.say(room, "once", key="k1")
    again = await al.say(room, "once", key="k1")
    await network.settle()

    assert first == again
    assert await bo.texts(room) == ["once"]


async def test_conformance_100_aware_hosts_show_as_delivered(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)

    await al.say(room, "did it arrive?")
    (before,) = await al.messages(room)
    await network.settle()
    (after,) = await al.messages(room)

    assert [(one["host"], one["state"]) for one in before["delivery"]] == [("beta.test", "waiting")]
    assert [(one["host"], one["state"]) for one in after["delivery"]] == [
        ("beta.test", "delivered")
    ]


async def test_conformance_12_everybody_is_addressed_and_mentioned(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    people = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, *people)

    await beta.person("bo").say(room, "to all")
    await network.settle()

    create = sent(network.tape, "Create", by="beta.test")[0].document
    note = create["object"]
    expected = {alpha.person("al").uri, gamma.person("gi").uri, room.uri}
    assert set(create["to"]) == set(note["to"]) == expected
    assert create["cc"] == note["cc"] == []
    assert {tag["href"] for tag in note["tag"]} == expected
    assert {tag["type"] for tag in note["tag"]} == {"Mention"}


async def test_conformance_14_a_note_is_marked_direct_and_names_nobody_else(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)

    await al.say(room, "for us #only")
    await network.settle()

    create = sent(network.tape, "Create", by="alpha.test")[0].document
    assert create["object"]["directMessage"] is True
    assert "directMessage" not in create
    assert "Public" not in str(create["to"])
    assert not {"bto", "bcc"} & {*create, *create["object"]}
    assert "followers" not in str(create["to"] + create["cc"])


async def test_conformance_15_a_handle_in_the_text_adds_nobody(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo)
    await gi.arrive()

    await al.say(room, f"have you asked @{gi.acct}?")
    await network.settle()

    create = sent(network.tape, "Create", by="alpha.test")[0].document
    assert gi.uri not in str((create["to"], create["object"]["tag"]))
    assert not sent(network.tape, "Create", to="gamma.test")
    assert await gi.find(room) is None


async def test_conformance_101_one_of_two_accounts_leaves_and_the_other_stays(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo, bea = alpha.person("al"), beta.person("bo"), beta.person("bea")
    room = await together(network, al, bo, bea)

    await bo.leave(room)
    await network.settle()
    await al.say(room, "still here?")
    await network.settle()

    assert await bea.texts(room) == ["still here?"]
    assert await bo.texts(room) == []
