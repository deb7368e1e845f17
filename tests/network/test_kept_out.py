"""Whom rules keep out is parted from people here, wherever the rules stand, and remembered."""

from datetime import timedelta
from typing import Any

import pytest

from tests.network.stories import sent, together
from tests.network.test_rules import rule
from tests.network.test_shields import up
from tests.support.live_node import RULES_BEGIN, LiveNode
from tests.support.network import Network
from tests.support.person import Person, Room

pytestmark = pytest.mark.network


async def remembered(node: LiveNode) -> list[tuple[str, str]]:
    rows = await node.rows("SELECT host, rule_id FROM kept_out ORDER BY host")
    return [(row["host"], row["rule_id"]) for row in rows]


async def parted(node: LiveNode) -> list[dict[str, Any]]:
    return await node.rows("SELECT face, detail FROM audit WHERE act = 'rules.parted'")


async def members(person: Person, room: Room) -> set[str]:
    return {one["acct"] for one in (await person.see(room))["members"] if one["state"] == "joined"}


async def test_a_rule_of_a_file_ends_memberships_as_one_of_the_database_does(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    here, there = await together(network, al, bo), await together(network, bo, al)
    before = await al.messages(there)

    await alpha.rules(rule("beta.test"))
    await network.settle()

    assert await members(al, here) == {al.acct}
    assert await al.state_in(there) == "left"
    assert await remembered(alpha) == [("beta.test", "bad")]
    (told,) = await parted(alpha)
    assert told["face"] == "system"
    assert told["detail"] == '{"hosts": 1, "members_removed": 1, "people_leaving": 1}'

    await alpha.rules(rule("beta.test") + "priority = 3\n")
    await alpha.rules("")
    network.tape.clear()
    network.advance(hours=1)
    await network.settle()

    assert await remembered(alpha) == []
    assert len(await parted(alpha)) == 1
    assert sent(network.tape, "Create", "Invite", to="beta.test") == []
    assert [one["id"] for one in await al.messages(there)][: len(before)] == [
        one["id"] for one in before
    ]
    assert await members(al, here) == {al.acct}
    await al.invite(bo, here)
    await network.settle()
    await bo.accept(here)
    await network.settle()
    assert await members(al, here) == {al.acct, bo.acct}


async def test_a_node_that_starts_with_other_files_parts_as_well(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    here = await together(network, al, bo)
    await alpha.stop()
    alpha.config_file.write_text(f"{alpha.config_file.read_text()}{RULES_BEGIN}{rule('beta.test')}")

    await alpha.start()
    await alpha.tidy()
    await network.settle()

    assert await members(al, here) == {al.acct}


@pytest.mark.parametrize(
    "text",
    [
        rule("beta.test") + 'mode = "observe"\n',
        rule("beta.test", direction="in"),
        '[policy]\nfederation = "allowlist"\n',
        '[policy]\nmode = "observe"\n' + rule("beta.test"),
    ],
    ids=["observing", "one way", "mode of federation", "observing all"],
)
async def test_what_blocks_nobody_by_name_parts_nobody(network: Network, text: str):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    here = await together(network, al, bo)

    await alpha.rules(text)
    await alpha.tidy()
    await network.settle()

    assert await members(al, here) == {al.acct, bo.acct}
    assert await remembered(alpha) == []


async def test_raised_protection_parts_nobody(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    here = await together(network, al, bo)
    await alpha.rules(rule("beta.test") + 'mode = "observe"\n[policy.shields]\nrules = ["bad"]\n')

    await up(alpha, timedelta(hours=6))
    await alpha.tidy()
    await network.settle()

    assert await members(al, here) == {al.acct, bo.acct}


async def test_blocked_domains_are_remembered_and_forgotten_too(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await bo.arrive()
    await al.write_to(bo.acct, "first")
    await network.settle()

    await alpha.block("beta.test", "Harassment")
    assert await remembered(alpha) == [("beta.test", "block:beta.test")]
    await alpha.tidy()
    assert await remembered(alpha) == [("beta.test", "block:beta.test")]

    await alpha.unblock("beta.test")
    assert await remembered(alpha) == []


async def said_in(person: Person, room: Room) -> list[tuple[str, str, str | None]]:
    told = (await person.see(room))["kept_out"]
    return [(one["host"], one["since"][:10], one["reason"]) for one in told]


async def test_members_are_told_in_every_conversation_that_a_rule_meets(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    await bo.arrive()
    direct = await al.write_to(bo.acct, "first")
    await network.settle()
    here, there = await together(network, al, bo, gi), await together(network, bo, al)
    third, without = await together(network, gi, al, bo), await together(network, al, gi)
    gone_before = await together(network, al, bo)
    await al.remove(bo, gone_before)
    await network.settle()
    network.advance(minutes=1)
    (told,) = await alpha.rows("SELECT max(id) AS id FROM event")
    day = network.clock.now().isoformat()[:10]

    await alpha.rules(rule("beta.test") + "notify_members = true\n")
    first = await alpha.rows(
        "SELECT DISTINCT conversation_id AS id FROM event WHERE account_uri = $1 AND id > $2"
        " AND type = 'conversation'",
        al.uri,
        told["id"],
    )
    await network.settle()

    said = [("beta.test", day, "Harassment of our members")]
    assert [await said_in(al, room) for room in (direct, here, there, third)] == [said] * 4
    assert [await said_in(al, room) for room in (without, gone_before)] == [[], []]
    assert await said_in(gi, here) == []
    assert (await al.see(direct))["id"] in {one["id"] for one in first}

    await alpha.rules(rule("beta.test"))
    assert await said_in(al, direct) == []


async def test_whom_a_rule_of_a_file_parts_is_lost_too(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await bo.arrive()
    await al.write_to(bo.acct, "first")
    await network.settle()

    await alpha.rules(rule("beta.test"))
    (lost,) = (await al.must("GET", "/lost_contacts"))["items"]

    assert (lost["why"], lost["reason"]) == ("we_refuse", "Harassment of our members")
    await alpha.rules("")
    assert (await al.must("GET", "/lost_contacts"))["items"] == []
