"""Who leaves is out at once, everywhere, and their last words still count."""

import pytest

from federation.groups import chain
from federation.groups.state import GroupState
from federation.protocol.build import state_change
from federation.protocol.strict_json import loads
from tests.network.stories import join, sent, together
from tests.support.gate import Exchange, posted
from tests.support.network import Network

pytestmark = pytest.mark.network


async def test_who_leaves_gets_no_further_message(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo, gi)
    await al.say(room, "to all")
    await network.settle()

    await bo.leave(room)
    await network.settle()
    await al.say(room, "to the rest")
    await gi.say(room, "indeed")
    await network.settle()

    assert await bo.state_in(room) == "left"
    assert await bo.texts(room) == ["to all"]
    assert await al.texts(room) == await gi.texts(room) == ["to all", "to the rest", "indeed"]
    assert await al.roles(room) == await gi.roles(room) == {al.acct: "admin", gi.acct: "member"}
    assert len(sent(network.tape, "Create", to="beta.test")) == 1


async def test_who_has_left_can_post_no_more(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    path = f"/conversations/{(await bo.see(room))['id']}/messages"

    await bo.leave(room)
    status, _ = await bo.ask("POST", path, {"text": "one more thing"})

    assert status == 403


async def test_conformance_51_a_leave_counts_while_home_is_down(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo, gi)
    await bo.say(room, "hello")
    await network.settle()
    network.cut("alpha.test")

    await bo.leave(room)
    await network.settle()
    await gi.say(room, "bo is gone")
    await network.settle()
    network.heal("alpha.test")
    network.advance(hours=1)
    await network.settle()

    (last,) = sent(network.tape, "Create", by="gamma.test", to="alpha.test")
    assert bo.uri not in last.document["to"]
    (leave, *_) = sent(network.tape, "Leave", by="beta.test")
    removes = sent(network.tape, "Remove", by="alpha.test", to="gamma.test")
    assert [one.document["chatHeads"] for one in removes] == [
        {leave.document["chatLog"]: leave.document["chatSeq"]}
    ]
    assert await al.texts(room) == await gi.texts(room) == ["hello", "bo is gone"]
    assert await bo.texts(room) == ["hello"]
    assert await al.roles(room) == await gi.roles(room) == {al.acct: "admin", gi.acct: "member"}


async def test_conformance_57_last_words_that_arrive_after_the_leave_are_shown(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo, gi)
    held: list[Exchange] = []

    with network.hold(posted("Create", to="gamma.test", by="beta.test"), held):
        await bo.say(room, "last words")
        await network.settle()
    await bo.leave(room)
    await network.settle()
    statuses = await network.replay(*held)
    await network.settle()

    assert statuses == [202]
    assert await gi.texts(room) == await al.texts(room) == ["last words"]


async def test_conformance_57_what_is_numbered_after_the_leave_is_refused(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    await bo.say(room, "hello")
    await network.settle()
    (create,) = sent(network.tape, "Create", to="alpha.test")
    bo_signs = await network.signer(bo)

    await bo.leave(room)
    await network.settle()
    network.advance(minutes=1)
    late = create.document
    note = {**late["object"], "id": f"{bo.uri}/n/late"}
    late |= {"id": f"{bo.uri}/a/late", "chatSeq": 9, "object": note}
    status = await bo_signs.post("https://alpha.test/inbox", bo_signs.proven(late))
    await network.settle()

    assert status == 403
    assert await al.texts(room) == ["hello"]


async def test_conformance_61_when_the_last_admin_leaves_somebody_is_promoted(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo, gi)

    await al.leave(room)
    await network.settle()

    assert await bo.roles(room) == await gi.roles(room) == {bo.acct: "admin", gi.acct: "member"}
    assert (await bo.see(room))["role"] == "admin"
    await bo.say(room, "I have the keys")
    await network.settle()
    assert await gi.texts(room) == ["I have the keys"]
    assert await al.texts(room) == []


async def test_conformance_61_when_the_last_member_leaves_the_group_is_closed(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)

    await al.leave(room)
    await network.settle()
    await bo.leave(room)
    await network.settle()

    (group,) = await alpha.rows(
        "SELECT closed_at, state FROM conversation WHERE uri = $1", room.uri
    )
    assert group["closed_at"] is not None
    assert await bo.state_in(room) in {"left", "closed"}
    assert await al.state_in(room) in {"left", "closed"}


async def test_conformance_52_who_left_stays_out_until_a_later_add(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo)
    held: list[Exchange] = []

    # Home hears of the Leave after it has made another change, which still lists bo.
    with network.hold(posted("Leave", to="alpha.test"), held):
        await bo.leave(room)
        await network.settle()
    await join(network, al, gi, room)
    assert await bo.state_in(room) == "left"
    await network.replay(*held)
    await network.settle()
    network.advance(days=8)
    await join(network, al, bo, room)

    expected = {al.acct: "admin", gi.acct: "member", bo.acct: "member"}
    for person in (al, bo, gi):
        assert await person.roles(room) == expected


async def test_who_has_left_can_be_invited_by_somebody_who_came_later(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, gi)
    await gi.leave(room)
    await network.settle()
    await join(network, al, bo, room)
    await al.give_role(bo, "moderator", room)
    await network.settle()

    await bo.invite(gi, room)
    await network.settle()
    network.advance(seconds=20)
    await network.settle()
    await gi.accept(room)
    await network.settle()

    assert await gi.roles(room) == {al.acct: "admin", bo.acct: "moderator", gi.acct: "member"}


async def test_an_invitation_by_an_outcast_makes_nobody_ask_home_again_and_again(
    network: Network,
):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo)
    await al.give_role(bo, "moderator", room)
    await network.settle()
    with network.lose(posted("Invite")):
        await bo.invite(gi, room)
        await network.settle()
    await al.ban(bo, room)
    await al.invite(gi, room)
    await network.settle()
    (lost,) = sent(network.tape, "Invite", by="beta.test", to="gamma.test")
    network.tape.clear()

    await network.replay(lost)
    await network.settle()

    assert await gi.state_in(room) == "requested"
    assert len([one for one in network.tape if one.method == "GET"]) < 5


async def test_who_comes_back_before_they_hear_of_their_removal_is_a_member(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo, gi)
    link = await al.link_into(room)
    held: list[Exchange] = []

    # Home answers the Leave and the Join; both answers are late.
    with network.hold(posted("Add", "Remove", to="gamma.test"), held):
        await gi.leave(room)
        await network.settle()
        await gi.join(link)
        await network.settle()
    await network.replay(*held)
    await network.settle()

    assert [one.type for one in held] == ["Remove", "Add"]
    assert sent(network.tape, "Reject", by="gamma.test") == []
    for person in (al, bo, gi):
        assert gi.acct in await person.roles(room)
    await gi.say(room, "here again")
    await network.settle()
    for person in (al, bo, gi):
        assert await person.texts(room) == ["here again"]


async def test_conformance_60_a_message_of_an_older_epoch_is_shown(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo, gi)
    network.cut("beta.test")

    await gi.leave(room)
    await network.settle()
    await bo.say(room, "I know of nothing")
    network.heal("beta.test")
    network.advance(hours=1)
    await network.settle()

    assert "I know of nothing" in await al.texts(room)
    assert await gi.texts(room) == []


async def test_home_ends_the_logs_of_nobody_but_whom_it_removes(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi, gus = (
        alpha.person("al"),
        beta.person("bo"),
        gamma.person("gi"),
        gamma.person("gus"),
    )
    room = await together(network, al, bo, gi, gus)
    await bo.say(room, "hello")
    await network.settle()
    (create, *_) = sent(network.tape, "Create", by="beta.test")
    home_signs = await network.signer_of(alpha, room.uri)
    (row,) = await alpha.rows("SELECT state FROM conversation WHERE uri = $1", room.uri)

    # A home that lies names bo's log as one that gi's removal ends.
    state = chain.without(GroupState.from_json(loads(row["state"].encode())), gi.uri)
    removed = state_change.Removed(gi.uri, "member", {create.document["chatLog"]: 0})
    remove = state_change.remove(
        state.to_json(),
        removed=removed,
        change_id=f"{room.uri}/state/{state.epoch}",
        basis=(),
        published=network.clock.now(),
    )
    assert await home_signs.post("https://gamma.test/inbox", home_signs.proven(remove)) == 202
    await network.settle()
    await bo.say(room, "I am still here")
    await network.settle()

    assert await gus.texts(room) == ["hello", "I am still here"]
    logs = await gamma.rows(
        "SELECT author_uri, final FROM author_log WHERE author_uri = $1", bo.uri
    )
    assert [log["final"] for log in logs] == [None]


async def test_who_is_out_is_told_nothing_of_what_became_of_the_group(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, ann, cy = (alpha.person(name) for name in ("al", "ann", "cy"))
    bo, bea, ben = (beta.person(name) for name in ("bo", "bea", "ben"))
    room = await together(network, al, ann, cy, bo, bea, ben)
    await al.rename(room, "coffee")
    await network.settle()
    before = await bo.see(room)

    await bea.leave(room)
    await network.settle()
    await ann.leave(room)
    await al.remove(bo, room)
    await al.ban(cy, room)
    await network.settle()
    await al.change(room, settings={"history": "shared"}, icon="https://alpha.test/media/cup.png")
    await al.change(room, successors=[ben.acct])
    await al.rename(room, "cocoa")
    await network.settle()

    gone = [await person.see(room) for person in (bea, ann, bo, cy)]
    assert [one["state"] for one in gone] == ["left", "left", "removed", "banned"]
    assert [one["epoch"] - before["epoch"] for one in gone] == [0, 1, 2, 3]
    for one in gone:
        assert (one["title"], one["settings"]) == ("coffee", {})
        assert (one["icon"], one["successors"], one["moved_to"]) == (None, [], None)
    for member in (al, ben):
        seen = await member.see(room)
        assert (seen["title"], seen["successors"]) == ("cocoa", [ben.acct])
        assert seen["icon"] == "https://alpha.test/media/cup.png"


async def test_who_has_left_while_home_is_away_is_told_nothing_of_what_it_does_then(
    network: Network,
):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo, ben = alpha.person("al"), beta.person("bo"), beta.person("ben")
    room = await together(network, al, bo, ben)
    network.cut("alpha.test")

    await bo.leave(room)
    await network.settle()
    await al.rename(room, "cocoa")
    await join(network, al, alpha.person("ann"), room)
    network.heal("alpha.test")
    network.advance(hours=1)
    await network.settle()

    assert (await bo.see(room))["title"] == "tea"
    assert "ann@alpha.test" not in await bo.roles(room)
    assert (await ben.see(room))["title"] == "cocoa"


async def test_who_leaves_while_home_makes_them_admin_leaves_their_words_behind(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo, gi)
    await bo.say(room, "before")
    await network.settle()
    late: list[Exchange] = []

    # The founder goes, so that bo is to be admin; bo goes before they hear of it.
    await al.leave(room)
    await bo.say(room, "last words")
    await bo.leave(room)
    with network.hold(posted("Create", "Leave", to="alpha.test"), late):
        await network.settle()
    assert [one.type for one in late] == ["Create", "Leave"]
    await network.replay(*late)
    await network.settle()

    # Their Leave says that they are no admin; nothing else needs to be said.
    assert sent(network.tape, "Reject") == []
    assert await gi.roles(room) == {gi.acct: "admin"}
    assert await gi.texts(room) == ["before", "last words"]
    assert [row["text"] for row in await alpha.rows("SELECT text FROM message ORDER BY t")] == [
        "before",
        "last words",
    ]
    assert await alpha.rows("SELECT 1 FROM message WHERE taken_back_at IS NOT NULL") == []
