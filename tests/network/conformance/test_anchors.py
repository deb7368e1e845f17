"""Unaware members are told why their group has other people, by one message of one node (6.5)."""

from typing import Any

import pytest

from federation.activities import anchor
from storage import repairs
from tests.network.stories import join, join_in_words, sent, together
from tests.support.mastodon_peer import MastodonPeer
from tests.support.network import Network
from tests.support.person import Person, Room

pytestmark = pytest.mark.network


def anchors(network: Network, *, to: str = "") -> list[dict[str, Any]]:
    """The anchors that were sent, each once."""
    found = {
        one.document["id"]: one.document
        for one in sent(network.tape, "Create", to=to)
        if one.document["object"].get("chatNotice") in {"joined", "left", "removed", "closed"}
    }
    return list(found.values())


async def quiet(network: Network, **length: float) -> None:
    """Time passes in which nothing else changes."""
    network.advance(**length)
    await network.settle()


async def test_conformance_89_an_add_is_explained_once_after_thirty_seconds(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    carol = network.mastodon()
    room = await together(network, al, bo)
    await join_in_words(network, al, carol, room)
    await quiet(network, seconds=31)
    network.tape.clear()

    await al.give_role(bo, "moderator", room)
    await network.settle()
    await bo.invite(gi, room)
    await network.settle()
    await quiet(network, seconds=10)
    await gi.accept(room)
    await network.settle()
    await quiet(network, seconds=29)
    early = anchors(network)
    await quiet(network, seconds=2)
    await quiet(network, hours=1)

    assert early == []
    (anchor,) = anchors(network)
    note = anchor["object"]
    assert (anchor["actor"], note["chatNotice"]) == (bo.uri, "joined")
    assert set(note["to"]) == {al.uri, gi.uri, carol.uri, room.uri}
    assert {tag["href"] for tag in note["tag"]} == set(note["to"])
    assert note["content"] == (
        f"<p>{bo.acct} added {gi.acct}. Members: {al.acct}, {bo.acct}, {carol.acct}, {gi.acct}.</p>"
    )
    assert "chatSeq" in anchor
    await carol.accept_senders()
    assert any(f"added {gi.acct}" in text for text in carol.texts())
    for person in (al, bo, gi):
        assert await person.texts(room) == []


async def test_conformance_89_among_aware_members_nothing_is_explained(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo)

    await join(network, al, gi, room)
    await quiet(network, seconds=31)
    await quiet(network, hours=1)

    assert anchors(network) == []


async def test_conformance_89_changes_that_come_one_after_the_other_have_one_anchor(
    network: Network,
):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    carol = network.mastodon()
    room = await together(network, al, bo)
    await join_in_words(network, al, carol, room)
    await quiet(network, seconds=31)
    network.tape.clear()

    await join(network, al, gi, room)
    await quiet(network, seconds=20)
    await bo.leave(room)
    await network.settle()
    await quiet(network, seconds=20)
    early = anchors(network)
    await quiet(network, seconds=11)

    assert early == []
    (anchor,) = anchors(network)
    assert (anchor["actor"], anchor["object"]["chatNotice"]) == (al.uri, "left")
    assert f"{al.acct} added {gi.acct}. {bo.acct} left." in anchor["object"]["content"]


async def test_a_change_that_comes_while_another_is_explained_is_explained_too(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    carol = network.mastodon()
    room = await together(network, al, bo)
    await join_in_words(network, al, carol, room)
    network.advance(seconds=31)
    # It has read what to explain, and is not done.
    (explaining,) = await alpha.inside(repairs.lease(network.clock.now()))
    assert explaining.kind == anchor.KIND
    network.tape.clear()

    await join(network, al, gi, room)
    await alpha.inside(repairs.settle(explaining.id))
    await quiet(network, seconds=31)

    assert [gi.acct in one["object"]["content"] for one in anchors(network)] == [True]


async def test_an_unaware_member_who_is_removed_is_told_so_in_one_line(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, carol, dave = alpha.person("al"), network.mastodon(), network.gotosocial()
    room = await al.start_conversation("tea")
    await join_in_words(network, al, carol, room)
    await join_in_words(network, al, dave, room)
    await quiet(network, seconds=31)
    await remove(network, al, carol, room)
    network.tape.clear()

    await quiet(network, seconds=31)
    await quiet(network, hours=1)

    (anchor,) = anchors(network)
    assert anchor["object"]["chatNotice"] == "removed"
    assert carol.uri not in anchor["object"]["to"]
    (line,) = sent(network.tape, "Create", to="masto.test")
    assert line.document["object"]["to"] == [carol.uri]
    assert "You have been removed from the group “tea”." in line.document["object"]["content"]


async def test_a_moderator_may_untick_that_line(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, carol = alpha.person("al"), network.mastodon()
    room = await al.start_conversation("tea")
    await join_in_words(network, al, carol, room)
    await quiet(network, seconds=31)
    await remove(network, al, carol, room, query="?quiet=true")
    network.tape.clear()

    await quiet(network, seconds=31)

    assert sent(network.tape, to="masto.test") == []


async def remove(
    network: Network, person: Person, gone: MastodonPeer, room: Room, *, query: str = ""
) -> None:
    place = (await person.see(room))["id"]
    await person.must("DELETE", f"/conversations/{place}/members/{gone.acct}{query}")
    await network.settle()


async def test_before_a_group_ends_its_unaware_members_are_told(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo, carol = alpha.person("al"), beta.person("bo"), network.mastodon()
    room = await together(network, al, bo)
    await join_in_words(network, al, carol, room)
    await quiet(network, seconds=31)
    network.tape.clear()

    await al.close(room)
    await network.settle()

    (anchor,) = anchors(network, to="masto.test")
    assert anchor["object"]["chatNotice"] == "closed"
    assert f"{al.acct} closes this group." in anchor["object"]["content"]
    assert await bo.state_in(room) == "closed"
    assert await bo.texts(room) == []


async def test_what_came_to_light_late_is_explained_no_more(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo, carol = alpha.person("al"), beta.person("bo"), network.mastodon()
    room = await together(network, al, bo)
    await join_in_words(network, al, carol, room)
    await quiet(network, seconds=31)
    await alpha.stop()
    network.tape.clear()

    network.advance(hours=2)
    await alpha.start()
    await network.settle()

    assert anchors(network) == []


async def test_where_a_group_goes_on_its_unaware_members_are_told(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo, carol = alpha.person("al"), beta.person("bo"), network.mastodon()
    room = await together(network, al, bo)
    await join_in_words(network, al, carol, room)
    await al.give_role(bo, "admin", room)
    await quiet(network, seconds=31)
    network.tape.clear()

    await bo.must("POST", f"/conversations/{(await bo.see(room))['id']}/move")
    await network.settle()
    await quiet(network, seconds=31)
    await quiet(network, hours=1)

    (anchor,) = anchors(network)
    assert "The group goes on here." in anchor["object"]["content"]
    assert anchor["context"].startswith("https://beta.test/c/")
    assert carol.uri in anchor["object"]["to"]
