"""Whoever was cut off, for a minute or a week, ends with the same conversation as everybody."""

import pytest

from tests.network.stories import together
from tests.support.gate import posted
from tests.support.network import Network
from tests.support.person import Person, Room

pytestmark = pytest.mark.network


async def say(network: Network, person: Person, room: Room, *texts: str) -> None:
    for text in texts:
        await person.say(room, text)
        await network.settle()
        network.advance(seconds=1)


async def test_while_home_is_down_for_a_week_the_others_talk_on(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo, gi)
    await alpha.stop()

    await say(network, bo, room, "home is away")
    await say(network, gi, room, "we talk on")
    message = (await bo.messages(room))[0]["id"]
    await bo.edit(message, "home is down")
    await network.settle()
    assert await gi.texts(room) == ["home is down", "we talk on"]
    for _ in range(28):
        network.advance(hours=6)
        await network.settle()
    await alpha.start()
    network.advance(hours=7)
    await network.settle()

    assert await al.texts(room) == ["home is down", "we talk on"]
    history = await alpha.rows("SELECT seq FROM log_entry")
    assert len(history) == 3


async def test_a_node_that_was_cut_off_while_two_others_talked_catches_up(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo, gi)
    network.cut("gamma.test")

    for number in range(4):
        await say(network, al, room, f"al {number}")
        await say(network, gi, room, f"gi {number}")
        await say(network, bo, room, f"bo {number}")
    network.heal("gamma.test")
    for _ in range(6):
        network.advance(seconds=10)
        await network.settle()

    texts = await al.texts(room)
    assert len(texts) == 12
    assert await bo.texts(room) == texts
    assert await gi.texts(room) == texts


async def test_of_many_requests_that_get_lost_nothing_is_missing_in_the_end(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    people = [alpha.person("al"), beta.person("bo"), gamma.person("gi")]
    room = await together(network, *people)
    count = 0

    def every_third(_exchange: object) -> bool:
        nonlocal count
        count += 1
        return count % 3 == 0

    with network.lose(lambda one: posted("Create")(one) and every_third(one)):
        for number in range(12):
            await say(network, people[number % 3], room, f"message {number}")
    for person in people:
        await say(network, person, room, f"the end, says {person.name}")
    for _ in range(6):
        network.advance(seconds=20)
        await network.settle()

    for person in people:
        texts = await person.texts(room)
        assert [text for text in texts if text.startswith("message")] == [
            f"message {number}" for number in range(12)
        ]
        assert len(set(texts)) == len(texts) == 15
