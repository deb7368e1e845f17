"""An operator blocks a domain: what that ends in groups (11.4 and 11.5)."""

import pytest

from federation.policy.domains import NOT_DELIVERED
from tests.network.stories import join_in_words, sent, together
from tests.support.gate import posted
from tests.support.network import Network

pytestmark = pytest.mark.network


async def test_conformance_92_whoever_blocks_home_leaves_its_groups_and_keeps_what_they_have(
    network: Network,
):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo, gi)
    await al.say(room, "before")
    await network.settle()
    network.tape.clear()

    foreseen = await beta.block("alpha.test", "spam")
    await network.settle()

    assert [one.person for one in foreseen.leaving] == [bo.uri]
    leaves = sent(network.tape, "Leave", by="beta.test")
    assert sorted(one.host for one in leaves) == ["alpha.test", "gamma.test"]
    assert [one.status for one in leaves] == [202, 202]
    assert await al.roles(room) == await gi.roles(room) == {al.acct: "admin", gi.acct: "member"}
    assert await bo.state_in(room) == "left"
    assert await bo.texts(room) == ["before"]
    network.tape.clear()
    status, _ = await bo.ask("POST", f"{await bo._path(room)}/messages", {"text": "no more"})
    await al.say(room, "after")
    await network.settle()
    assert status in {403, 409, 422}
    assert await bo.texts(room) == ["before"]
    assert await gi.texts(room) == ["before", "after"]
    assert sent(network.tape, by="beta.test") == []


async def test_conformance_92_the_leave_waits_for_a_home_that_is_down(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    network.cut("alpha.test")

    await beta.block("alpha.test")
    await network.settle()
    network.heal("alpha.test")
    network.advance(hours=1)
    await network.settle()

    assert await al.roles(room) == {al.acct: "admin"}
    assert await bo.state_in(room) == "left"


async def test_conformance_92_a_leave_that_waits_for_home_outlasts_the_block(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    network.cut("alpha.test")
    said = await bo.say(room, "unsent")
    await bo.leave(room)
    await network.settle()

    foreseen = await beta.foresee("alpha.test")
    done = await beta.block("alpha.test")
    network.heal("alpha.test")
    network.tape.clear()
    network.advance(hours=1)
    await network.settle()

    assert (foreseen.waiting, done.waiting) == (1, 1)
    assert [one.type for one in sent(network.tape, by="beta.test")] == ["Leave"]
    assert await al.roles(room) == {al.acct: "admin"}
    delivery = (await bo.must("GET", f"/messages/{said}/delivery"))["items"]
    assert [(one["state"], one["reason"]) for one in delivery] == [("refused", NOT_DELIVERED)]


async def test_conformance_92_a_leave_that_waits_for_a_mere_member_ends_with_the_block(
    network: Network,
):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo, gi)
    network.cut("gamma.test")
    await bo.leave(room)
    await network.settle()

    done = await beta.block("gamma.test")
    network.heal("gamma.test")
    network.tape.clear()
    network.advance(hours=1)
    await network.settle()

    assert done.waiting == 1
    assert sent(network.tape, by="beta.test", to="gamma.test") == []
    assert await al.roles(room) == {al.acct: "admin", gi.acct: "member"}


async def test_conformance_92_who_cannot_leave_at_once_leaves_later(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    keyring = beta.node.parts.tools.keyring
    await beta.rows("UPDATE actor_key SET retired_at = 1 WHERE actor_uri = $1", bo.uri)
    keyring.forget(bo.uri)

    await beta.block("alpha.test")
    await network.settle()
    in_vain = await bo.state_in(room)
    await beta.rows("UPDATE actor_key SET retired_at = NULL WHERE actor_uri = $1", bo.uri)
    network.advance(minutes=1)
    await network.settle()

    assert in_vain == "joined"
    assert await bo.state_in(room) == "left"
    assert await al.roles(room) == {al.acct: "admin"}
    assert await beta.rows("SELECT id FROM repair WHERE kind = 'part'") == []


async def test_conformance_93_home_that_blocks_a_members_domain_removes_its_members(
    network: Network,
):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo, gi)
    network.tape.clear()

    foreseen = await alpha.block("gamma.test")
    await network.settle()

    assert [one.person for one in foreseen.removed] == [gi.uri]
    (remove,) = sent(network.tape, "Remove", by="alpha.test")
    assert (remove.host, remove.document["object"]["subject"]) == ("beta.test", gi.uri)
    assert await al.roles(room) == await bo.roles(room) == {al.acct: "admin", bo.acct: "member"}
    network.tape.clear()
    await al.say(room, "without gi")
    await bo.say(room, "likewise")
    await network.settle()
    assert sent(network.tape, to="gamma.test") == []


async def test_conformance_93_home_removes_people_on_other_software_too(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, carol = alpha.person("al"), network.mastodon()
    room = await al.start_conversation("tea")
    await join_in_words(network, al, carol, room)
    network.tape.clear()

    await alpha.block("masto.test")
    network.advance(minutes=6)
    await network.settle()

    assert await al.roles(room) == {al.acct: "admin"}
    assert sent(network.tape, to="masto.test") == []


async def test_conformance_93_what_comes_from_the_domain_afterwards_changes_nothing(
    network: Network,
):
    alpha, gamma = await network.start("alpha.test", "gamma.test")
    al, gi = alpha.person("al"), gamma.person("gi")
    room = await together(network, al, gi)
    held = []
    with network.hold(posted(to="alpha.test"), held):
        await gi.say(room, "on its way")
        await network.settle()

    await alpha.block("gamma.test")
    statuses = await network.replay(*held)
    await network.settle()

    assert statuses == [403]
    assert await al.texts(room) == []


async def test_a_member_whose_domain_a_node_blocks_stays_and_others_hear_them(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo, gi)

    await beta.block("gamma.test", "spam")
    network.tape.clear()
    said = await bo.say(room, "to all")
    await gi.say(room, "from gi")
    await network.settle()

    assert await bo.roles(room) == await al.roles(room)
    (create,) = sent(network.tape, "Create", by="beta.test")
    assert gi.uri in create.document["to"]
    assert sent(network.tape, by="beta.test", to="gamma.test") == []
    assert await al.texts(room) == ["to all", "from gi"]
    assert await bo.texts(room) == ["to all"]
    delivery = (await bo.must("GET", f"/messages/{said}/delivery"))["items"]
    assert [(one["host"], one["state"], one["reason"]) for one in delivery] == [
        ("alpha.test", "delivered", ""),
        ("gamma.test", "refused", f"{NOT_DELIVERED} (spam)"),
    ]
    network.advance(hours=7)
    await beta.ask_others()
    await network.settle()
    assert await bo.texts(room) == ["to all"]
    assert await gi.texts(room) == ["to all", "from gi"]
