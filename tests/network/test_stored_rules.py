"""Rules of the database are enforced by nodes that run, and taking one back undoes what it hid."""

from collections.abc import Coroutine
from datetime import timedelta
from typing import Any

import pytest

from federation.commands import change_rules
from federation.commands.rule_change import Changed, Ground
from federation.policy.domains import NOT_DELIVERED
from federation.policy.problem import Unreadable
from federation.protocol.verdict import Refused
from node.config.rules import read_rules
from tests.network.stories import sent, together
from tests.network.test_blocked_domains import delivery_of
from tests.support.live_node import LiveNode
from tests.support.network import Network
from tests.support.person import Person, Room

pytestmark = pytest.mark.network


def ground_of(node: LiveNode, *, dry_run: bool = False) -> Ground:
    parts = node.node.parts
    names = parts.config.server.names
    written = read_rules(node.config_file, names)
    assert not isinstance(written, Unreadable)
    return Ground(written, names, parts.entropy.new_id, node.clock.now(), dry_run=dry_run)


async def changed(node: LiveNode, doing: Coroutine[Any, Any, object]) -> Changed:
    done = await node.inside(doing)
    assert isinstance(done, Changed), done
    await node.inside(node.node.parts.policy.refresh())
    return done


def block(domain: str, **more: object) -> dict[str, object]:
    rule = {"id": "bad", "stage": "domain", "when": {"domain": [domain]}, "action": "reject"}
    return {**rule, "direction": "both", "public_reason": "Harassment", **more}


async def add(node: LiveNode, *tables: dict[str, object], dry_run: bool = False) -> Changed:
    return await changed(node, change_rules.add(tables, ground_of(node, dry_run=dry_run)))


async def revert(node: LiveNode, name: str = "bad") -> Changed:
    done = change_rules.revert(name, ground_of(node))
    return await changed(node, done)


async def acts(node: LiveNode) -> list[tuple[str, str]]:
    rows = await node.rows("SELECT act, about FROM audit WHERE act LIKE 'rule.%' ORDER BY n")
    return [(row["act"], row["about"]) for row in rows]


async def seen_by(person: Person, room: Room) -> tuple[Any, Any]:
    return await person.messages(room), (await person.see(room))["unread"]


async def test_a_rule_holds_until_it_is_taken_back(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, dana = alpha.person("al"), network.legacy_peer()
    await al.arrive()

    await add(alpha, block("gts.test"))
    while_it_held = await dana.write_to(al.uri, "buy now")
    await revert(alpha)
    after = await dana.write_to(al.uri, "hello")
    await network.settle()

    assert (while_it_held, after) == (403, 202)
    assert await acts(alpha) == [("rule.added", "bad"), ("rule.reverted", "bad")]


async def test_8_a_rule_ends_what_waits_in_its_transaction(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await bo.arrive()
    room = await al.write_to(bo.acct, "first")
    await network.settle()
    network.cut("beta.test")
    waiting = [await al.say(room, f"number {number}") for number in range(20)]
    await network.settle()

    foreseen = await add(alpha, block("beta.test"), dry_run=True)
    done = await add(alpha, block("beta.test"))
    network.heal("beta.test")
    network.tape.clear()
    network.advance(hours=1)
    await network.settle()

    assert foreseen.waiting == done.waiting == 20
    assert sent(network.tape, to="beta.test") == []
    for message in waiting:
        assert await delivery_of(al, message) == [
            ("beta.test", "refused", f"{NOT_DELIVERED} (Harassment)")
        ]


async def test_7_taking_a_rule_back_restores_what_was_here_and_sends_nothing(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await bo.arrive()
    direct = await al.write_to(bo.acct, "first")
    await network.settle()
    here, there = await together(network, al, bo), await together(network, bo, al)
    before = [await seen_by(al, room) for room in (direct, here, there)]

    done = await add(alpha, block("beta.test"))
    await network.settle()
    await revert(alpha)
    network.tape.clear()
    network.advance(hours=1)
    await network.settle()

    assert (len(done.parted.removed), len(done.parted.leaving)) == (1, 1)
    after = [await seen_by(al, room) for room in (direct, here, there)]
    assert [messages for messages, _ in after] == [messages for messages, _ in before]
    assert sent(network.tape, "Create", to="beta.test") == []
    members = {one["acct"] for one in (await al.see(here))["members"] if one["state"] == "joined"}
    assert bo.acct not in members


async def test_what_parts_nobody_anew_parts_nobody(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await bo.arrive()
    await together(network, al, bo)

    friend = {"id": "friend", "stage": "domain", "when": {"domain": ["beta.test"]}}
    await add(alpha, {**friend, "action": "accept", "direction": "both", "priority": 9})
    blocked = await add(alpha, block("beta.test"))
    lifted = await revert(alpha, "friend")
    watched = await changed(
        alpha, change_rules.edit("bad", {"category": "spam"}, (), ground_of(alpha))
    )

    assert blocked.parted.removed == ()
    assert len(lifted.parted.removed) == 1
    assert watched.parted.removed == ()


async def test_a_rule_that_only_observes_keeps_nobody_out(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, dana = alpha.person("al"), network.legacy_peer()
    await al.arrive()

    done = await add(alpha, block("gts.test", mode="observe"))

    assert done.waiting == 0
    assert await dana.write_to(al.uri, "hello") == 202


async def test_a_rule_ends_by_itself_and_the_log_says_so(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, dana = alpha.person("al"), network.legacy_peer()
    await al.arrive()
    ends = alpha.clock.now() + timedelta(days=3)
    await add(alpha, block("gts.test", expires=ends))
    assert await dana.write_to(al.uri, "too early") == 403

    network.advance(days=3, minutes=1)
    await network.settle()
    after = await dana.write_to(al.uri, "in time")
    await alpha.tidy()
    await alpha.tidy()
    kept = await alpha.rows("SELECT id FROM stored_rule")
    network.advance(days=31)
    await alpha.tidy()

    assert after == 202
    assert await acts(alpha) == [("rule.added", "bad"), ("rule.over", "bad")]
    assert len(kept) == 1
    assert await alpha.rows("SELECT id FROM stored_rule") == []


async def test_all_rules_come_or_none_does(network: Network):
    (alpha,) = await network.start("alpha.test")
    tables = [block("a.test"), block("b.test", id="b"), block("alpha.test", id="own")]

    refused = await alpha.inside(change_rules.add(tables, ground_of(alpha)))
    nothing = await alpha.inside(change_rules.expire("bad", alpha.clock.now(), ground_of(alpha)))

    assert isinstance(refused, Unreadable)
    assert isinstance(nothing, Refused)
    assert await alpha.rows("SELECT id FROM stored_rule") == []
    assert await acts(alpha) == []
