"""Members ask home for changes; it decides them one by one, and every node follows it."""

from datetime import timedelta

import pytest

from federation.protocol.build import answer as build_answer
from federation.protocol.build import request as build
from federation.protocol.build.request import Asking
from tests.network.stories import join, sent, together
from tests.support.gate import Exchange, posted
from tests.support.network import Network

pytestmark = pytest.mark.network


async def test_a_request_waits_for_home_and_is_then_true_everywhere(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo, gi)
    await al.give_role(bo, "admin", room)
    await network.settle()
    network.cut("alpha.test")

    shown = await bo.rename(room, "coffee")
    await network.settle()
    assert (shown["title"], shown["waiting_for"]) == ("tea", "alpha.test")
    assert shown["requests"] == [
        {"wish": "describe", "subject": "", "state": "waiting", "notice": ""}
    ]
    network.heal("alpha.test")
    network.advance(hours=1)
    await network.settle()

    for person in (al, bo, gi):
        assert (await person.see(room))["title"] == "coffee"
    seen = await bo.see(room)
    assert (seen["waiting_for"], seen["requests"]) == (None, [])
    (update,) = [one.document for one in sent(network.tape, "Update", to="gamma.test")]
    (request,) = [one.document for one in sent(network.tape, "Update", by="beta.test")]
    assert update["chatBasis"] == [{"id": request["id"], "type": "Update", "actor": bo.uri}]
    assert request["to"] == [room.uri]


async def test_every_change_reaches_every_node(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    icon = "https://alpha.test/media/cup.png"

    await al.change(room, settings={"history": "shared", "x": {"y": 1}}, icon=icon)
    await al.change(room, successors=[bo.acct])
    await al.give_role(bo, "moderator", room)
    await network.settle()

    for person in (al, bo):
        seen = await person.see(room)
        assert seen["settings"] == {
            "history": "shared",
            "invite": "moderator",
            "relay": True,
            "x": {"y": 1},
        }
        assert (seen["icon"], seen["successors"]) == (icon, [bo.acct])
        assert await person.roles(room) == {al.acct: "admin", bo.acct: "moderator"}


async def test_who_is_banned_is_out_until_the_ban_is_lifted(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)

    seen = await al.ban(bo, room)
    await network.settle()
    assert [one["acct"] for one in seen["outcasts"]] == [bo.acct]
    assert await bo.state_in(room) == "banned"
    path = f"/conversations/{seen['id']}/members"
    assert (await al.ask("POST", path, {"acct": bo.acct}))[0] == 403
    await al.remove(bo, room)
    await join(network, al, bo, room)

    assert await al.roles(room) == await bo.roles(room) == {al.acct: "admin", bo.acct: "member"}


async def test_a_closed_group_can_be_read_and_nothing_else(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    await al.say(room, "the last line")
    await network.settle()

    await al.close(room)
    await network.settle()

    for person in (al, bo):
        assert await person.state_in(room) == "closed"
        assert await person.texts(room) == ["the last line"]
        path = f"/conversations/{(await person.see(room))['id']}"
        assert (await person.ask("POST", f"{path}/messages", {"text": "hm"}))[0] == 409
        assert (await person.ask("PATCH", path, {"title": "tea again"}))[0] == 409


async def test_conformance_41_a_withdrawn_invitation_makes_no_member(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await al.start_conversation("tea")
    await al.invite(bo, room)
    await network.settle()

    # Home has withdrawn it when the Accept arrives, of which bo's node hears only then.
    with network.lose(posted("Undo", to="beta.test")):
        await al.remove(bo, room)
        await network.settle()
    await bo.accept(room)
    await network.settle()

    (reject,) = sent(network.tape, "Reject", by="alpha.test")
    assert reject.document["chatNotice"] == "withdrawn"
    assert await al.roles(room) == {al.acct: "admin"}
    assert await bo.state_in(room) == ""


async def test_a_withdrawn_invitation_is_over_at_both_nodes(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await al.start_conversation("tea")
    await al.invite(bo, room)
    await network.settle()

    await al.remove(bo, room)
    await network.settle()

    assert await bo.state_in(room) == "removed"
    assert await bo.rooms("requests") == []
    assert await al.roles(room) == {al.acct: "admin"}
    path = f"/conversations/{(await bo.see(room))['id']}/accept"
    assert (await bo.ask("POST", path))[0] == 409


async def test_conformance_41_an_invitation_ends_with_its_inviter(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo)
    await al.give_role(bo, "moderator", room)
    await network.settle()
    await bo.invite(gi, room)
    await network.settle()
    network.advance(minutes=1)
    await network.settle()

    await al.remove(bo, room)
    await network.settle()
    await gi.accept(room)
    await network.settle()

    (reject,) = sent(network.tape, "Reject", by="alpha.test", to="gamma.test")
    assert reject.document["chatNotice"] == "withdrawn"
    assert await al.roles(room) == {al.acct: "admin"}


async def test_conformance_42_a_late_undo_has_no_effect(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await al.start_conversation("tea")
    await al.invite(bo, room)
    await network.settle()
    (invite,) = sent(network.tape, "Invite", to="beta.test")
    al_signs = await network.signer(al)
    asking = Asking(f"{al.uri}/a/late-undo", al.uri, room.uri, network.clock.now())
    undo = al_signs.proven(build.withdraw(asking, invite.document))

    await bo.accept(room)
    await network.settle()
    assert await al_signs.post("https://beta.test/inbox", undo) == 202
    await network.settle()

    assert await bo.state_in(room) == "joined"
    assert await al.roles(room) == await bo.roles(room) == {al.acct: "admin", bo.acct: "member"}


async def test_conformance_53_of_two_admins_who_remove_each_other_the_first_wins(
    network: Network,
):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo, gi)
    await al.give_role(bo, "admin", room)
    await al.give_role(gi, "admin", room)
    await network.settle()
    held: list[Exchange] = []

    with network.hold(posted("Remove", to="alpha.test"), held):
        await bo.remove(gi, room)
        await gi.remove(bo, room)
        await network.settle()
    held.sort(key=lambda one: one.sender)
    await network.reorder(held, (0, 1))

    (reject,) = sent(network.tape, "Reject", by="alpha.test")
    assert (reject.host, reject.document["chatNotice"]) == ("gamma.test", "not-allowed")
    assert await al.roles(room) == await bo.roles(room) == {al.acct: "admin", bo.acct: "admin"}
    seen = await gi.see(room)
    assert seen["state"] == "removed"
    assert [(one["state"], one["notice"]) for one in seen["requests"]] == [
        ("refused", "not-allowed")
    ]


async def test_conformance_54_two_new_names_are_two_epochs_and_the_last_one_holds(
    network: Network,
):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo, gi)
    await al.give_role(bo, "admin", room)
    await al.give_role(gi, "admin", room)
    await network.settle()
    before = (await al.see(room))["epoch"]

    await bo.rename(room, "coffee")
    await gi.rename(room, "cocoa")
    await network.settle()

    seen = [await person.see(room) for person in (al, bo, gi)]
    assert [one["epoch"] for one in seen] == [before + 2] * 3
    assert len({one["title"] for one in seen}) == 1
    assert seen[0]["title"] in {"coffee", "cocoa"}


@pytest.mark.parametrize("wish", ["remove", "rename", "ban", "role", "close"])
async def test_conformance_55_a_member_without_the_role_is_refused(network: Network, wish: str):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo, gi)
    bo_signs = await network.signer(bo)
    asking = Asking(f"{bo.uri}/a/wish", bo.uri, room.uri, network.clock.now())
    documents = {
        "remove": build.take_role(asking, gi.uri),
        "rename": build.describe(asking, {"name": "mine"}),
        "ban": build.give_role(asking, gi.uri, "outcast"),
        "role": build.give_role(asking, bo.uri, "admin"),
        "close": build.close(asking),
    }
    before = await al.see(room)

    assert await bo_signs.post(f"{room.uri}/inbox", bo_signs.proven(documents[wish])) == 202
    await network.settle()

    (reject,) = sent(network.tape, "Reject", by="alpha.test", to="beta.test")
    assert reject.document["object"] == asking.id
    assert reject.document["chatNotice"] == "not-allowed"
    assert await al.see(room) == before


async def test_conformance_56_a_request_that_is_a_week_old_has_expired(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    await al.give_role(bo, "admin", room)
    await network.settle()
    bo_signs = await network.signer(bo)
    old = network.clock.now() - timedelta(days=8)
    asking = Asking(f"{bo.uri}/a/old", bo.uri, room.uri, old)

    body = bo_signs.proven(build.describe(asking, {"name": "too late"}))
    assert await bo_signs.post(f"{room.uri}/inbox", body) == 202
    await network.settle()

    (reject,) = sent(network.tape, "Reject", by="alpha.test")
    assert reject.document["chatNotice"] == "expired"
    assert (await al.see(room))["title"] == "tea"


async def test_a_request_waits_a_week_for_home_and_no_longer(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    await al.give_role(bo, "admin", room)
    await network.settle()
    network.cut("alpha.test")
    await bo.rename(room, "coffee")
    await network.settle()

    network.advance(days=7, minutes=1)
    await beta.tidy()
    network.heal("alpha.test")
    network.advance(hours=7)
    await network.settle()

    seen = await bo.see(room)
    assert seen["waiting_for"] is None
    assert [one["state"] for one in seen["requests"]] == ["expired"]
    assert (await al.see(room))["title"] == "tea"
    assert sent(network.tape, "Update", by="beta.test") == []


async def test_conformance_57_what_is_above_the_head_is_refused_and_taken_back(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo, gi)
    held: list[Exchange] = []
    with network.hold(posted("Create", by="beta.test", to="gamma.test"), held):
        await bo.say(room, "one")
        await network.settle()

    # Home hears nothing of the second line before it removes its author; gamma does.
    with network.lose(posted("Create", to="alpha.test")):
        await bo.say(room, "two")
        await network.settle()
    assert await gi.texts(room) == ["two"]
    with network.hold(posted("Remove", to="beta.test"), []):
        await al.remove(bo, room)
        await network.settle()
    assert await gi.texts(room) == []
    await network.replay(*held)
    await bo.say(room, "three")
    await network.settle()

    (remove,) = [one.document for one in sent(network.tape, "Remove", to="gamma.test")]
    assert list(remove["chatHeads"].values()) == [1]
    assert await al.texts(room) == await gi.texts(room) == ["one"]
    late = [one.status for one in sent(network.tape, "Create", by="beta.test")][-2:]
    assert late == [403, 403]


async def test_who_was_removed_is_told_which_lines_were_not_delivered(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    await bo.say(room, "one")
    await network.settle()
    with network.lose(posted("Create", to="alpha.test")):
        await bo.say(room, "two")
        await network.settle()

    await al.remove(bo, room)
    await network.settle()

    assert await bo.state_in(room) == "removed"
    one, two = await bo.messages(room)
    assert (one["delivery"][0]["state"], two["delivery"][0]["state"]) == ("delivered", "refused")
    assert two["delivery"][0]["reason"] == "not delivered: you had been removed"
    assert await al.texts(room) == ["one"]


async def test_conformance_59_nothing_but_deletes_goes_to_who_was_removed(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    first = await al.say(room, "one")
    await network.settle()
    network.cut("beta.test")
    for number in range(20):
        await al.say(room, f"line {number}")
    await al.must("DELETE", f"/messages/{first}")
    await network.settle()

    await al.remove(bo, room)
    network.heal("beta.test")
    network.advance(hours=1)
    network.tape.clear()
    await network.settle()

    assert {one.type for one in sent(network.tape, to="beta.test")} <= {"Delete", "Remove"}
    assert sent(network.tape, "Delete", to="beta.test")
    assert await bo.state_in(room) == "removed"


async def test_the_last_admin_is_not_demoted(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, ann = alpha.person("al"), alpha.person("ann")
    room = await together(network, al, ann)
    path = f"/conversations/{(await al.see(room))['id']}/members/{al.acct}"

    for method, body in (("PATCH", {"role": "member"}), ("DELETE", None)):
        assert (await al.ask(method, path, body))[0] == 403
    await al.give_role(ann, "admin", room)
    await al.must("PATCH", path, {"role": "member"})

    assert await ann.roles(room) == {al.acct: "member", ann.acct: "admin"}


async def test_a_member_asks_at_most_thirty_times_an_hour(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    await al.give_role(bo, "admin", room)
    await network.settle()

    for number in range(31):
        await bo.rename(room, f"title {number}")
    await network.settle()

    notices = [one.document["chatNotice"] for one in sent(network.tape, "Reject", by="alpha.test")]
    assert notices == ["rate"]
    network.advance(hours=1, minutes=1)
    await bo.rename(room, "at last")
    await network.settle()
    assert (await al.see(room))["title"] == "at last"


async def test_an_inviter_asks_twenty_people_a_day_and_nobody_twice_a_week(network: Network):
    (alpha,) = await network.start("alpha.test")
    al = alpha.person("al")
    people = [alpha.person(f"p{number}") for number in range(21)]
    room = await al.start_conversation("tea")
    path = f"/conversations/{(await al.see(room))['id']}/members"
    for person in people:
        await person.arrive()

    for person in people[:20]:
        await al.invite(person, room)
    assert (await al.ask("POST", path, {"acct": people[20].acct}))[0] == 429
    await people[0].decline(room)
    network.advance(days=2)
    assert (await al.ask("POST", path, {"acct": people[0].acct}))[0] == 429
    network.advance(days=6)
    await al.invite(people[0], room)
    await al.invite(people[20], room)


async def test_conformance_101_of_two_accounts_one_is_removed_and_the_other_stays(
    network: Network,
):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo, bob = alpha.person("al"), beta.person("bo"), beta.person("bob")
    room = await together(network, al, bo, bob)

    await al.remove(bo, room)
    await network.settle()
    await al.say(room, "to whom it concerns")
    await network.settle()

    assert await al.roles(room) == await bob.roles(room) == {al.acct: "admin", bob.acct: "member"}
    assert (await bo.texts(room), await bob.texts(room)) == ([], ["to whom it concerns"])


async def test_a_reject_of_what_was_never_asked_changes_nothing(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo, gi)
    gi_signs = await network.signer(gi)
    reject = build_answer.refuse(
        {"id": f"{bo.uri}/a/never", "actor": bo.uri},
        answer_id=f"{gi.uri}/a/reject",
        conversation=gi.uri,
        notice="banned",
        published=network.clock.now(),
    )

    await gi_signs.post("https://beta.test/inbox", gi_signs.proven(reject))
    await network.settle()

    seen = await bo.see(room)
    assert (seen["state"], seen["requests"]) == ("joined", [])
