"""A link brings in who has it, for as long as it lasts, and shows nobody else anything (5.3)."""

import json

import pytest

from tests.network.stories import sent, together
from tests.support.gate import Exchange, posted
from tests.support.network import Network
from tests.support.person import AnsweredOtherwiseError

pytestmark = pytest.mark.network


async def test_who_has_a_link_joins_and_is_known_everywhere(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, gi)
    link = await al.link_into(room)

    joined = await bo.join(link)
    assert await bo.state_in(joined) == "joining"
    assert (await bo.see(joined))["waiting_for"] == "alpha.test"
    await network.settle()

    assert joined == room
    expected = {al.acct: "admin", gi.acct: "member", bo.acct: "member"}
    for person in (al, bo, gi):
        assert await person.roles(room) == expected
    (add,) = [one.document for one in sent(network.tape, "Add", to="gamma.test")][-1:]
    assert [basis["type"] for basis in add["chatBasis"]] == ["Join"]
    await bo.say(room, "hello")
    await al.say(room, "welcome")
    await network.settle()
    assert await al.texts(room) == await bo.texts(room) == await gi.texts(room)
    assert len(await bo.texts(room)) == 2


async def test_somebody_of_the_same_node_joins_at_once(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, ann = alpha.person("al"), alpha.person("ann")
    room = await al.start_conversation("tea")

    await ann.join(await al.link_into(room))

    assert await ann.roles(room) == {al.acct: "admin", ann.acct: "member"}


async def test_a_link_lasts_for_so_many_people_and_so_long(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo, ben = alpha.person("al"), beta.person("bo"), beta.person("ben")
    room = await al.start_conversation("tea")
    one = await al.link_into(room, uses=1)
    day = await al.link_into(room, expires_in_s=86400)

    # Both have looked at the link before the first has used it up. What two people of one node ask
    # at once is sent at once, so that only the wire says whose is first.
    held: list[Exchange] = []
    with network.hold(posted("Join", to="alpha.test"), held):
        await bo.join(one)
        await ben.join(one)
        await network.settle()
    assert len(held) == 2
    await network.replay(*sorted(held, key=lambda each: each.document["actor"] != bo.uri))
    await network.settle()
    (reject,) = sent(network.tape, "Reject", by="alpha.test")
    assert reject.document["chatNotice"] == "expired"
    assert await al.roles(room) == {al.acct: "admin", bo.acct: "member"}
    assert (await ben.ask("POST", "/conversations/join", {"link": one}))[0] == 404
    network.advance(days=1, minutes=1)
    assert (await ben.ask("POST", "/conversations/join", {"link": day}))[0] == 404


async def test_an_outcast_is_not_let_in_by_a_link(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    link = await al.link_into(room)
    await al.ban(bo, room)
    await network.settle()

    await bo.join(link)
    await network.settle()

    (reject,) = sent(network.tape, "Reject", by="alpha.test")
    assert reject.document["chatNotice"] == "banned"
    assert await al.roles(room) == {al.acct: "admin"}


async def test_links_are_for_who_may_invite_and_where_the_group_lives(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, ann, bo = alpha.person("al"), alpha.person("ann"), beta.person("bo")
    room = await together(network, al, ann, bo)
    await al.give_role(bo, "admin", room)
    await network.settle()

    here = f"/conversations/{(await ann.see(room))['id']}/links"
    there = f"/conversations/{(await bo.see(room))['id']}/links"
    assert (await ann.ask("POST", here, {}))[0] == 403
    assert (await bo.ask("POST", there, {}))[0] == 409
    assert (await al.ask("POST", here, {"expires_in_s": 31 * 86400}))[0] == 422
    made = await al.must("POST", here, {"uses": 3})
    (listed,) = (await al.must("GET", here))["items"]
    assert (listed["id"], listed["uses_left"], listed["maker"]) == (made["id"], 3, al.uri)
    assert "url" not in listed
    assert (await ann.ask("GET", here))[0] == 403
    await al.ask("DELETE", f"{here}/{made['id']}")
    assert (await al.must("GET", here))["items"] == []


async def test_a_link_shows_its_holder_the_group_and_no_member(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await al.start_conversation("tea")
    link = await al.link_into(room)
    bo_signs = await network.signer(bo)
    asked = bo_signs.request("GET", link, None)

    assert await network.replay(asked) == [200]
    shown = json.loads(asked.answer.partition(b"\r\n\r\n")[2])
    assert (shown["id"], shown["name"], shown["totalItems"]) == (room.uri, "tea", 1)
    assert al.uri not in json.dumps(shown)
    assert await network.get(link) == 404
    assert await bo_signs.get(f"{link}0") == 404
    path = link.removeprefix("https://alpha.test")
    status, page = await alpha.call("GET", path, headers={"Accept": "text/html"})
    assert (status, "tea" in page) == (200, True)
    assert al.acct not in page
    assert al.uri not in page


async def test_who_joined_may_leave_and_come_back_by_a_link(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await al.start_conversation("tea")
    link = await al.link_into(room)
    await bo.join(link)
    await network.settle()
    (first,) = sent(network.tape, "Join", to="alpha.test")

    await bo.leave(room)
    await network.settle()
    await network.replay(first)
    await network.settle()
    assert await al.roles(room) == {al.acct: "admin"}
    await bo.join(link)
    await network.settle()

    assert await al.roles(room) == await bo.roles(room) == {al.acct: "admin", bo.acct: "member"}
    assert [row["uses_left"] for row in await alpha.rows("SELECT uses_left FROM join_link")] == [23]


async def test_who_comes_back_before_home_knows_that_they_left_writes_when_home_has_let_them_in(
    network: Network,
):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo, gi)
    link = await al.link_into(room)

    await gi.leave(room)
    await gi.join(link)
    with pytest.raises(AnsweredOtherwiseError) as too_early:
        await gi.say(room, "too early")
    await network.settle()
    await gi.say(room, "back again")
    await network.settle()

    assert too_early.value.status == 403
    for person in (al, bo, gi):
        assert await person.texts(room) == ["back again"]
