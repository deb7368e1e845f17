"""Who takes nothing of strangers is not reached by them, and says so to those who can hear it."""

import pytest

from tests.network.stories import join, sent, together
from tests.support.network import Network

pytestmark = pytest.mark.network

CONTACTS_ALONE = {"writers": "contacts", "inviters": "contacts"}


async def test_a_strangers_message_is_refused_and_its_author_learns_who_refuses(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await bo.must("PATCH", "/me", CONTACTS_ALONE)

    room = await al.write_to(bo.acct, "hello stranger")
    await network.settle()

    (message,) = await al.messages(room)
    (row,) = message["delivery"]
    assert row["state"] == "refused"
    assert row["reason"] == f"{bo.acct} does not take messages from people they don't know."
    for state in ("requests", "joined"):
        assert await bo.rooms(state) == []
    assert await beta.rows("SELECT 1 FROM message") == []
    assert await beta.rows("SELECT 1 FROM conversation") == []


async def test_who_was_written_to_is_a_contact_and_answers(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await bo.must("PATCH", "/me", CONTACTS_ALONE)

    room = await bo.write_to(al.acct, "write to me")
    await network.settle()
    await al.accept(room)
    await al.say(room, "here I am")
    await network.settle()

    assert await bo.texts(room) == ["write to me", "here I am"]


async def test_whom_one_follows_needs_no_request_unless_one_says_so(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await al.arrive()
    await bo.must("PATCH", "/me", CONTACTS_ALONE)
    await bo.follow(al.acct)
    await network.settle()

    room = await al.write_to(bo.acct, "hello follower")
    await network.settle()
    assert await bo.texts(room) == ["hello follower"]

    await bo.must("PATCH", "/me", {"trusts_followed": False})
    cy = alpha.person("cy")
    await cy.arrive()
    await bo.follow(cy.acct)
    await cy.write_to(bo.acct, "hello follower")
    await network.settle()
    assert len(await bo.rooms("joined")) == 1
    assert await bo.rooms("requests") == []


async def test_anyone_may_write_where_somebody_says_so(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await bo.must("PATCH", "/me", {"writers": "anyone"})

    room = await al.write_to(bo.acct, "hello anyone")
    await network.settle()

    assert await bo.state_in(room) == "joined"


async def test_an_invitation_that_is_taken_from_contacts_alone_is_declined(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await bo.must("PATCH", "/me", CONTACTS_ALONE)
    room = await al.start_conversation("tea")

    await al.invite(bo, room)
    await network.settle()

    assert await bo.rooms("invited") == await bo.rooms("requests") == []
    assert await beta.rows("SELECT 1 FROM membership WHERE local") == []
    assert [one["state"] for one in (await al.see(room))["members"] if one["acct"] == bo.acct] != [
        "invited"
    ]


async def test_a_group_in_common_makes_no_contact(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo, cy = alpha.person("al"), beta.person("bo"), alpha.person("cy")
    room = await together(network, al, bo)
    await join(network, al, cy, room)
    await bo.must("PATCH", "/me", CONTACTS_ALONE)

    direct = await cy.write_to(bo.acct, "we share a group")
    await network.settle()

    assert await bo.find(direct) is None
    await bo.must("PATCH", "/me", {"writers": "requests", "mates_ask": True})
    await cy.say(direct, "again")
    await network.settle()
    assert await bo.state_in(direct) == "requested"


async def test_one_of_several_hears_nothing_and_the_others_do(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo, cy = alpha.person("al"), beta.person("bo"), beta.person("cy")
    await cy.arrive()
    await bo.must("PATCH", "/me", CONTACTS_ALONE)

    room = await al.write_to_all([bo.acct, cy.acct], "hello both")
    await network.settle()

    assert await bo.find(room) is None
    assert await cy.state_in(room) == "requested"


async def test_what_other_software_sends_is_dropped_without_a_word(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, dana = alpha.person("al"), network.legacy_peer()
    await al.must("PATCH", "/me", CONTACTS_ALONE)

    assert await dana.write_to(al.uri, "hello stranger") == 202
    await network.settle()

    assert await al.rooms("requests") == []
    assert await alpha.rows("SELECT 1 FROM message") == []


async def test_what_somebody_takes_is_seen_elsewhere_before_one_writes(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await bo.must("PATCH", "/me", CONTACTS_ALONE)

    found = await al.must("POST", "/people/resolve", {"acct": bo.acct, "check": True})

    assert (found["writers"], found["writing"]) == ("contacts", "closed")
    assert (found["inviters"], found["inviting"]) == ("contacts", "closed")


async def test_a_server_that_somebody_blocks_reaches_the_others(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo, cy = alpha.person("al"), beta.person("bo"), beta.person("cy")
    await cy.arrive()
    await bo.must("POST", "/host_blocks", {"host": "alpha.test"})

    room = await al.write_to(bo.acct, "hello")
    other = await al.write_to(cy.acct, "hello")
    await network.settle()

    assert await bo.rooms("requests") == await bo.rooms("joined") == []
    assert await bo.find(room) is None
    assert await cy.state_in(other) == "requested"


async def test_who_is_behind_a_blocked_server_is_hidden_in_groups(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    await al.say(room, "before")
    await network.settle()
    await bo.must("POST", "/host_blocks", {"host": "alpha.test"})
    await al.say(room, "after")
    await network.settle()

    assert [one["blocked"] for one in await bo.messages(room)] == [True, True]
    assert (await bo.see(room))["unread"] == 0


async def test_a_server_that_somebody_blocks_learns_nothing_of_them_in_passing(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo, gi)
    for one in (al, bo, gi):
        await one.give_receipts()
    first = await al.say(room, "first words")
    await network.settle()
    await al.edit(first, "other words")
    await gi.say(room, "read this")
    await network.settle()
    await bo.must("POST", "/host_blocks", {"host": "alpha.test"})
    before = len(network.tape)

    for message in await bo.messages(room):
        await bo.read(room, message["id"])
    await bo.type_in(room)
    await network.settle()

    told = sent(network.tape[before:], "Read", "ChatTyping")
    assert {one.host for one in told} == {"gamma.test"}
    assert set(await bo.presence(room)) == {gi.acct}
    (hidden,) = [one for one in await bo.messages(room) if one["blocked"]]
    status, versions = await bo.ask("GET", f"/messages/{hidden['id']}/edits")
    assert (status, "first words" in str(versions)) == (404, False)


async def test_a_request_says_since_when_its_server_is_known(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await bo.arrive()
    room = await al.write_to(bo.acct, "hello")
    await network.settle()

    (asked,) = await bo.rooms("requests")
    shown = await bo.must("GET", f"/conversations/{asked['id']}/request")

    assert (shown["acct"], shown["host"]) == (al.acct, "alpha.test")
    assert shown["first_seen"] is not None
    assert await bo.state_in(room) == "requested"


async def test_whoever_would_invite_is_told_before_how_it_is_taken(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo, cy = alpha.person("al"), beta.person("bo"), beta.person("cy")
    await cy.arrive()
    await bo.must("PATCH", "/me", CONTACTS_ALONE)
    room = await al.start_conversation("tea")
    path = f"/conversations/{(await al.see(room))['id']}/members"

    told = [await al.must("POST", path, {"acct": who.acct, "check": True}) for who in (cy, bo)]

    assert [one["inviting"] for one in told] == ["asks", "closed"]
    assert await beta.rows("SELECT 1 FROM membership WHERE local") == []
