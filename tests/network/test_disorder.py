"""Whatever comes twice, late or in the wrong order, every member ends with the same."""

import pytest

from tests.network.stories import join, sent, together
from tests.support.gate import Exchange, posted
from tests.support.network import Network
from tests.support.shuffle import shuffled

pytestmark = pytest.mark.network


async def test_conformance_10_a_message_that_arrives_five_times_is_shown_once(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)

    with network.duplicate(posted("Create"), times=5):
        await al.say(room, "once")
        await network.settle()

    assert await bo.texts(room) == ["once"]
    events = await beta.rows("SELECT id FROM event WHERE type = 'message'")
    assert len(events) == 1


async def test_conformance_10_shared_and_personal_inboxes_add_up_to_once(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo, bea = alpha.person("al"), beta.person("bo"), beta.person("bea")
    room = await together(network, al, bo, bea)
    al_signs = await network.signer(al)

    await al.say(room, "once each")
    await network.settle()
    (create,) = sent(network.tape, "Create", to="beta.test")
    for inbox in ("/inbox", "/u/bo/inbox", "/u/bea/inbox", "/u/bo/inbox", "/inbox"):
        assert await al_signs.post(f"https://beta.test{inbox}", create.body) == 202
        await network.settle()

    assert await bo.texts(room) == await bea.texts(room) == ["once each"]
    events = await beta.rows("SELECT account_uri FROM event WHERE type = 'message'")
    assert sorted(event["account_uri"] for event in events) == [bea.uri, bo.uri]


async def test_every_request_repeated_changes_nothing(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")

    with network.duplicate(posted(), times=3):
        room = await together(network, al, bo, gi)
        await bo.say(room, "one")
        await network.settle()
        await gi.leave(room)
        await network.settle()
        await al.say(room, "two")
        await network.settle()

    assert await al.texts(room) == await bo.texts(room) == ["one", "two"]
    assert await gi.texts(room) == ["one"]
    assert await al.roles(room) == await bo.roles(room) == {al.acct: "admin", bo.acct: "member"}


async def test_a_request_replayed_from_the_tape_changes_nothing(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    await al.say(room, "once")
    await network.settle()

    statuses = await network.replay(*sent(network.tape))
    await network.settle()

    assert set(statuses) == {202}
    assert await bo.texts(room) == ["once"]
    assert await al.roles(room) == {al.acct: "admin", bo.acct: "member"}


@pytest.mark.parametrize("seed", range(4))
async def test_messages_in_any_order_are_shown_in_one(network: Network, seed: int):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    held: list[Exchange] = []

    with network.hold(posted("Create", to="beta.test"), held):
        answered = ""
        for number in range(6):
            answered = await al.say(room, f"message {number}", reply_to=answered)
            await network.settle()
    order = shuffled(6, seed)
    await network.reorder(held, order)

    assert await bo.texts(room) == await al.texts(room)
    assert await bo.texts(room) == [f"message {number}" for number in range(6)]


async def test_a_parent_that_comes_last_stands_before_its_replies(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo, gi)
    held: list[Exchange] = []

    with network.hold(posted("Create", to="gamma.test", by="alpha.test"), held):
        await al.say(room, "question")
        await network.settle()
        (question,) = await bo.messages(room)
        await bo.say(room, "answer", reply_to=question["id"])
        await network.settle()
    assert await gi.texts(room) == ["answer"]
    await network.replay(*held)
    await network.settle()

    for person in (al, bo, gi):
        assert await person.texts(room) == ["question", "answer"]


@pytest.mark.parametrize("seed", range(6))
async def test_state_changes_and_messages_in_any_order_end_alike(network: Network, seed: int):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo)
    held: list[Exchange] = []

    with network.hold(posted(to="beta.test"), held):
        await al.say(room, "before")
        await join(network, al, gi, room)
        await al.say(room, "welcome")
        await network.settle()
        await gi.say(room, "thanks")
        await network.settle()
        await gi.leave(room)
        await network.settle()
        await al.say(room, "gone again")
        await network.settle()
    order = shuffled(len(held), seed)
    await network.reorder(held, order)

    assert await bo.texts(room) == ["before", "welcome", "thanks", "gone again"]
    assert await al.texts(room) == await bo.texts(room)
    assert await bo.roles(room) == await al.roles(room) == {al.acct: "admin", bo.acct: "member"}


async def test_conformance_11_another_body_under_a_known_id_changes_nothing_and_is_logged(
    network: Network, caplog: pytest.LogCaptureFixture
):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    await al.say(room, "the first")
    await network.settle()
    (create,) = sent(network.tape, "Create", to="beta.test")
    al_signs = await network.signer(al)

    other = create.document
    other["object"]["content"] = "<p>the second</p>"
    other["object"]["source"]["content"] = "the second"
    status = await al_signs.post("https://beta.test/inbox", al_signs.proven(other))
    await network.settle()

    assert status == 202
    assert await bo.texts(room) == ["the first"]
    (logged,) = [one for one in caplog.records if one.__dict__.get("action") == "activity.conflict"]
    assert logged.__dict__["activity"] == other["id"]


async def test_a_message_lost_on_the_way_takes_nothing_else_with_it(
    network: Network,
):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)

    with network.lose(posted("Create", to="beta.test")):
        await al.say(room, "lost")
        await network.settle()
    await al.say(room, "arrives")
    await network.settle()

    assert await bo.texts(room) == ["arrives"]
