"""What got lost on its way is found by its number, and read where it is."""

import copy
from collections.abc import Mapping
from typing import Any

import pytest

from tests.network.stories import join, sent, together
from tests.support.gate import posted
from tests.support.live_node import LiveNode
from tests.support.network import Network
from tests.support.person import Person, Room

pytestmark = pytest.mark.network


async def three(network: Network) -> tuple[LiveNode, LiveNode, LiveNode, Room]:
    """al at home, bo and gi elsewhere, in one group that has been read to its end."""
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    room = await together(network, alpha.person("al"), beta.person("bo"), gamma.person("gi"))
    network.advance(seconds=20)
    await network.settle()
    network.tape.clear()
    return alpha, beta, gamma, room


async def say(network: Network, person: Person, room: Room, *texts: str) -> None:
    for text in texts:
        await person.say(room, text)
        await network.settle()
        network.advance(seconds=1)


async def soon(network: Network, seconds: int = 11) -> None:
    """As long as it takes until a gap is looked into."""
    network.advance(seconds=seconds)
    await network.settle()


def asked(network: Network, host: str, part: str) -> list[str]:
    """The documents with this in their address that a host was asked for."""
    gets = [one for one in network.tape if one.method == "GET" and one.host == host]
    return [one.target for one in gets if part in one.target]


async def test_conformance_68_lost_entries_are_fetched_from_their_authors_log(network: Network):
    _, beta, gamma, room = await three(network)
    bo, gi = beta.person("bo"), gamma.person("gi")
    await say(network, bo, room, "1", "2", "3")
    with network.lose(posted("Create", to="gamma.test")):
        await say(network, bo, room, "4", "5", "6")
    await say(network, bo, room, "7")
    assert await gi.texts(room) == ["1", "2", "3", "7"]

    await soon(network)

    assert await gi.texts(room) == ["1", "2", "3", "4", "5", "6", "7"]
    assert {one["provenance"] for one in await gi.messages(room)} == {"verified"}
    assert len(asked(network, "beta.test", "/log/")) == 1
    assert asked(network, "alpha.test", "/history") == []


async def test_conformance_68_while_the_author_is_away_they_come_from_home(network: Network):
    _, beta, gamma, room = await three(network)
    bo, gi = beta.person("bo"), gamma.person("gi")
    with network.lose(posted("Create", to="gamma.test")):
        await say(network, bo, room, "lost", "as well")
    await say(network, bo, room, "came")
    network.cut("beta.test")

    await soon(network)

    assert await gi.texts(room) == ["lost", "as well", "came"]


async def test_conformance_68_home_fetches_them_without_a_member_of_its_own(network: Network):
    alpha, beta, gamma, room = await three(network)
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    await al.leave(room)
    await network.settle()
    with network.lose(posted("Create", to="alpha.test")):
        await say(network, bo, room, "lost on its way home")
    await say(network, bo, room, "came")

    await soon(network)

    kept = await alpha.rows("SELECT text FROM message ORDER BY t")
    assert [row["text"] for row in kept] == ["lost on its way home", "came"]
    assert await gi.texts(room) == ["lost on its way home", "came"]


async def test_conformance_69_a_head_that_another_names_leads_to_the_log(network: Network):
    alpha, beta, gamma, room = await three(network)
    with network.lose(posted("Create", to="gamma.test")):
        await say(network, beta.person("bo"), room, "unheard of")

    await say(network, alpha.person("al"), room, "what do you say to that?")
    await soon(network)

    texts = await gamma.person("gi").texts(room)
    assert texts == ["unheard of", "what do you say to that?"]


async def test_conformance_71_a_host_without_members_finds_no_log(network: Network):
    _, beta, _, room = await three(network)
    (mallory,) = await network.start("mallory.test")
    await say(network, beta.person("bo"), room, "private")
    (log,) = await beta.rows("SELECT uri FROM author_log WHERE local = TRUE AND head > 0")
    signer = await network.signer(mallory.person("eve"))

    assert await network.get(f"{log['uri']}?after=0") == 404
    assert await signer.get(f"{log['uri']}?after=0") == 404
    assert await signer.get(f"{log['uri']}?state=0") == 404


async def test_nobody_looks_for_the_log_of_who_had_gone_before_they_came(network: Network):
    alpha, beta, _, room = await three(network)
    al, bo = alpha.person("al"), beta.person("bo")
    await bo.leave(room)
    await network.settle()
    (delta,) = await network.start("delta.test")
    await join(network, al, delta.person("dan"), room)

    await say(network, al, room, "welcome")
    await soon(network)

    assert await delta.texts(room) == ["welcome"]
    assert await delta.rows("SELECT subject, reason FROM repair WHERE state = 'pending'") == []


async def test_a_gap_of_which_everybody_is_away_waits_and_is_filled(network: Network):
    _, beta, gamma, room = await three(network)
    bo, gi = beta.person("bo"), gamma.person("gi")
    with network.lose(posted("Create", to="gamma.test")):
        await say(network, bo, room, "lost")
    await say(network, bo, room, "came")
    network.cut("alpha.test")
    network.cut("beta.test")

    await soon(network)
    assert await gi.texts(room) == ["came"]
    network.heal("beta.test")
    network.advance(minutes=1)
    await network.settle()

    assert await gi.texts(room) == ["lost", "came"]


async def test_in_a_direct_conversation_the_others_log_is_read(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await bo.arrive()
    room = await al.write_to(bo.acct, "hello")
    await network.settle()
    await bo.accept(room)
    with network.lose(posted("Create", to="beta.test")):
        await say(network, al, room, "are you there?")
    await say(network, al, room, "anybody?")

    await soon(network)

    assert await bo.texts(room) == ["hello", "are you there?", "anybody?"]


async def test_silence_is_noticed_every_six_hours(network: Network):
    _, beta, gamma, room = await three(network)
    with network.lose(posted("Create", to="gamma.test")):
        await say(network, beta.person("bo"), room, "nobody says anything after this")
    network.advance(hours=7)

    await gamma.ask_others()
    await network.settle()

    (message,) = await gamma.person("gi").messages(room)
    assert message["text"] == "nobody says anything after this"


async def test_conformance_70_stubs_close_the_gap_and_tell_nothing(network: Network):
    _, beta, gamma, room = await three(network)
    bo, gi = beta.person("bo"), gamma.person("gi")
    with network.lose(posted(to="gamma.test")):
        await say(network, bo, room, "first", "to be edited", "to be deleted")
        _, edited, deleted = [one["id"] for one in await bo.messages(room)]
        await bo.edit(edited, "was edited")
        await bo.delete(deleted)
        await network.settle()
    (log,) = await beta.rows("SELECT uri FROM author_log WHERE local = TRUE AND head > 0")
    network.tape.clear()

    await say(network, bo, room, "last")
    await soon(network)

    (page,) = [one for one in network.tape if one.target.endswith("?after=0")]
    body = page.answer.partition(b"\r\n\r\n")[2]
    assert b"to be" not in body
    assert [one for one in await gi.texts(room) if one] == ["first", "was edited", "last"]
    (held,) = await gamma.rows("SELECT complete_to FROM author_log WHERE uri = $1", log["uri"])
    assert held["complete_to"] == 6
    network.tape.clear()
    await soon(network, 3600)
    assert asked(network, "beta.test", "/log/") == []


async def test_conformance_70_what_was_removed_before_it_came_is_a_stub(network: Network):
    alpha, beta, gamma, room = await three(network)
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    with network.lose(posted("Create", to="gamma.test")):
        await say(network, bo, room, "rude")
    (rude,) = await al.messages(room)
    await al.delete(rude["id"])
    await network.settle()

    await say(network, bo, room, "sorry")
    await soon(network)
    network.advance(hours=7)
    await gamma.ask_others()
    await network.settle()

    answers = [one.answer for one in network.tape if one.method == "GET"]
    assert answers
    assert b"rude" not in b"".join(answers)
    assert await gi.texts(room) == ["sorry"]
    assert await bo.texts(room) == await al.texts(room) == [None, "sorry"]
    (held,) = await gamma.rows("SELECT complete_to FROM author_log WHERE author_uri = $1", bo.uri)
    assert held["complete_to"] == 2
    assert await gamma.rows("SELECT subject FROM repair WHERE state = 'pending'") == []


async def test_conformance_70_what_was_not_for_the_asker_is_a_stub(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo)
    await al.change(room, settings={"history": "joined"})
    await say(network, bo, room, "not for gi", "nor this")
    await join(network, al, gi, room)
    await soon(network)
    network.tape.clear()

    await say(network, bo, room, "for all")
    await soon(network)

    (page,) = [one for one in network.tape if "/log/" in one.target]
    body = page.answer.partition(b"\r\n\r\n")[2]
    assert b"not for gi" not in body
    assert await gi.texts(room) == ["for all"]


async def test_conformance_73_of_two_entries_with_one_number_both_are_shown(network: Network):
    alpha, beta, _, room = await three(network)
    al, bo = alpha.person("al"), beta.person("bo")
    await say(network, bo, room, "one", "two")
    signer = await network.signer(bo)
    create = [one.document for one in sent(network.tape, "Create", to="alpha.test", by="beta.test")]
    second = varied(create[1], "another two")

    assert await signer.post("https://alpha.test/inbox", signer.proven(second)) == 202
    await network.settle()
    with network.lose(posted("Create", to="alpha.test")):
        await say(network, bo, room, "lost")
    await say(network, bo, room, "later")
    await soon(network)

    assert sorted(await al.texts(room)) == ["another two", "later", "one", "two"]
    assert asked(network, "beta.test", "/log/") == []
    assert await troubles(alpha, bo) == ["repeat"]


async def test_conformance_73_an_entry_that_names_another_one_before_it_stops_the_search(
    network: Network,
):
    alpha, beta, _, room = await three(network)
    al, bo = alpha.person("al"), beta.person("bo")
    await say(network, bo, room, "one", "two")
    signer = await network.signer(bo)
    create = [one.document for one in sent(network.tape, "Create", to="alpha.test", by="beta.test")]
    third = varied(create[1], "three", chatSeq=3, chatPrev=f"{bo.uri}/n/nowhere/create")

    assert await signer.post("https://alpha.test/inbox", signer.proven(third)) == 202
    await network.settle()

    assert sorted(await al.texts(room)) == ["one", "three", "two"]
    assert await troubles(alpha, bo) == ["repeat"]


async def test_conformance_74_a_number_far_away_starts_no_search(network: Network):
    alpha, beta, _, room = await three(network)
    al, bo = alpha.person("al"), beta.person("bo")
    await say(network, bo, room, "one")
    signer = await network.signer(bo)
    create = sent(network.tape, "Create", to="alpha.test", by="beta.test")[0].document
    far = varied(create, "far away", chatSeq=2**50, chatHeads={f"{bo.uri}/log/none": 2**52})
    network.tape.clear()

    assert await signer.post("https://alpha.test/inbox", signer.proven(far)) == 202
    await network.settle()
    await soon(network)

    assert sorted(await al.texts(room)) == ["far away", "one"]
    assert len(asked(network, "beta.test", "/log/")) <= 1


async def test_what_nobody_had_for_a_month_is_said(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await bo.arrive()
    room = await al.write_to(bo.acct, "hello")
    await network.settle()
    await bo.accept(room)
    with network.fail(lambda one: "/log/" in one.target):
        with network.lose(posted("Create", to="beta.test")):
            await say(network, al, room, "lost", "too")
        await say(network, al, room, "came")
        for _ in range(40):
            network.advance(days=1)
            await network.settle()

        (gap,) = (await bo.see(room))["gaps"]
        assert (gap["person"]["acct"], gap["count"]) == (al.acct, 2)
    await say(network, al, room, "back again")
    await soon(network)

    assert (await bo.see(room))["gaps"] == []
    assert await bo.texts(room) == ["hello", "lost", "too", "came", "back again"]


async def troubles(node: LiveNode, author: Person) -> list[str]:
    """What a node finds to be the matter with the logs of somebody."""
    rows = await node.rows(
        "SELECT trouble FROM author_log WHERE author_uri = $1 AND head > 0", author.uri
    )
    return [row["trouble"] for row in rows]


def varied(create: Mapping[str, Any], text: str, **other: object) -> dict[str, Any]:
    """A message like another, under an id of its own, with other properties."""
    document = copy.deepcopy(dict(create))
    del document["proof"]
    note = document["object"]
    note |= {"id": f"{document['actor']}/n/{text.replace(' ', '-')}", "content": f"<p>{text}</p>"}
    note["source"]["content"] = text
    return document | {"id": f"{note['id']}/create", **other}
