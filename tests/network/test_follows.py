"""People follow each other from node to node, and with other software."""

import pytest

from tests.network.stories import sent, together
from tests.support.network import Network
from tests.support.person import Person

pytestmark = pytest.mark.network


async def states_of(person: Person) -> dict[str, str]:
    return {one["acct"]: one["state"] for one in await person.follows()}


async def test_a_follow_is_accepted_by_the_other_node(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await bo.arrive()

    await al.follow(bo.acct)
    assert await states_of(al) == {bo.acct: "pending"}
    await network.settle()

    assert await states_of(al) == {bo.acct: "accepted"}
    follows = await beta.rows("SELECT follower, followed, state FROM follow")
    assert follows == [{"follower": al.uri, "followed": bo.uri, "state": "accepted"}]


async def test_a_follow_taken_back_is_gone_on_both_nodes(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await bo.arrive()
    await al.follow(bo.acct)
    await network.settle()

    await al.unfollow(bo.acct)
    await network.settle()

    assert await states_of(al) == {}
    assert await beta.rows("SELECT follower FROM follow") == []


async def test_following_again_after_taking_it_back_works(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await bo.arrive()

    for _ in range(2):
        await al.follow(bo.acct)
        await network.settle()
        await al.unfollow(bo.acct)
        await network.settle()
    await al.follow(bo.acct)
    await network.settle()

    assert await states_of(al) == {bo.acct: "accepted"}
    assert len(await beta.rows("SELECT follower FROM follow")) == 1


async def test_other_software_accepts_our_follow(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, dana = alpha.person("al"), network.legacy_peer()

    await al.follow(dana.acct)
    await network.settle()
    (follow,) = dana.received_of("Follow")
    assert await dana.answer_follow(follow) == 202
    await network.settle()

    assert (follow["actor"], follow["object"]) == (al.uri, dana.uri)
    assert await states_of(al) == {dana.acct: "accepted"}


async def test_other_software_rejects_our_follow(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, dana = alpha.person("al"), network.legacy_peer()
    await al.follow(dana.acct)
    await network.settle()

    await dana.answer_follow(dana.received_of("Follow")[0], verb="Reject")
    await network.settle()

    assert await states_of(al) in ({}, {dana.acct: "rejected"})


async def test_other_software_hears_that_our_follow_is_taken_back(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, dana = alpha.person("al"), network.legacy_peer()
    await al.follow(dana.acct)
    await network.settle()

    await al.unfollow(dana.acct)
    await network.settle()

    (undo,) = dana.received_of("Undo")
    assert undo["object"]["id"] == dana.received_of("Follow")[0]["id"]
    assert undo["object"]["type"] == "Follow"


async def test_a_follow_from_other_software_is_accepted_and_can_be_undone(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, dana = alpha.person("al"), network.legacy_peer()
    await al.arrive()

    assert await dana.follow(al.uri) == 202
    await network.settle()
    (accept,) = dana.received_of("Accept")
    assert accept["actor"] == al.uri
    assert accept["object"]["actor"] == dana.uri
    assert len(await alpha.rows("SELECT follower FROM follow")) == 1
    assert await dana.unfollow(al.uri) == 202
    await network.settle()

    assert await alpha.rows("SELECT follower FROM follow") == []


async def test_an_accept_of_a_follow_that_nobody_asked_for_has_no_effect(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, dana = alpha.person("al"), network.legacy_peer()
    await al.arrive()
    never_sent = {"id": f"{al.uri}/a/none", "actor": al.uri}

    assert await dana.answer_follow(never_sent) == 202
    await network.settle()

    assert await alpha.rows("SELECT follower FROM follow") == []


async def test_conformance_35_a_follow_of_a_conversation_is_rejected(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    dana = network.legacy_peer()

    assert await dana.follow(room.uri) in {202, 404}
    await network.settle()

    assert [one["object"]["object"] for one in dana.received_of("Reject")] == [room.uri]
    assert dana.received_of("Accept") == []
    assert await alpha.rows("SELECT follower FROM follow") == []
    assert sent(network.tape, "Accept", to="gts.test") == []


async def waiting_at(person: Person) -> list[str]:
    answer = await person.must("GET", "/followers/requests")
    assert (await person.must("GET", "/me"))["follow_requests"] == len(answer["items"])
    return [one["acct"] for one in answer["items"]]


async def test_a_follow_waits_for_the_yes_of_who_wants_that(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await bo.must("PATCH", "/me", {"approves_followers": True})
    await al.follow(bo.acct)
    await network.settle()
    assert await states_of(al) == {bo.acct: "pending"}
    assert await waiting_at(bo) == [al.acct]

    await bo.must("POST", f"/followers/requests/{al.acct}/accept")
    await network.settle()

    assert await states_of(al) == {bo.acct: "accepted"}
    assert await waiting_at(bo) == []
    assert [one["acct"] for one in (await bo.must("GET", "/followers"))["items"]] == [al.acct]


async def test_who_is_declined_follows_nobody_and_may_ask_again(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await bo.must("PATCH", "/me", {"approves_followers": True})
    await al.follow(bo.acct)
    await network.settle()

    await bo.must("POST", f"/followers/requests/{al.acct}/decline")
    await network.settle()

    assert await states_of(al) == {}
    assert await beta.rows("SELECT 1 FROM follow") == []
    await al.follow(bo.acct)
    await network.settle()
    assert await waiting_at(bo) == [al.acct]


async def test_who_takes_a_follow_back_waits_no_more(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await bo.must("PATCH", "/me", {"approves_followers": True})
    await al.follow(bo.acct)
    await network.settle()

    await al.unfollow(bo.acct)
    await network.settle()

    assert await waiting_at(bo) == []


async def test_who_follows_already_is_not_asked_about_again(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, dana = alpha.person("al"), network.legacy_peer()
    await al.arrive()
    await dana.follow(al.uri)
    await network.settle()
    await al.must("PATCH", "/me", {"approves_followers": True})

    await dana.follow(al.uri)
    await network.settle()

    assert await waiting_at(al) == []
    assert [one["acct"] for one in (await al.must("GET", "/followers"))["items"]] == [dana.acct]


async def test_other_software_hears_the_answer(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, dana = alpha.person("al"), network.legacy_peer()
    await al.must("PATCH", "/me", {"approves_followers": True})
    await dana.follow(al.uri)
    await network.settle()
    assert dana.received_of("Accept") == []

    await al.must("POST", f"/followers/requests/{dana.acct}/accept")
    await network.settle()

    (accept,) = dana.received_of("Accept")
    assert (accept["actor"], accept["object"]["actor"]) == (al.uri, dana.uri)


async def test_people_of_one_node_wait_too(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, bo = alpha.person("al"), alpha.person("bo")
    await bo.must("PATCH", "/me", {"approves_followers": True})
    await al.follow(bo.acct)
    assert await states_of(al) == {bo.acct: "pending"}

    await bo.must("POST", f"/followers/requests/{al.acct}/accept")

    assert await states_of(al) == {bo.acct: "accepted"}
    status, _ = await bo.ask("POST", f"/followers/requests/{al.acct}/accept")
    assert status == 404


async def test_who_is_blocked_waits_unseen(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await bo.must("PATCH", "/me", {"approves_followers": True})
    await al.arrive()
    await bo.block(al.acct)

    await al.follow(bo.acct)
    await network.settle()

    assert await waiting_at(bo) == []


async def test_nobody_waits_for_longer_than_thirty_days(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await bo.must("PATCH", "/me", {"approves_followers": True})
    await al.follow(bo.acct)
    await network.settle()

    network.advance(days=31)
    await beta.tidy()

    assert await waiting_at(bo) == []
