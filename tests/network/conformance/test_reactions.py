"""Reactions stand below the same messages on every node, and those who may see them are told."""

import itertools
from typing import Any

import pytest

from tests.network.stories import join_in_words, sent, together
from tests.support.gate import Exchange, posted
from tests.support.network import Network
from tests.support.person import Person, Room
from tests.support.shuffle import shuffled

pytestmark = pytest.mark.network

MANY = "🔥👍👏🎉😂😮😢🙏🤔"


async def last(person: Person, room: Room) -> dict[str, Any]:
    return dict((await person.messages(room))[-1])


async def test_conformance_82_a_reaction_comes_and_goes_once(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo, gi)
    await al.say(room, "tea?")
    await network.settle()
    there = (await last(bo, room))["id"]

    await bo.react(there, "🔥")
    shown = await bo.react(there, "🔥")
    await network.settle()
    on = [await person.reactions(room) for person in (al, bo, gi)]
    await bo.take_back(there, "🔥")
    await bo.take_back(there, "🔥")
    await network.settle()
    off = [await person.reactions(room) for person in (al, bo, gi)]
    like, undo = sent(network.tape, "Like", "Undo", to="gamma.test", by="beta.test")
    await network.replay(like)
    await network.settle()

    assert shown["reactions"] == [{"emoji": "🔥", "count": 1, "mine": True}]
    assert on == [[{"🔥": 1}]] * 3
    assert off == [[{}]] * 3
    assert await gi.reactions(room) == [{}]
    assert like.document["to"] == [al.uri, room.uri]
    assert undo.document["object"] == like.document
    assert [one.document["chatSeq"] for one in (like, undo)] == [1, 2]


async def test_a_reaction_can_come_back(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    said = await al.say(room, "tea?")
    await network.settle()
    held: list[Exchange] = []

    with network.hold(posted("Like", "Undo", to="beta.test"), held):
        for change in (al.react, al.take_back, al.react):
            await change(said, "👍")
            await network.settle()
    for order in itertools.permutations(held):
        await network.replay(*order)
        await network.settle()

    assert await bo.reactions(room) == await al.reactions(room) == [{"👍": 1}]


@pytest.mark.parametrize("seed", range(4))
async def test_reactions_wait_for_their_message_in_any_order(network: Network, seed: int):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo, gi)
    held: list[Exchange] = []

    with network.hold(posted("Create", "Like", "Undo", "Delete", to="gamma.test"), held):
        kept, gone = await al.say(room, "kept"), await al.say(room, "gone")
        await network.settle()
        for message in await bo.messages(room):
            await bo.react(message["id"], "👍")
            await bo.react(message["id"], "🎉")
        await al.react(kept, "👍")
        await network.settle()
        await bo.take_back((await bo.messages(room))[0]["id"], "🎉")
        await al.delete(gone)
        await network.settle()
    await network.reorder(held, shuffled(len(held), seed))

    assert await gi.reactions(room) == await al.reactions(room) == [{"👍": 2}, {}]
    assert await gi.texts(room) == ["kept", None]


async def test_eight_reactions_are_enough(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, ann = alpha.person("al"), alpha.person("ann")
    room = await together(network, al, ann)
    said = await al.say(room, "tea?")

    statuses = [(await ann.ask("PUT", f"/messages/{said}/reactions/{emoji}"))[0] for emoji in MANY]

    assert statuses == [200] * 8 + [409]
    assert len((await last(al, room))["reactions"]) == 8


@pytest.mark.parametrize("emoji", ["two words", "ab", ":unknown:", "x" * 40])
async def test_a_reaction_is_one_emoji(network: Network, emoji: str):
    (alpha,) = await network.start("alpha.test")
    al = alpha.person("al")
    room = await together(network, al)
    said = await al.say(room, "tea?")

    assert (await al.ask("PUT", f"/messages/{said}/reactions/{emoji}"))[0] == 422


async def test_conformance_82_other_software_hears_of_reactions_to_its_own_messages_alone(
    network: Network,
):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo, carol = alpha.person("al"), beta.person("bo"), network.mastodon()
    room = await together(network, al, bo)
    await join_in_words(network, al, carol, room)
    await al.say(room, "hello")
    await network.settle()
    await carol.accept_senders()
    hers = await carol.reply(carol.find("hello"), "by carol")
    await network.settle()
    by_al, by_carol = [one["id"] for one in await bo.messages(room)]

    await bo.react(by_al, "🔥")
    await network.settle()
    silent = sent(network.tape, "Like", to="masto.test")
    await bo.react(by_carol, "🔥")
    await network.settle()
    await bo.take_back(by_carol, "🔥")
    await network.settle()

    assert silent == []
    like, undo = sent(network.tape, "Like", "Undo", to="masto.test")
    assert (like.document["object"], like.document["content"]) == (hers, "🔥")
    assert undo.document["object"] == like.document
    assert await al.reactions(room) == [{"🔥": 1}, {}]
