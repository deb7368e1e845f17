"""Ad hoc direct conversations: three people and more, known by their exact set (2)."""

from typing import Any

import pytest

from tests.network.stories import sent
from tests.support.gate import Exchange, posted
from tests.support.legacy_peer import MESSAGE, LegacyPeer
from tests.support.network import Network
from tests.support.person import Person, Room

pytestmark = pytest.mark.network


async def all_arrive(*people: Person) -> None:
    for person in people:
        await person.arrive()


async def a_set(network: Network, first: Person, *others: Person, text: str = "hello all") -> Room:
    """A direct conversation of these people that everybody has taken up."""
    await all_arrive(first, *others)
    room = await first.write_to_all([one.acct for one in others], text)
    await network.settle()
    for one in others:
        if await one.state_in(room) == "requested":
            await one.accept(room)
    return room


def note_to(peer: LegacyPeer, people: list[str], text: str, **more: object) -> dict[str, Any]:
    """A private message of other software to several people."""
    create = peer._activity(MESSAGE, people[0])
    note = create["object"]
    peer._sent += 1
    note["id"] = f"{peer.uri}/statuses/{peer._sent}"
    create["id"] = f"{note['id']}/activity#Create"
    create["published"] = note["published"] = peer._stamp()
    create["to"] = note["to"] = people
    note["tag"] = [{"type": "Mention", "href": one, "name": "@someone"} for one in people]
    note["content"] = note["contentMap"]["en"] = f"<p>{text}</p>"
    note |= more
    return create


async def test_three_people_of_three_nodes_talk_as_one_set(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")

    room = await a_set(network, al, bo, gi)
    await bo.say(room, "hello al and gi")
    await network.settle()
    network.advance(seconds=1)
    again = await gi.write_to_all([al.acct, bo.acct], "hello back")
    await network.settle()

    assert again == room
    for person in (al, bo, gi):
        assert await person.texts(room) == ["hello all", "hello al and gi", "hello back"]
        assert len(await person.rooms("")) == 1
        shown = await person.see(room)
        assert (shown["kind"], shown["title"], shown["uri"], shown["epoch"]) == (
            *("direct", "", None),
            0,
        )
    creates = [one.document for one in sent(network.tape, "Create")]
    assert all(not {"chatEpoch", "chatState"} & {*one, *one["object"]} for one in creates)
    assert {(one["chatLog"].split("/log/")[0], one["chatSeq"]) for one in creates} == {
        (al.uri, 1),
        (bo.uri, 1),
        (gi.uri, 1),
    }
    assert {one["context"] for one in creates} == {creates[0]["context"]}
    assert {one["object"]["conversation"] for one in creates} == {creates[0]["context"]}


async def test_conformance_90_other_people_are_another_conversation(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo, dana = alpha.person("al"), beta.person("bo"), network.legacy_peer()
    await all_arrive(al, bo)

    pair = await al.write_to(dana.acct, "you alone")
    three = await al.write_to_all([bo.acct, dana.acct], "you both")
    await network.settle()
    await bo.accept(three)
    network.advance(minutes=1)
    await dana.post(al.uri, note_to(dana, [al.uri], "me alone"))
    to_both = note_to(dana, [al.uri, bo.uri], "me to both")
    await dana.post(al.uri, to_both)
    await dana.post(bo.uri, to_both)
    await network.settle()
    path = f"/conversations/{(await al.see(three))['id']}"
    added, answer = await al.ask("POST", f"{path}/members", {"acct": "gi@gamma.test"})
    left, _ = await al.ask("POST", f"{path}/leave")

    assert pair != three
    assert await al.texts(pair) == ["you alone", "me alone"]
    assert await al.texts(three) == await bo.texts(three) == ["you both", "me to both"]
    assert {one["kind"] for one in await al.rooms("joined")} == {"direct"}
    assert len(await al.rooms("")) == 2
    assert len(await bo.rooms("")) == 1
    assert (added, answer["type"].rpartition("#")[2], left) == (409, "direct-conversation", 409)


async def test_everybody_is_addressed_and_mentioned_also_on_other_software(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo, dana = alpha.person("al"), beta.person("bo"), network.legacy_peer()

    await bo.arrive()
    await al.write_to_all([bo.acct, dana.acct], "hello *both*")
    await network.settle()

    (create,) = dana.received_of("Create")
    (at_bo,) = [one.document for one in sent(network.tape, "Create", to="beta.test")]
    note = create["object"]
    assert create == at_bo
    assert sorted(create["to"]) == sorted(note["to"]) == sorted([bo.uri, dana.uri])
    assert create["cc"] == note["cc"] == []
    assert sorted((one["type"], one["href"], one["name"]) for one in note["tag"]) == sorted(
        ("Mention", one.uri, f"@{one.acct}") for one in (bo, dana)
    )
    assert note["directMessage"] is True
    assert "directMessage" not in create
    assert create["chatSeq"] == 1


async def test_what_is_done_to_messages_reaches_the_set(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await a_set(network, al, bo, gi)
    first = (await al.messages(room))[0]["id"]
    said = await bo.say(room, "Thursday?")
    await network.settle()
    network.advance(seconds=1)

    await bo.edit(said, "Friday?")
    await gi.react((await gi.messages(room))[0]["id"], "🔥")
    await network.settle()
    edited = [await person.texts(room) for person in (al, bo, gi)]
    liked = [await person.reactions(room) for person in (al, bo, gi)]
    await gi.take_back((await gi.messages(room))[0]["id"], "🔥")
    await network.settle()
    taken_back = [await person.reactions(room) for person in (al, bo, gi)]
    await al.delete(first)
    await network.settle()

    assert edited == [["hello all", "Friday?"]] * 3
    assert liked == [[{"🔥": 1}, {}]] * 3
    assert taken_back == [[{}, {}]] * 3
    for person in (al, bo, gi):
        assert await person.texts(room) == [None, "Friday?"]


async def test_receipts_and_typing_reach_the_aware_people_of_the_set(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    dana = network.legacy_peer()
    await all_arrive(al, bo, gi)
    room = await al.write_to_all([bo.acct, gi.acct, dana.acct], "hello all")
    await network.settle()
    for one in (bo, gi):
        await one.accept(room)
    for one in (al, bo, gi):
        await one.give_receipts()
    await gi.say(room, "here")
    await network.settle()

    await bo.read(room, (await bo.messages(room))[-1]["id"])
    typed = await bo.type_in(room)
    await network.settle()

    assert typed == 204
    reads, notices = sent(network.tape, "Read"), sent(network.tape, "ChatTyping")
    assert {one.host for one in reads} == {"alpha.test", "gamma.test"}
    assert {one.host for one in notices} == {"alpha.test", "gamma.test"}
    assert [one["type"] for one in dana.received] == ["Create", "Create"]
    for person in (al, gi):
        newest = (await person.messages(room))[-1]["id"]
        assert (await person.presence(room))[bo.acct]["read_up_to"] == newest


async def test_a_reaction_goes_to_other_software_only_where_its_own_message_is_meant(
    network: Network,
):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo, dana = alpha.person("al"), beta.person("bo"), network.legacy_peer()
    await all_arrive(al, bo)
    room = await al.write_to_all([bo.acct, dana.acct], "hello both")
    await network.settle()
    await bo.accept(room)
    network.advance(minutes=1)
    to_both = note_to(dana, [al.uri, bo.uri], "hello you")
    for one in (al, bo):
        await dana.post(one.uri, to_both)
    await network.settle()
    ours, theirs = await bo.messages(room)

    await bo.react(ours["id"], "🔥")
    await network.settle()
    others = [one["type"] for one in dana.received]
    await bo.react(theirs["id"], "👍")
    await network.settle()

    assert others == ["Create"]
    assert dana.received_of("Like")[0]["object"] == theirs["uri"]
    assert await al.reactions(room) == [{"🔥": 1}, {"👍": 1}]
    (like,) = [
        one.document
        for one in sent(network.tape, "Like", to="alpha.test")
        if one.document["content"] == "🔥"
    ]
    assert sorted(like["to"]) == sorted([al.uri, dana.uri])


async def test_who_refuses_a_set_reads_no_more_and_nobody_is_told(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await a_set(network, al, bo, gi)
    path = f"/conversations/{(await bo.see(room))['id']}"
    network.tape.clear()

    await bo.must("POST", f"{path}/refuse")
    await network.settle()
    silent = sent(network.tape) == []
    await al.say(room, "still there?")
    await network.settle()
    quiet = (await bo.must("GET", f"{path}/messages"))["items"]
    await bo.must("POST", f"{path}/messages", {"text": "I am back"})
    await network.settle()
    await gi.say(room, "good")
    await network.settle()

    assert silent
    assert [one["text"] for one in quiet] == ["hello all"]
    assert await gi.texts(room) == ["hello all", "still there?", "I am back", "good"]
    assert await bo.texts(room) == ["hello all", "I am back", "good"]


async def test_a_strangers_set_is_a_request_for_each_who_does_not_know_them(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    await all_arrive(al, bo, gi)
    await bo.follow(al.acct)
    await network.settle()

    room = await al.write_to_all([bo.acct, gi.acct], "hello all")
    await network.settle()

    assert await bo.state_in(room) == "joined"
    assert await gi.state_in(room) == "requested"
    assert (await gi.see(room))["inviter"]["acct"] == al.acct


async def test_a_lost_message_of_a_set_is_read_in_its_authors_log(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await a_set(network, al, bo, gi)

    with network.lose(posted("Create", to="gamma.test", by="alpha.test")):
        await al.say(room, "gi does not get this")
        await network.settle()
    await bo.say(room, "but hears of it")
    await network.settle()
    network.advance(seconds=11)
    await network.settle()

    assert await gi.texts(room) == ["hello all", "gi does not get this", "but hears of it"]


async def test_a_set_whose_first_message_was_lost_is_complete_all_the_same(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    await all_arrive(al, bo, gi)

    with network.lose(posted("Create", to="gamma.test")):
        room = await al.write_to_all([bo.acct, gi.acct], "first")
        await network.settle()
    await bo.accept(room)
    await bo.say(room, "second")
    await network.settle()
    network.advance(minutes=5)
    await network.settle()
    early = [one.target for one in network.tape if "/log/" in one.target]
    await gi.accept(room)
    await network.settle()

    # A stranger's message makes nobody here ask for anything that it names.
    assert early == []
    assert await gi.texts(room) == await al.texts(room) == ["first", "second"]


async def test_the_minted_context_answers_the_hosts_of_the_set_alone(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    await all_arrive(al, bo, gi)
    ann = alpha.person("ann")
    await ann.arrive()
    await al.write_to_all([bo.acct, ann.acct], "hello")
    await network.settle()
    (create,) = sent(network.tape, "Create")
    context = create.document["context"]
    fetchers = [node.node.parts.directory.fetcher for node in (beta, gamma)]

    inside = await beta.inside(fetchers[0].fetch_object(context))
    outside = await gamma.inside(fetchers[1].fetch_object(context))

    assert inside.document["type"] == "OrderedCollection"
    assert inside.document["attributedTo"] == al.uri
    assert type(outside).__name__ == "NotThere"
    assert await network.get(context) == 404


async def test_a_minted_context_that_an_earlier_one_overtakes_still_answers(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await all_arrive(al, bo)
    held: list[Exchange] = []

    with network.hold(posted("Create"), held):
        room = await bo.write_to(al.acct, "bo was first")
        await network.settle()
        network.advance(seconds=1)
        await al.write_to(bo.acct, "al came second")
        await network.settle()
    await network.replay(*held)
    await network.settle()
    network.advance(seconds=1)
    await al.say(room, "al goes on")
    await bo.say(room, "bo goes on")
    await network.settle()

    first, second, *later = [one.document for one in sent(network.tape, "Create")]
    assert first["context"] != second["context"]
    assert {one["context"] for one in later} == {first["context"]}
    fetcher = beta.node.parts.directory.fetcher
    found = await beta.inside(fetcher.fetch_object(second["context"]))
    assert found.document["attributedTo"] == al.uri


async def test_context_and_conversation_repeat_the_earliest(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, dana = alpha.person("al"), network.legacy_peer()
    await al.arrive()
    tag = "tag:gts.test,2026-09-03:objectId=1:objectType=Conversation"
    first = note_to(dana, [al.uri], "first", conversation=tag)
    network.advance(minutes=1)
    second = note_to(
        dana, [al.uri], "second", conversation="urn:x:2", context="https://gts.test/contexts/2"
    )

    await dana.post(al.uri, second)
    await network.settle()
    await dana.post(al.uri, first)
    await network.settle()
    room = Room.of((await al.rooms(""))[0])
    network.advance(minutes=1)
    await al.say(room, "third")
    await network.settle()

    (answer,) = dana.received_of("Create")
    assert answer["object"]["conversation"] == tag
    assert answer["context"] == answer["object"]["context"] == "https://gts.test/contexts/2"


async def test_somebody_nobody_here_has_met_is_addressed_all_the_same(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, gi, dana = alpha.person("al"), gamma.person("gi"), network.legacy_peer()
    bo = beta.person("bo")
    await all_arrive(al, bo, gi)
    await dana.post(al.uri, note_to(dana, [al.uri, bo.uri, gi.uri], "hello three"))
    await network.settle()
    asked = [one.target for one in network.tape if one.host in {"beta.test", "gamma.test"}]
    (request,) = await al.rooms("requests")

    await al.must("POST", f"/conversations/{request['id']}/messages", {"text": "hello dana"})
    await network.settle()

    # A stranger's message makes nobody here ask for anything that it names.
    assert asked == []
    (answer,) = dana.received_of("Create")
    assert sorted(answer["to"]) == sorted([dana.uri, bo.uri, gi.uri])
    assert {one["name"] for one in answer["object"]["tag"]} == {
        f"@{one.acct}" for one in (dana, bo, gi)
    }
    assert [one["text"] for one in await bo.messages(Room.of((await bo.rooms(""))[0]))] == [
        "hello dana"
    ]


async def test_while_somebody_of_a_set_cannot_be_met_nothing_is_sent_to_a_smaller_one(
    network: Network,
):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo, dana = alpha.person("al"), beta.person("bo"), network.legacy_peer()
    await all_arrive(al, bo)
    await dana.post(al.uri, note_to(dana, [al.uri, bo.uri], "hello both"))
    await network.settle()
    network.cut("beta.test")
    (request,) = await al.rooms("requests")
    path = f"/conversations/{request['id']}/messages"

    early, _ = await al.ask("POST", path, {"text": "hello"})
    await network.settle()
    nothing = dana.received_of("Create") == []
    network.heal("beta.test")
    network.advance(minutes=10)
    late, _ = await al.ask("POST", path, {"text": "hello"})
    await network.settle()

    assert (early, late) == (503, 201)
    assert nothing
    assert sorted(dana.received_of("Create")[0]["to"]) == sorted([dana.uri, bo.uri])


async def test_a_message_to_more_than_fifty_people_is_no_conversation(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, dana = alpha.person("al"), network.legacy_peer()
    await al.arrive()
    crowd = [f"https://gts.test/users/p{number}" for number in range(48)]

    taken = await dana.post(al.uri, note_to(dana, [al.uri, *crowd], "fifty"))
    crowd.append("https://beta.test/u/bo")
    too_many = await dana.post(al.uri, note_to(dana, [al.uri, *crowd], "fifty-one"))
    await network.settle()

    assert (taken, too_many) == (202, 202)
    assert [one["last_message"]["text"] for one in await al.rooms("")] == ["fifty"]
