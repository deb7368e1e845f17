"""Rules of the configuration are enforced by nodes that run, and taken up without a restart."""

import json
from datetime import timedelta
from typing import Any

import pytest

from federation.policy.domains import NOT_DELIVERED
from node.config.load import Broken, load
from node.policy_in_force import PolicyInForce
from storage.database import transaction
from storage.policy_rules import reload_files
from tests.network.stories import sent, together
from tests.network.test_blocked_domains import delivery_of
from tests.support.network import Network
from tests.support.person import Person, Room

pytestmark = pytest.mark.network

BOTH = """
[policy.disclosure]
to_sender = "{to_sender}"
[[rule]]
id = "bad"
stage = "domain"
when.domain = ["{domain}"]
direction = "{direction}"
action = "{action}"
category = "harassment"
public_reason = "Harassment of our members"
private_reason = "case 214"
"""
NO_EXCHANGE = "beta.test does not exchange messages with our server."


def rule(
    domain: str, *, action: str = "reject", direction: str = "both", to_sender: str = "category"
) -> str:
    return BOTH.format(domain=domain, action=action, direction=direction, to_sender=to_sender)


async def reread(policy: PolicyInForce, version: str) -> None:
    async with transaction():
        await reload_files(version)
    await policy.refresh()


@pytest.mark.parametrize(
    ("to_sender", "category", "detail"),
    [
        ("none", None, None),
        ("category", "harassment", None),
        ("full", "harassment", "Harassment of our members"),
    ],
)
async def test_who_is_refused_is_told_as_much_as_is_disclosed(
    network: Network, to_sender: str, category: str | None, detail: str | None
):
    (alpha,) = await network.start("alpha.test")
    al, dana = alpha.person("al"), network.legacy_peer()
    await al.arrive()
    await alpha.rules(rule("gts.test", to_sender=to_sender))
    network.tape.clear()

    status = await dana.write_to(al.uri, "buy now")
    await network.settle()

    assert dana.posted is not None
    answer = dana.posted.answer.partition(b"\r\n\r\n")[2].decode()
    document: dict[str, Any] = json.loads(answer)
    assert status == 403
    assert document["type"].endswith("#refused")
    assert document.get("category") == category
    assert document.get("detail") == detail
    assert "214" not in answer
    assert network.tape == []
    assert await al.rooms("requests") == []


@pytest.mark.parametrize(
    ("to_sender", "said"),
    [
        ("none", NO_EXCHANGE),
        ("category", f"{NO_EXCHANGE} Reason: harassment"),
        ("full", f"{NO_EXCHANGE} Reason: Harassment of our members (harassment)"),
    ],
)
async def test_whose_message_is_refused_reads_as_much_as_is_disclosed(
    network: Network, to_sender: str, said: str
):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await bo.arrive()
    room = await al.write_to(bo.acct, "first")
    await network.settle()
    await beta.rules(rule("alpha.test", direction="in", to_sender=to_sender))

    refused = await al.say(room, "second")
    await network.settle()

    assert await delivery_of(al, refused) == [("beta.test", "refused", said)]
    assert await bo.texts(room) == ["first"]


async def test_what_is_dropped_is_answered_as_if_it_were_taken(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, dana = alpha.person("al"), network.legacy_peer()
    await al.arrive()
    await alpha.rules(rule("gts.test", action="drop"))

    status = await dana.write_to(al.uri, "buy now")
    await network.settle()

    assert status == 202
    assert await al.rooms("requests") == []
    assert await alpha.rows("SELECT id FROM inbox_entry") == []


async def test_9_however_a_domain_is_spelled_it_is_caught(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, dana = alpha.person("al"), network.legacy_peer()
    await al.arrive()

    for spelled in ("gts.test", "GTS.Test", "gts.test.", " gts.test "):
        await alpha.rules(rule(spelled))
        assert await dana.write_to(al.uri, spelled) == 403, spelled
    await alpha.rules(rule("*.gts.test"))
    assert await dana.write_to(al.uri, "the domain itself is not meant") == 202


async def test_8_what_waits_for_a_domain_ends_with_the_reload(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await bo.arrive()
    room = await al.write_to(bo.acct, "first")
    await network.settle()
    network.cut("beta.test")
    waiting = [await al.say(room, f"number {number}") for number in range(20)]
    await network.settle()

    ended = await alpha.rules(rule("beta.test", direction="out"))
    network.heal("beta.test")
    network.tape.clear()
    later = await al.say(room, "later")
    network.advance(hours=1)
    await network.settle()

    assert ended == 20
    assert sent(network.tape, to="beta.test") == []
    refused = [("beta.test", "refused", f"{NOT_DELIVERED} (Harassment of our members)")]
    for message in (*waiting, later):
        assert await delivery_of(al, message) == refused


async def test_a_rule_of_one_direction_leaves_the_other(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await bo.arrive()
    room = await al.write_to(bo.acct, "first")
    await network.settle()

    await alpha.rules(rule("beta.test", direction="out"))
    await al.say(room, "does not go")
    await bo.say(room, "comes in")
    await network.settle()
    assert "comes in" in await al.texts(room)
    assert "does not go" not in await bo.texts(room)

    await alpha.rules(rule("beta.test", direction="in"))
    await al.say(room, "goes")
    await bo.say(room, "does not come in")
    await network.settle()
    assert "does not come in" not in await al.texts(room)
    assert "goes" in await bo.texts(room)


async def test_10_on_an_allowlist_the_unlisted_are_refused_both_ways(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo, dana = alpha.person("al"), beta.person("bo"), network.legacy_peer()
    await bo.arrive()
    await alpha.rules(
        '[policy]\nfederation = "allowlist"\n'
        + rule("beta.test", action="accept").replace(
            "[policy.disclosure]\nto_sender", "# to_sender"
        )
    )

    room = await al.write_to(bo.acct, "hello")
    await network.settle()
    assert await dana.write_to(al.uri, "buy now") == 403
    status, answer = await al.ask("POST", "/people/resolve", {"acct": "dana@gts.test"})
    await network.settle()

    assert await bo.texts(room) == ["hello"]
    assert (status, "gts.test" in str(answer["detail"])) == (422, True)
    assert await al.rooms("requests") == []


async def test_a_rule_that_only_observes_keeps_nobody_out(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, dana = alpha.person("al"), network.legacy_peer()
    await al.arrive()
    await alpha.rules(rule("gts.test") + 'mode = "observe"\n')

    assert await dana.write_to(al.uri, "hello") == 202


async def test_a_rule_that_is_over_keeps_nobody_out(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, dana = alpha.person("al"), network.legacy_peer()
    await al.arrive()
    until = network.clock.now().replace(microsecond=0) + timedelta(seconds=60)
    await alpha.rules(rule("gts.test") + f"expires = {until.isoformat()}\n")
    assert await dana.write_to(al.uri, "hello") == 403

    network.advance(seconds=60)
    await network.settle()

    assert await dana.write_to(al.uri, "hello again") == 202


async def test_files_with_mistakes_leave_what_holds(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, dana = alpha.person("al"), network.legacy_peer()
    await al.arrive()
    await alpha.rules(rule("gts.test"))

    alpha.config_file.write_text(alpha.config_file.read_text() + '[[rule]]\nid = "?"\n')
    parts = alpha.node.parts
    await alpha.inside(reread(parts.policy, parts.entropy.new_id()))
    assert await dana.write_to(al.uri, "hello") == 403

    loaded = load(alpha.config_file, {}, network.clock.now())
    assert isinstance(loaded, Broken)


@pytest.mark.parametrize(
    ("to_sender", "said"),
    [
        ("none", NO_EXCHANGE),
        ("full", f"{NO_EXCHANGE} Reason: Harassment of our members (harassment)"),
    ],
)
async def test_whose_invitation_a_server_refuses_reads_why_and_can_withdraw_it(
    network: Network, to_sender: str, said: str
):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    await bo.arrive()
    room = await together(network, al, gi)
    # Whom it looks for it has to find before it is refused.
    await al.must("POST", "/people/resolve", {"acct": bo.acct})
    await beta.rules(rule("alpha.test", direction="in", to_sender=to_sender))

    await al.invite(bo, room)
    (told,) = await alpha.rows("SELECT max(id) AS id FROM event")
    await network.settle()

    assert await refusals(al, room) == {bo.acct: said}
    assert await refusals(gi, room) == {}
    news = await alpha.rows(
        "SELECT type FROM event WHERE account_uri = $1 AND id > $2", al.uri, told["id"]
    )
    assert [one["type"] for one in news] == ["conversation"]
    await al.remove(bo, room)
    assert bo.acct not in {one["acct"] for one in (await al.see(room))["members"]}


async def test_whose_invitation_home_refuses_reads_why(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo)
    await al.give_role(bo, "moderator", room)
    await network.settle()
    await alpha.rules(rule("gamma.test"))

    await bo.invite(gi, room)
    await network.settle()

    seen = await bo.see(room)
    assert gi.acct not in {one["acct"] for one in seen["members"]}
    assert seen["requests"] == [
        {"wish": "invite", "subject": gi.acct, "state": "refused", "notice": "not-allowed"}
    ]
    assert (await al.see(room))["requests"] == []


async def refusals(person: Person, room: Room) -> dict[str, str]:
    """Who of those asked in did not get the invitation, and why."""
    members = (await person.see(room))["members"]
    return {one["acct"]: one["refusal"] for one in members if one["refusal"]}
