"""Scenarios 7 to 10 of the policy: what a block ends, what its revert restores, whom it catches."""

from dataclasses import replace
from typing import Any

import pytest

from federation.policy.domains import NOT_DELIVERED
from tests.network.stories import sent, together
from tests.network.test_blocked_domains import delivery_of
from tests.network.test_judging import requests, rule
from tests.network.test_stored_rules import add, block, revert
from tests.support.network import Network
from tests.support.person import Person, Room

pytestmark = pytest.mark.network

QUEUED = 500


async def everything_of(person: Person, rooms: list[Room]) -> dict[str, Any]:
    """What somebody sees of conversations with others: messages, order, and how far was read."""
    return {
        "contacts": await person.follows(),
        "direct": [await person.see(room) for room in rooms],
        "messages": [await person.messages(room) for room in rooms],
        "order": [one["id"] for one in await person.rooms("joined")],
    }


async def in_touch(network: Network, al: Person, bo: Person, bea: Person) -> list[Room]:
    """Two direct conversations, in the first of which some messages are read and some are not."""
    for person in (bo, bea):
        await person.arrive()
    direct = [await al.write_to(one.acct, f"to {one.name}") for one in (bo, bea)]
    await al.follow(bo.acct)
    await network.settle()
    await bo.say(direct[0], "read")
    await network.settle()
    await al.read(direct[0], (await al.messages(direct[0]))[-1]["id"])
    for text in ("unread", "unread as well"):
        await bo.say(direct[0], text)
    await network.settle()
    return direct


async def test_07_revert_restores_what_was_here_bit_by_bit_and_sends_nothing(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    direct = await in_touch(network, al, bo, beta.person("bea"))
    group = await together(network, al, bo)
    before = await everything_of(al, direct)
    assert before["direct"][0]["unread"] == 2
    stored = await alpha.rows("SELECT * FROM message ORDER BY id")

    await add(alpha, block("beta.test"))
    await network.settle()
    await bo.say(direct[0], "lost")
    await network.settle()
    network.tape.clear()
    await revert(alpha)
    network.advance(hours=1)
    await network.settle()

    assert await everything_of(al, direct) == before
    now_stored = await alpha.rows("SELECT * FROM message ORDER BY id")
    assert now_stored[: len(stored)] == stored
    assert "lost" not in await al.texts(direct[0])
    assert sent(network.tape, to="beta.test") == []
    assert sent(network.tape, "Create", to="alpha.test") == []
    members = {one["acct"] for one in (await al.see(group))["members"] if one["state"] == "joined"}
    assert members == {al.acct}


async def test_08_what_waits_ends_in_the_transaction_of_a_block_and_none_is_sent(
    network: Network,
):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await bo.arrive()
    room = await al.write_to(bo.acct, "first")
    await network.settle()
    network.cut("beta.test")
    for number in range(QUEUED):
        last = await al.say(room, f"number {number}")

    done = await add(alpha, block("beta.test"))
    network.heal("beta.test")
    network.tape.clear()
    network.advance(hours=1)
    await network.settle()

    assert done.waiting == QUEUED
    assert sent(network.tape, to="beta.test") == []
    assert await alpha.rows("SELECT id FROM delivery WHERE state = 'pending'") == []
    assert await delivery_of(al, last) == [
        ("beta.test", "refused", f"{NOT_DELIVERED} (Harassment)")
    ]
    assert await bo.texts(room) == ["first"]


@pytest.mark.parametrize(
    ("blocked", "spellings"),
    [
        (
            "gts.test",
            [
                *("gts.test", "GTS.Test", "gts.test.", "GTS.TEST.", "gts.test:443"),
                *("sub.gts.test", "a.b.gts.test", "SUB.gts.test.", "sub.gts.test:8443"),
            ],
        ),
        ("bücher.test", ["bücher.test", "xn--bcher-kva.test", "XN--BCHER-KVA.test", "BÜCHER.test"]),
        ("xn--bcher-kva.test", ["bücher.test", "sub.bücher.test", "bu\u0308cher.test"]),
        ("elsewhere.test", ["192.0.2.1", "[2001:db8::1]", "127.0.0.1", "0x7f.1", "2130706433"]),
    ],
)
async def test_09_however_a_domain_is_spelled_it_is_caught(
    network: Network, blocked: str, spellings: list[str]
):
    (alpha,) = await network.start("alpha.test")
    al, dana = alpha.person("al"), network.legacy_peer()
    await al.arrive()
    await alpha.rules(rule(f'stage = "domain"\nwhen.domain = ["{blocked}"]', "reject"))
    network.tape.clear()

    for spelled in spellings:
        other = replace(dana, host=spelled)
        assert 400 <= await other.write_to(al.uri, "buy now") < 500, spelled
    await network.settle()

    assert network.tape == []
    assert await alpha.rows("SELECT id FROM inbox_entry") == []
    assert await alpha.rows("SELECT id FROM message") == []


def said_by(author: str, person: str, **changed: object) -> dict[str, Any]:
    """A message as its author's server says it."""
    note = {
        "id": f"{author}/statuses/1",
        "type": "Note",
        "attributedTo": author,
        "content": "<p>buy now</p>",
        "to": [person],
    }
    about = {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": f"{author}/activities/1",
        "type": "Create",
        "actor": author,
        "to": [person],
    }
    return {**about, "object": note} | changed


@pytest.mark.parametrize("of", ["actor", "object", "announced"])
async def test_10_on_an_allowlist_the_key_alone_lets_nobody_in(network: Network, of: str):
    (alpha,) = await network.start("alpha.test")
    al, dana = alpha.person("al"), network.legacy_peer()
    await al.arrive()
    allowed = rule('stage = "domain"\nwhen.domain = "gts.test"', "accept", 'direction = "both"')
    await alpha.rules(f'[policy]\nfederation = "allowlist"\n{allowed}')
    other = "https://gamma.test/u/gi"
    told = {
        "actor": said_by(other, al.uri),
        "object": said_by(dana.uri, al.uri, type="Invite", object="https://gamma.test/c/1"),
        "announced": said_by(dana.uri, al.uri, type="Announce", object=f"{other}/statuses/1"),
    }[of]
    told |= {"id": told["id"] + "/other"}
    assert await dana.post(al.uri, said_by(dana.uri, al.uri)) == 202
    await network.settle()
    assert await requests(alpha, "al") == ["buy now"]

    network.tape.clear()
    answer = await dana.post(al.uri, told)
    await network.settle()

    # Who only announces may be let in, and what they announce is kept out.
    assert answer == (202 if of == "announced" else 403)
    assert [one for one in network.tape if one.host == "gamma.test"] == []
    assert await requests(alpha, "al") == ["buy now"]
    assert await al.rooms("invited") == []


async def test_10_a_blocked_author_inside_an_allowed_relay_is_not_shown(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, bo, al, gi)
    await add(alpha, block("gamma.test", direction="in"))

    await gi.say(room, "by way of beta")
    await bo.say(room, "and what bo says")
    await network.settle()

    assert "by way of beta" in await bo.texts(room)
    texts = await al.texts(room)
    assert "and what bo says" in texts
    assert "by way of beta" not in texts
