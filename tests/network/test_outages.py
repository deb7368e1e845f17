"""A node that is away misses nothing, and nobody is bothered while it is away."""

from datetime import datetime, timedelta

import pytest

from storage.times import from_ms
from tests.network.stories import sent, together
from tests.support.live_node import LiveNode
from tests.support.network import Network

pytestmark = pytest.mark.network

LADDER_S = (10, 30, 60, 120, 240, 480, 900, 900)


async def lane_due_in_s(node: LiveNode, host: str) -> float:
    """How long this node will leave a host alone."""
    (lane,) = await node.rows("SELECT due_at FROM peer WHERE host = $1", host)
    return float((from_ms(lane["due_at"]) - node.clock.now()) / timedelta(seconds=1))


async def test_what_was_said_during_an_outage_arrives_after_it(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    room = await together(network, alpha.person("al"), beta.person("bo"), gamma.person("gi"))
    network.cut("gamma.test")
    texts = [f"message {number}" for number in range(10)]

    for text in texts:
        await beta.person("bo").say(room, text)
        await network.settle()
    assert await alpha.texts(room) == texts
    assert await gamma.texts(room) == []
    network.heal("gamma.test")
    network.advance(hours=1)
    await network.settle()

    assert await gamma.texts(room) == texts


async def test_a_host_that_is_away_is_asked_by_the_ladder(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    room = await together(network, alpha.person("al"), beta.person("bo"))
    network.cut("beta.test")
    await alpha.person("al").say(room, "anybody?")
    waits = []

    for _ in LADDER_S:
        await network.settle()
        waits.append(await lane_due_in_s(alpha, "beta.test"))
        network.advance(seconds=waits[-1])

    assert all(
        0.7 * step <= wait <= step + 0.001 for step, wait in zip(LADDER_S, waits, strict=True)
    )


async def test_a_request_from_a_host_that_was_away_makes_its_lane_due(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    network.cut("beta.test")
    await al.say(room, "are you there?")
    for _ in range(6):
        await network.settle()
        network.advance(seconds=await lane_due_in_s(alpha, "beta.test"))
    await network.settle()
    assert await lane_due_in_s(alpha, "beta.test") > 300
    network.heal("beta.test")

    await bo.say(room, "I am")
    await network.settle()

    assert sorted(await bo.texts(room)) == ["I am", "are you there?"]
    assert await al.texts(room) == await bo.texts(room)


async def test_both_sides_of_a_cut_end_with_one_order(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    network.cut("beta.test")

    for number in range(4):
        await al.say(room, f"al {number}")
        await bo.say(room, f"bo {number}")
        network.advance(seconds=7)
        await network.settle()
    network.heal("beta.test")
    network.advance(hours=1)
    await network.settle()

    assert await al.texts(room) == await bo.texts(room)
    assert await al.texts(room) == [f"{who} {n}" for n in range(4) for who in ("al", "bo")]


async def test_an_author_is_told_when_a_host_is_asked_again(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al = alpha.person("al")
    room = await together(network, al, beta.person("bo"))
    network.cut("beta.test")
    said = await al.say(room, "anybody?")
    await network.settle()

    (waiting,) = (await al.must("GET", f"/messages/{said}/delivery"))["items"]
    due_in_s = await lane_due_in_s(alpha, "beta.test")
    network.heal("beta.test")
    network.advance(hours=1)
    await network.settle()
    (arrived,) = (await al.must("GET", f"/messages/{said}/delivery"))["items"]

    ahead = datetime.fromisoformat(waiting["next_try"]) - datetime.fromisoformat(waiting["since"])
    assert 0 < due_in_s <= ahead.total_seconds()
    assert (arrived["state"], "next_try" in arrived) == ("delivered", False)


async def test_one_host_that_is_away_holds_up_no_other(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    room = await together(network, alpha.person("al"), beta.person("bo"), gamma.person("gi"))
    network.cut("beta.test")

    await alpha.person("al").say(room, "no waiting")
    await network.settle()

    assert await gamma.texts(room) == ["no waiting"]
    (message,) = await alpha.person("al").messages(room)
    assert {one["host"]: one["state"] for one in message["delivery"]} == {
        "beta.test": "waiting",
        "gamma.test": "delivered",
    }


async def test_a_sender_that_is_restarted_sends_what_it_owes(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    await al.say(room, "kept")

    await alpha.stop()
    await alpha.start()
    await network.settle()

    assert await bo.texts(room) == ["kept"]


async def test_a_receiver_that_is_restarted_shows_what_it_accepted(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    await al.say(room, "accepted")
    await alpha.work()
    assert [one.status for one in sent(network.tape, "Create")] == [202]
    assert await bo.texts(room) == []

    await beta.stop()
    await beta.start()
    await network.settle()

    assert await bo.texts(room) == ["accepted"]


async def test_a_delivery_that_nobody_takes_for_thirty_days_is_said_to_have_failed(
    network: Network,
):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    network.cut("beta.test")
    await al.say(room, "too late")
    await network.settle()

    network.advance(days=31)
    await alpha.tidy()
    await network.settle()

    (message,) = await al.messages(room)
    assert [one["state"] for one in message["delivery"]] == ["failed"]
    assert message["delivery"][0]["reason"] == "beta.test could not be reached for 31 days."
