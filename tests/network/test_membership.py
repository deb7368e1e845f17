"""People come and go over several nodes, and every node knows the same of them."""

import pytest

from federation.protocol.build import answer as build
from tests.network.stories import join, sent, together
from tests.support.gate import Exchange, posted
from tests.support.network import Network

pytestmark = pytest.mark.network


async def test_conformance_39_who_accepts_is_a_member_everywhere(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, gi)

    await join(network, al, bo, room)

    (add,) = [one.document for one in sent(network.tape, "Add", to="gamma.test")][-1:]
    (accept,) = sent(network.tape, "Accept", by="beta.test", to="alpha.test")
    assert [basis["type"] for basis in add["chatBasis"]] == ["Invite", "Accept"]
    assert [basis["id"] for basis in add["chatBasis"]] == [
        accept.document["object"]["id"],
        accept.document["id"],
    ]
    expected = {al.acct: "admin", gi.acct: "member", bo.acct: "member"}
    for person in (al, bo, gi):
        assert await person.roles(room) == expected
    assert (await bo.see(room))["title"] == "tea"


async def test_a_conversation_begins_with_people_and_a_first_message(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await bo.arrive()

    room = await al.start_conversation("tea", bo.acct)
    await network.settle()
    await bo.accept(room)
    await network.settle()
    await al.say(room, "hello")
    await network.settle()

    assert await bo.texts(room) == ["hello"]


async def test_a_conversation_begins_with_many_people_of_a_server_that_was_never_met(
    network: Network,
):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al = alpha.person("al")
    others = [beta.person(name) for name in ("ana", "bo", "cy", "dee", "eli")]
    for person in others:
        await person.arrive()

    room = await al.start_conversation("tea", *(person.acct for person in others))

    members = (await al.see(room))["members"]
    assert [one["acct"] for one in members] == [al.acct, *(person.acct for person in others)]


async def test_conformance_38_an_invitation_that_home_has_not_recorded_is_not_shown_yet(
    network: Network,
):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo)
    await al.give_role(bo, "moderator", room)
    await gi.arrive()
    await network.settle()
    held: list[Exchange] = []

    with network.hold(posted("Invite", to="alpha.test"), held):
        await bo.invite(gi, room)
        await network.settle()
    network.advance(minutes=2)
    await network.settle()
    before = await gi.rooms("")
    await network.replay(*held)
    network.advance(minutes=10)
    await network.settle()

    assert before == []
    (seen,) = await gi.rooms("")
    assert seen["state"] in {"invited", "requested"}
    assert len([one for one in seen["members"] if one["state"] == "joined"]) == 2
    assert await gi.texts(room) == []


async def test_conformance_38_an_invitation_shows_title_and_members_and_no_messages(
    network: Network,
):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await al.start_conversation("tea")
    await al.say(room, "before you came")
    await bo.follow(al.acct)
    await network.settle()

    await al.invite(bo, room)
    await network.settle()

    seen = await bo.see(room)
    assert (seen["state"], seen["title"]) == ("invited", "tea")
    assert al.acct in [one["acct"] for one in seen["members"]]
    assert seen["settings"] == {"history": "invited", "invite": "moderator", "relay": True}
    assert seen["last_message"] is None
    assert await bo.texts(room) == []


async def test_who_is_invited_is_not_told_who_would_take_over(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, ann, bo = alpha.person("al"), alpha.person("ann"), beta.person("bo")
    room = await together(network, al, bo)
    await al.change(room, settings={"history": "shared"}, successors=[bo.acct])
    await network.settle()
    bea = beta.person("bea")

    for guest in (ann, bea):
        await al.invite(guest, room)
        await network.settle()

        seen = await guest.see(room)
        assert seen["settings"]["history"] == "shared"
        assert seen["successors"] == []
    assert (await bo.see(room))["successors"] == [bo.acct]


async def test_who_has_declined_is_told_nothing_of_what_became_of_the_group(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, ann, bo = alpha.person("al"), alpha.person("ann"), beta.person("bo")
    room = await together(network, al, bo)
    bea = beta.person("bea")
    paths = {}
    for guest in (ann, bea):
        await al.invite(guest, room)
        await network.settle()
        paths[guest.acct] = f"/conversations/{(await guest.see(room))['id']}"
        await guest.decline(room)
        await network.settle()
    network.advance(minutes=1)

    await al.rename(room, "cocoa")
    await network.settle()

    for guest in (ann, bea):
        seen = await guest.must("GET", paths[guest.acct])
        assert (seen["state"], seen["title"], seen["epoch"]) == ("refused", "tea", 0)
        assert (seen["settings"], [one["acct"] for one in seen["members"]]) == ({}, [guest.acct])


async def test_a_strangers_invitation_is_a_request(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await al.start_conversation("tea")

    await al.invite(bo, room)
    await network.settle()

    assert await bo.state_in(room) == "requested"
    assert [one["uri"] for one in await bo.rooms("requests")] == [room.uri]
    assert await bo.rooms("invited") == []


async def test_an_invitation_by_somebody_one_follows_is_an_invitation(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await al.start_conversation("tea")
    await bo.follow(al.acct)
    await network.settle()

    await al.invite(bo, room)
    await network.settle()

    assert await bo.state_in(room) == "invited"
    assert [one["uri"] for one in await bo.rooms("invited")] == [room.uri]
    assert await bo.rooms("requests") == []


async def test_a_request_can_be_accepted_like_an_invitation(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")

    room = await together(network, al, bo)

    assert await bo.state_in(room) == "joined"
    assert await al.roles(room) == {al.acct: "admin", bo.acct: "member"}


async def test_who_declines_is_no_member_and_gets_nothing(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await al.start_conversation("tea")
    await al.invite(bo, room)
    await network.settle()

    await bo.decline(room)
    await network.settle()
    await al.say(room, "a pity")
    await network.settle()

    assert [one.status for one in sent(network.tape, "Reject", by="beta.test")] == [202]
    assert sent(network.tape, "Create") == []
    assert await al.roles(room) == {al.acct: "admin"}
    assert await bo.rooms("joined") == await bo.rooms("requests") == await bo.rooms("invited") == []


async def test_who_accepts_while_home_is_away_waits_and_then_joins(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await al.start_conversation("tea")
    await al.invite(bo, room)
    await network.settle()
    network.cut("alpha.test")

    await bo.accept(room)
    await network.settle()
    assert await bo.state_in(room) == "joining"
    network.heal("alpha.test")
    network.advance(minutes=1)
    await network.settle()

    assert await bo.state_in(room) == "joined"


async def test_a_member_who_may_invite_brings_in_a_third_node(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo)
    await gi.arrive()

    status, answer = await bo.ask(
        "POST", f"/conversations/{(await bo.see(room))['id']}/members", {"acct": gi.acct}
    )
    await network.settle()

    # Inviting takes a moderator (groups-protocol.md 3.1): a member is told so and nothing is sent.
    assert status == 403, answer
    assert sent(network.tape, "Invite", by="beta.test") == []


async def test_conformance_43_an_accept_that_is_replayed_after_leaving_has_no_effect(
    network: Network,
):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    (accept,) = sent(network.tape, "Accept", by="beta.test", to="alpha.test")
    await bo.leave(room)
    await network.settle()

    await network.replay(accept)
    await network.settle()
    assert await al.roles(room) == {al.acct: "admin"}
    network.advance(days=8)
    await join(network, al, bo, room)
    await al.say(room, "welcome back")
    await network.settle()

    assert await al.roles(room) == {al.acct: "admin", bo.acct: "member"}
    assert await bo.texts(room) == ["welcome back"]


async def test_strangers_have_a_limit_of_open_invitations(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await bo.arrive()

    for number in range(21):
        await al.invite(bo, await al.start_conversation(f"room {number}"))
    await network.settle()

    assert len(await bo.rooms("requests")) == 20


async def test_conformance_44_an_accept_brings_along_an_invite_that_home_never_got(
    network: Network,
):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gus, gi = (
        alpha.person("al"),
        beta.person("bo"),
        gamma.person("gus"),
        gamma.person("gi"),
    )
    room = await together(network, al, bo, gus)
    await al.leave(room)
    await network.settle()
    assert await bo.roles(room) == {bo.acct: "admin", gus.acct: "member"}

    with network.lose(posted("Invite", to="alpha.test")):
        await bo.invite(gi, room)
        await network.settle()
    await gi.accept(room)
    await network.settle()

    assert await gi.state_in(room) == "joined"
    assert gi.acct in await bo.roles(room)


async def test_conformance_40_an_add_without_consent_is_rejected_and_taken_back(
    network: Network,
):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await al.start_conversation("tea")
    bo_signs = await network.signer(bo)
    await al.invite(bo, room)
    await network.settle()
    (invite,) = sent(network.tape, "Invite", to="beta.test")

    # Somebody has bo's keys; bo's own node has never heard of a yes.
    accept = build.accept(
        invite.document,
        answer_id=f"{bo.uri}/a/forged",
        chat_log=f"{bo.uri}/log/forged",
        published=network.clock.now(),
    )
    status = await bo_signs.post("https://alpha.test/inbox", bo_signs.proven(accept))
    await network.settle()

    assert status == 202
    assert sent(network.tape, "Add", to="beta.test")
    rejects = sent(network.tape, "Reject", by="beta.test", to="alpha.test")
    assert [one.document["object"]["type"] for one in rejects] == ["Add"]
    assert await al.roles(room) == {al.acct: "admin"}
    assert await bo.state_in(room) != "joined"


async def test_conformance_41_an_expired_invitation_makes_no_member(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await al.start_conversation("tea")
    await al.invite(bo, room)
    await network.settle()
    path = f"/conversations/{(await bo.see(room))['id']}/accept"

    network.advance(days=15)
    status, _ = await bo.ask("POST", path)
    await network.settle()

    assert status == 409
    assert await bo.state_in(room) not in {"joined", "joining"}
    assert await al.roles(room) == {al.acct: "admin"}
    assert sent(network.tape, "Accept") == []


async def test_conformance_41_an_accept_that_reaches_home_too_late_is_rejected(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await al.start_conversation("tea")
    await al.invite(bo, room)
    await network.settle()
    network.advance(days=13, hours=23)
    network.cut("alpha.test")
    await bo.accept(room)
    await network.settle()

    network.advance(hours=2)
    network.heal("alpha.test")
    await network.settle()

    (reject,) = sent(network.tape, "Reject", by="alpha.test")
    assert reject.document["chatNotice"] == "expired"
    assert await al.roles(room) == {al.acct: "admin"}
    assert await bo.state_in(room) in {"refused", ""}
