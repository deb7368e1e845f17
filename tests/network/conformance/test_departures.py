"""Accounts that are deleted, and accounts that move (11.7 and 11.8)."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from federation.protocol.timestamps import format_time
from tests.network.stories import sent, together
from tests.support.gate import Exchange, posted
from tests.support.network import Network
from tests.support.person import Person
from tests.support.signer import Signer, encoded

pytestmark = pytest.mark.network

GONE = b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n"


async def delete_oneself(network: Network, person: Person, *inboxes: str) -> list[int]:
    """What a node sends when an account of its own is deleted."""
    signer = await network.signer(person)
    delete = signer.proven(
        {
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": f"{person.uri}#delete",
            "type": "Delete",
            "actor": person.uri,
            "object": person.uri,
            "to": ["https://www.w3.org/ns/activitystreams#Public"],
            "published": format_time(network.clock.now()),
        }
    )
    statuses = [await signer.post(inbox, delete) for inbox in inboxes]
    await network.settle()
    return statuses


def asks_for(path: str, host: str):
    def matches(one: Exchange) -> bool:
        return one.method == "GET" and one.host == host and one.target == path

    return matches


async def test_conformance_94_a_deleted_account_is_removed_addressed_by_nobody_and_erased(
    network: Network,
):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo, gi)
    await gi.say(room, "canary in a mine")
    await network.settle()
    await bo.say(room, "answer to gi")
    await network.settle()
    await gi.react((await gi.messages(room))[1]["id"], "🔥")
    await network.settle()
    network.tape.clear()

    statuses = await delete_oneself(
        network, gi, "https://alpha.test/inbox", "https://beta.test/inbox"
    )
    await al.say(room, "after gi")
    await bo.say(room, "after gi too")
    await network.settle()

    assert statuses == [202, 202]
    for person, node in ((al, alpha), (bo, beta)):
        assert await person.roles(room) == {al.acct: "admin", bo.acct: "member"}
        lost, *others = await person.messages(room)
        assert (lost["text"], lost["html"], lost["author"]["deleted"]) == (None, None, True)
        assert lost["deleted"] is not None
        assert [one["text"] for one in others] == ["answer to gi", "after gi", "after gi too"]
        assert await person.reactions(room) == [{}] * 4
        assert "canary" not in str(await node.rows("SELECT * FROM message"))
        assert "canary" not in str(await node.rows("SELECT document FROM activity"))
        (departure,) = (await person.see(room))["departures"]
        assert (departure["person"]["acct"], departure["moved_to"]) == (gi.acct, None)
        assert departure["person"]["deleted"] is True
    (remove,) = sent(network.tape, "Remove", to="beta.test")
    assert remove.document["chatBasis"] == [
        {"id": f"{gi.uri}#delete", "type": "Delete", "actor": gi.uri}
    ]
    assert sent(network.tape, to="gamma.test") == []
    assert gi.uri not in str([one.document["to"] for one in sent(network.tape, "Create")])


async def test_conformance_94_nobody_addresses_a_deleted_account_while_home_is_down(
    network: Network,
):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo, gi)
    network.cut("alpha.test")
    network.tape.clear()

    await delete_oneself(network, gi, "https://beta.test/inbox")
    await bo.say(room, "after gi")
    await network.settle()

    assert gi.acct not in await bo.roles(room)
    assert sent(network.tape, to="gamma.test") == []
    assert al.acct in await bo.roles(room)


async def test_conformance_94_what_waits_for_a_deleted_account_is_not_sent(network: Network):
    alpha, gamma = await network.start("alpha.test", "gamma.test")
    al, gi = alpha.person("al"), gamma.person("gi")
    room = await together(network, al, gi)
    with network.fail(posted(to="gamma.test")):
        await al.say(room, "does not come through")
        await network.settle()
    network.tape.clear()

    await delete_oneself(network, gi, "https://alpha.test/inbox")
    network.advance(hours=1)
    await network.settle()

    assert sent(network.tape, to="gamma.test") == []
    assert await alpha.rows("SELECT id FROM delivery WHERE state = 'pending'") == []


async def test_conformance_94_the_last_admins_end_makes_another_admin(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo, gi)
    await al.give_role(bo, "admin", room)
    await al.give_role(al, "member", room)
    await network.settle()

    await delete_oneself(network, bo, "https://alpha.test/inbox", "https://gamma.test/inbox")

    assert await gi.roles(room) == {al.acct: "admin", gi.acct: "member"}


async def test_a_delete_of_oneself_needs_ones_own_proof(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo, gi)
    delete = {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": f"{gi.uri}#delete",
        "type": "Delete",
        "actor": gi.uri,
        "object": gi.uri,
        "published": format_time(network.clock.now()),
    }
    own, other = await network.signer(gi), await network.signer(bo)

    unproven = await own.post("https://alpha.test/inbox", encoded(delete))
    by_another = await other.post("https://alpha.test/inbox", encoded(delete))
    proven_by_another = await other.post("https://alpha.test/inbox", other.proven(delete))
    await network.settle()

    assert {unproven, by_another, proven_by_another} <= {401, 202}
    assert unproven == 401
    assert gi.acct in await al.roles(room)
    assert await alpha.rows("SELECT uri FROM actor WHERE state = 'deleted'") == []


async def test_a_delete_that_somebody_else_brings_counts_if_the_account_is_gone(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, dana = alpha.person("al"), network.legacy_peer()
    await al.arrive()
    await dana.write_to(al.uri, "canary")
    await network.settle()
    delete = {"type": "Delete", "id": f"{dana.uri}#delete", "actor": dana.uri, "object": dana.uri}
    # Keys that are a month old are asked for again.
    network.advance(days=31)

    with network.fail(lambda one: one.method == "GET" and one.host == "gts.test", GONE):
        status = await dana.post(al.uri, delete)
        await network.settle()

    assert status == 202
    (room,) = await al.rooms("requests")
    assert room["last_message"]["text"] is None
    assert room["last_message"]["author"]["deleted"] is True


async def test_conformance_94_an_id_that_is_gone_on_three_days_is_a_deleted_account(
    network: Network,
):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    path = "/u/bo"

    async def another_day() -> int:
        network.advance(hours=25)
        await alpha.inside(alpha.node.parts.directory.fetch(bo.uri))
        await alpha.tidy()
        await alpha.tidy()
        await network.settle()
        rows = await alpha.rows("SELECT gone_days FROM actor WHERE uri = $1", bo.uri)
        return int(rows[0]["gone_days"])

    with network.fail(asks_for(path, "beta.test"), GONE):
        days = [await another_day(), await another_day()]
    days.append(await another_day())
    back = await al.roles(room)
    with network.fail(asks_for(path, "beta.test"), GONE):
        days += [await another_day(), await another_day()]
        kept = await al.roles(room)
        await another_day()

    assert days == [1, 2, 0, 1, 2]
    assert back == kept == {al.acct: "admin", bo.acct: "member"}
    assert await al.roles(room) == {al.acct: "admin"}


async def test_nothing_is_said_to_a_set_with_a_deleted_account(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    for one in (bo, gi):
        await one.arrive()
    room = await al.write_to_all([bo.acct, gi.acct], "hello both")
    await network.settle()
    shown = await al.see(room)

    await delete_oneself(network, gi, "https://alpha.test/inbox")
    path = f"/conversations/{shown['id']}/messages"
    status, answer = await al.ask("POST", path, {"text": "still there?"})
    (message,) = await al.messages(room)
    deleted, _ = await al.ask("DELETE", f"/messages/{message['id']}")
    await network.settle()

    assert (status, deleted) == (409, 200)
    assert "deleted" in answer["detail"]
    assert {one["acct"]: one.get("deleted", False) for one in (await al.see(room))["members"]} == {
        al.acct: False,
        bo.acct: False,
        gi.acct: True,
    }
    assert [one.host for one in sent(network.tape, "Delete", by="alpha.test")] == ["beta.test"]
    assert gi.uri not in sent(network.tape, "Delete", by="alpha.test")[0].document["to"]


class Mover:
    """A person of beta who lets the world know that they go on as somebody else."""

    def __init__(self, network: Network, signer: Signer) -> None:
        self.network = network
        self.signer = signer
        self.sent = 0

    async def move_to(self, target: str, *, inbox: str = "https://alpha.test/inbox") -> int:
        self.sent += 1
        move = self.signer.proven(
            {
                "@context": "https://www.w3.org/ns/activitystreams",
                "id": f"{self.signer.uri}#move-{self.sent}",
                "type": "Move",
                "actor": self.signer.uri,
                "object": self.signer.uri,
                "target": target,
                "published": format_time(self.network.clock.now()),
            }
        )
        status = await self.signer.post(inbox, move)
        await self.network.settle()
        return status


def changed(node_answer: bytes, more: Mapping[str, Any]) -> bytes:
    """A document as it was answered, with other properties."""
    head, _, body = node_answer.partition(b"\r\n\r\n")
    document = json.dumps(json.loads(body) | more).encode()
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"content-length")]
    length = f"Content-Length: {len(document)}".encode()
    return b"\r\n".join([*lines, length]) + b"\r\n\r\n" + document


async def test_conformance_95_a_moved_account_is_shown_and_the_new_one_is_no_member(
    network: Network,
):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo)
    await gi.arrive()
    mover = Mover(network, await network.signer(bo))
    alias = {"alsoKnownAs": [bo.uri]}

    unclaimed = await mover.move_to(gi.uri)
    silent = (await al.see(room))["departures"]
    with network.alter(asks_for("/u/gi", "gamma.test"), lambda raw: changed(raw, alias)):
        claimed = await mover.move_to(gi.uri)
    await al.say(room, "to whoever is here")
    await network.settle()

    assert (unclaimed, claimed) == (202, 202)
    assert silent == []
    (departure,) = (await al.see(room))["departures"]
    assert departure["person"]["acct"] == bo.acct
    assert departure["moved_to"]["acct"] == gi.acct
    assert await al.roles(room) == {al.acct: "admin", bo.acct: "member"}
    assert await bo.texts(room) == ["to whoever is here"]
    assert await gi.rooms("") == []
    assert sent(network.tape, "Create", to="gamma.test") == []
    told = await alpha.rows("SELECT type FROM event WHERE type = 'conversation'")
    assert len(told) > 0


async def test_an_account_moves_once_a_week_and_to_none_that_has_moved_on(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi, ga = (
        alpha.person("al"),
        beta.person("bo"),
        gamma.person("gi"),
        gamma.person("ga"),
    )
    room = await together(network, al, bo)
    await gi.arrive()
    await ga.arrive()
    mover = Mover(network, await network.signer(bo))
    alias = {"alsoKnownAs": bo.uri}
    moved_on = alias | {"movedTo": "https://gamma.test/u/ga"}

    async def shown() -> list[str]:
        return [one["moved_to"]["acct"] for one in (await al.see(room))["departures"]]

    with network.alter(asks_for("/u/gi", "gamma.test"), lambda raw: changed(raw, moved_on)):
        await mover.move_to(gi.uri)
        nowhere = await shown()
    with network.alter(
        lambda one: one.host == "gamma.test" and one.target.startswith("/u/g"),
        lambda raw: changed(raw, alias),
    ):
        await mover.move_to(gi.uri)
        first = await shown()
        network.advance(days=6)
        await mover.move_to(ga.uri)
        early = await shown()
        network.advance(days=2)
        await mover.move_to(ga.uri)
        late = await shown()

    assert (nowhere, first, early, late) == ([], [gi.acct], [gi.acct], [ga.acct])
