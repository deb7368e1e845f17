"""What becomes of a message after it was sent is the same on every node, in whatever order."""

from typing import Any

import pytest

from tests.network.stories import sent, together
from tests.support.gate import Exchange, posted
from tests.support.network import Network
from tests.support.person import Person, Room
from tests.support.shuffle import shuffled

pytestmark = pytest.mark.network


async def last(person: Person, room: Room) -> dict[str, Any]:
    return dict((await person.messages(room))[-1])


async def test_an_edit_is_shown_everywhere_and_keeps_its_place(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo, gi)
    first = await bo.say(room, "Thursday works")
    await network.settle()
    await al.say(room, "good")
    await network.settle()

    network.advance(minutes=5)
    edited = await bo.edit(first, "Friday works")
    await network.settle()

    assert edited["text"] == "Friday works"
    for person in (al, bo, gi):
        shown, answer = await person.messages(room)
        assert (shown["text"], shown["html"]) == ("Friday works", "<p>Friday works</p>")
        assert shown["edited"] > shown["published"]
        assert answer["text"] == "good"
        versions = (await person.must("GET", f"/messages/{shown['id']}/edits"))["items"]
        assert [(one["text"], one["written"]) for one in versions] == [
            ("Thursday works", shown["published"])
        ]
    (update,) = [one.document for one in sent(network.tape, "Update", to="gamma.test")]
    assert update["object"]["source"]["content"] == "Friday works"
    assert set(update["object"]["to"]) == {al.uri, gi.uri, room.uri}
    assert update["chatSeq"] == 2
    assert update["object"]["updated"] == update["published"]


async def test_a_deleted_message_is_gone_everywhere(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    said = await bo.say(room, "unwise words")
    await network.settle()
    await al.react((await last(al, room))["id"], "🔥")
    await bo.edit(said, "unwise words, twice")
    await network.settle()

    deleted = await bo.delete(said)
    await network.settle()

    assert deleted["deleted"] is not None
    for person in (al, bo):
        shown = await last(person, room)
        assert (shown["text"], shown["html"], shown["edited"]) == (None, None, None)
        assert shown["deleted"] is not None
        assert shown["reactions"] == []
    for node in (alpha, beta):
        for table in ("message", "message_version", "activity", "delivery"):
            rows = await node.rows(f"SELECT * FROM {table}")  # noqa: S608 - a constant
            assert "unwise" not in str(rows), table


async def test_the_id_of_a_deleted_message_answers_410_to_who_had_it(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    said = await bo.say(room, "gone soon")
    await network.settle()
    uri = (await last(bo, room))["uri"]
    await bo.delete(said)
    await network.settle()

    had, never_had = await network.signer(al), await network.signer(gamma.person("gi"))

    assert await had.get(uri) == 410
    assert await never_had.get(uri) == 404
    assert await network.get(uri) in {401, 404}


async def test_conformance_79_who_is_out_gets_deletions_and_no_edits(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo, gi)
    said = await bo.say(room, "before")
    await network.settle()
    await gi.leave(room)
    await network.settle()

    await bo.edit(said, "after")
    await network.settle()
    edited = await gi.texts(room)
    await bo.delete(said)
    await network.settle()

    assert edited == ["before"]
    assert sent(network.tape, "Update", to="gamma.test", by="beta.test") == []
    assert await gi.texts(room) == [None]


async def test_conformance_58_a_former_member_deletes_and_neither_edits_nor_reacts(
    network: Network,
):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo, gi)
    said = await bo.say(room, "my words")
    await network.settle()
    bo_signs = await network.signer(bo)
    await bo.edit(said, "still my words")
    await bo.react(said, "🔥")
    await network.settle()
    update, like = (
        sent(network.tape, verb, to="alpha.test", by="beta.test")[-1].document
        for verb in ("Update", "Like")
    )
    await al.must("DELETE", f"/conversations/{(await al.see(room))['id']}/members/{bo.acct}")
    await network.settle()

    # What was let in a minute ago is let in before the answer, and judged again after it.
    network.advance(minutes=2)
    refused = []
    for entry in (update, like):
        entry["id"] += "-again"
        entry["chatSeq"] += 10
        refused.append(await bo_signs.post("https://alpha.test/inbox", bo_signs.proven(entry)))
    tried = [
        (await bo.ask("PATCH", f"/messages/{said}", {"text": "x"}))[0],
        (await bo.ask("PUT", f"/messages/{said}/reactions/%F0%9F%91%8D"))[0],
    ]
    await bo.delete(said)
    await network.settle()

    assert refused == [403, 403]
    assert tried == [403, 403]
    for person in (al, bo, gi):
        assert await person.texts(room) == [None]
    delete = sent(network.tape, "Delete", to="alpha.test")[-1].document
    assert not {"chatEpoch", "chatState", "chatLog", "chatSeq"} & set(delete)


@pytest.mark.parametrize("seed", range(6))
async def test_conformance_80_create_update_and_delete_in_any_order(network: Network, seed: int):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    held: list[Exchange] = []

    with network.hold(posted("Create", "Update", "Delete", to="beta.test"), held):
        edited, deleted = await al.say(room, "one"), await al.say(room, "two")
        await network.settle()
        for text in ("one, better", "one, best"):
            await al.edit(edited, text)
            await network.settle()
        await al.edit(deleted, "two, never seen")
        await network.settle()
        await al.delete(deleted)
        await network.settle()
    await network.reorder(held, shuffled(len(held), seed))

    assert await bo.texts(room) == await al.texts(room) == ["one, best", None]
    shown = [
        {**one, "id": "", "delivery": [], "conversation": ""} for one in await al.messages(room)
    ]
    assert [
        {**one, "id": "", "delivery": [], "conversation": ""} for one in await bo.messages(room)
    ] == shown
    assert "never seen" not in str(await beta.rows("SELECT * FROM activity"))


async def test_conformance_81_a_wrong_or_older_update_has_no_effect(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo, gi)
    said = await al.say(room, "first")
    await network.settle()
    await al.edit(said, "second")
    await network.settle()
    update = sent(network.tape, "Update", to="beta.test", by="alpha.test")[-1].document
    al_signs, gi_signs = await network.signer(al), await network.signer(gi)

    older = {**update, "id": f"{update['id']}-old", "chatSeq": 3}
    older["object"] = {**update["object"], "updated": update["object"]["published"]}
    older["object"]["source"] = {"content": "older", "mediaType": "text/markdown"}
    foreign = {**update, "id": f"{gi.uri}/a/x", "actor": gi.uri}
    foreign["chatLog"], foreign["chatSeq"] = f"{gi.uri}/log/x", 1
    origin = {**foreign, "object": {**update["object"], "attributedTo": gi.uri}}
    statuses = [
        await al_signs.post("https://beta.test/inbox", al_signs.proven(older)),
        await gi_signs.post("https://beta.test/inbox", gi_signs.proven(foreign)),
        await gi_signs.post("https://beta.test/inbox", gi_signs.proven(origin)),
    ]
    await network.settle()

    assert statuses == [202, 422, 422]
    assert await bo.texts(room) == ["second"]


async def test_an_update_of_an_unknown_message_is_its_creation(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)

    with network.lose(posted("Create", to="beta.test")):
        said = await al.say(room, "first")
        await network.settle()
    await al.edit(said, "second")
    await network.settle()

    shown = await last(bo, room)
    assert (shown["text"], shown["published"]) == ("second", (await last(al, room))["published"])
    assert shown["edited"] == (await last(al, room))["edited"]


async def test_a_deletion_replaces_what_was_never_sent(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    said = await al.say(room, "never sent")

    await al.edit(said, "never sent either")
    await al.delete(said)
    await network.settle()

    (delete,) = sent(network.tape, "Create", "Update", "Delete", to="beta.test")
    assert (delete.type, delete.document["chatSeq"]) == ("Delete", 3)
    assert await bo.texts(room) == []
    assert await al.texts(room) == [None]


async def test_conformance_59_only_deletions_go_to_who_is_out(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo, gi)
    said = await al.say(room, "seen by all")
    await network.settle()
    network.cut("beta.test")
    await al.delete(said)
    await al.say(room, "not for bo")
    await network.settle()

    await al.must("DELETE", f"/conversations/{(await al.see(room))['id']}/members/{bo.acct}")
    network.heal("beta.test")
    network.advance(hours=1)
    await network.settle()

    assert await bo.texts(room) == [None]
    assert await gi.texts(room) == [None, "not for bo"]


async def test_conformance_57_edits_and_reactions_above_the_head_are_taken_back(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo, gi)
    said = await bo.say(room, "as it was")
    await network.settle()

    with network.lose(posted("Update", "Like", to="alpha.test", by="beta.test")):
        await bo.edit(said, "as it is not")
        await bo.react(said, "🔥")
        await network.settle()
    between = await gi.texts(room), await gi.reactions(room)
    await al.must("DELETE", f"/conversations/{(await al.see(room))['id']}/members/{bo.acct}")
    await network.settle()

    assert between == (["as it is not"], [{"🔥": 1}])
    assert await gi.texts(room) == await al.texts(room) == ["as it was"]
    assert await gi.reactions(room) == [{}]
    assert (await last(gi, room))["edited"] is None
