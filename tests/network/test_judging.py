"""Rules are judged where messages are filed, for each person, and what they hold is not lost."""

from datetime import timedelta

import pytest

from federation.commands import held as commands
from storage import held
from tests.network.stories import join, together
from tests.support.live_node import LiveNode
from tests.support.network import Network

pytestmark = pytest.mark.network

STRANGER = 'stage = "behaviour"\nwhen.relation = "stranger"\n'


def rule(lines: str, action: str, more: str = "", name: str = "r") -> str:
    return f'[[rule]]\nid = "{name}"\n{lines}\naction = "{action}"\n{more}\n'


async def waiting(node: LiveNode) -> list[held.Shown]:
    return await node.inside(held.listed())


async def release(node: LiveNode) -> int:
    ids = [one.id for one in await waiting(node)]
    parts = node.node.parts
    return await node.inside(
        commands.release(ids, new_id=parts.entropy.new_id, now=node.clock.now())
    )


async def requests(node: LiveNode, name: str) -> list[str]:
    return [one["last_message"]["text"] for one in await node.people[name].rooms("requests")]


async def test_what_is_held_reaches_nobody_until_it_is_let_go_and_then_once(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, dana = alpha.person("al"), network.legacy_peer()
    await al.arrive()
    await alpha.rules(rule(STRANGER, "hold"))

    assert await dana.write_to(al.uri, "hello") == 202
    await network.settle()
    (only,) = await waiting(alpha)
    assert (only.person, only.host, only.rule_id) == (al.uri, "gts.test", "r")
    assert "hello" not in only.facts
    assert await al.rooms("requests") == []
    assert await alpha.rows("SELECT id FROM message") == []
    assert await alpha.rows("SELECT id FROM event") == []

    assert await release(alpha) == 1
    await network.settle()
    assert await requests(alpha, "al") == ["hello"]
    assert await waiting(alpha) == []

    assert dana.posted is not None
    await dana.carry(dana.posted)
    await network.settle()
    assert await requests(alpha, "al") == ["hello"]
    assert await waiting(alpha) == []
    assert len(await alpha.rows("SELECT id FROM recipient")) == 1


async def test_what_comes_again_while_it_is_held_is_held_once(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, dana = alpha.person("al"), network.legacy_peer()
    await al.arrive()
    await alpha.rules(rule(STRANGER, "hold"))
    await dana.write_to(al.uri, "hello")
    await network.settle()

    assert dana.posted is not None
    await dana.carry(dana.posted)
    await network.settle()

    assert len(await waiting(alpha)) == 1


async def test_what_a_moderator_drops_does_not_come_back(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, dana = alpha.person("al"), network.legacy_peer()
    await al.arrive()
    await alpha.rules(rule(STRANGER, "hold"))
    await dana.write_to(al.uri, "hello")
    await network.settle()

    ids = [one.id for one in await waiting(alpha)]
    await alpha.inside(commands.drop(ids, now=network.clock.now()))
    assert dana.posted is not None
    await dana.carry(dana.posted)
    await network.settle()

    assert await waiting(alpha) == []
    assert await al.rooms("requests") == []
    assert await alpha.rows("SELECT id FROM policy_held WHERE body IS NOT NULL") == []


@pytest.mark.parametrize("action", ["reject", "drop"])
@pytest.mark.parametrize(
    "lines",
    [
        STRANGER,
        'stage = "content"\nwhen.text = "(?i)BUY now"',
        'stage = "recipient"\nwhen.type = "Create"\nwhen.links = "0"',
    ],
)
async def test_what_is_kept_out_is_not_stored(network: Network, lines: str, action: str):
    (alpha,) = await network.start("alpha.test")
    al, dana = alpha.person("al"), network.legacy_peer()
    await al.arrive()
    await alpha.rules(rule(lines, action))

    await dana.write_to(al.uri, "buy now")
    await network.settle()

    assert await al.rooms("requests") == []
    assert await alpha.rows("SELECT id FROM message") == []
    (decided,) = await alpha.rows("SELECT * FROM policy_decision")
    assert (decided["action"], decided["rule_id"], decided["person"]) == (action, "r", al.uri)
    assert "buy now" not in str(decided)


@pytest.mark.parametrize(
    "lines",
    [
        'stage = "actor"\nwhen.actor = "@dana@*"',
        'stage = "actor"\nwhen.actor_name = "(?i)^DANA$"\nwhen.has_icon = false',
        'stage = "actor"\nwhen.actor_first_seen = "<1h"\nwhen.bot = false',
        'stage = "domain"\nwhen.domain_first_seen = "<1h"',
    ],
)
@pytest.mark.parametrize(("action", "status"), [("reject", 403), ("drop", 202)])
async def test_who_is_turned_away_before_the_answer_is_told_so(
    network: Network, lines: str, action: str, status: int
):
    (alpha,) = await network.start("alpha.test")
    al, dana = alpha.person("al"), network.legacy_peer()
    await al.arrive()
    await alpha.rules(rule(lines, action, 'category = "spam"\n'))

    assert await dana.write_to(al.uri, "buy now") == status
    assert await alpha.rows("SELECT id FROM inbox_entry") == []
    assert dana.posted is not None
    assert (b'"category": "spam"' in dana.posted.answer) is (action == "reject")
    (decided,) = await alpha.rows("SELECT * FROM policy_decision")
    assert (decided["action"], decided["rule_id"], decided["host"]) == (action, "r", "gts.test")
    assert decided["person"] == ""
    assert len(alpha.node.parts.tally.policy.by_name) == 1


@pytest.mark.parametrize("stage", ["domain", "actor"])
@pytest.mark.parametrize("key", ["domain", "actor"])
async def test_who_sends_too_much_hears_when_to_come_again(network: Network, stage: str, key: str):
    (alpha,) = await network.start("alpha.test")
    al, dana = alpha.person("al"), network.legacy_peer()
    await al.arrive()
    if (stage, key) == ("domain", "actor"):
        key = "domain"
    limit = f'limit = {{ key = "{key}", rate = "1/minute", burst = 2, over = "drop" }}'
    await alpha.rules(rule(f'stage = "{stage}"\nwhen.aware = false', "limit", limit))

    answers = []
    for number in range(3):
        answers.append(await dana.write_to(al.uri, f"number {number}"))
        await network.settle()
    assert answers == [202, 202, 429]
    assert dana.posted is not None
    assert b"Retry-After: 60" in dana.posted.answer

    network.advance(minutes=1)
    assert await dana.write_to(al.uri, "a minute later") == 202
    await network.settle()
    assert len(await alpha.rows("SELECT id FROM message")) == 3


async def test_what_was_answered_before_the_bucket_was_empty_gives_what_is_over(
    network: Network,
):
    (alpha,) = await network.start("alpha.test")
    al, dana = alpha.person("al"), network.legacy_peer()
    await al.arrive()
    limit = 'limit = { key = "actor", rate = "1/hour", burst = 1, over = "hold" }'
    await alpha.rules(rule('stage = "actor"\nwhen.aware = false', "limit", limit))

    assert [await dana.write_to(al.uri, text) for text in ("one", "two")] == [202, 202]
    await network.settle()

    assert await requests(alpha, "al") == ["one"]
    assert len(await waiting(alpha)) == 1


async def test_each_person_is_judged_by_what_they_have_with_the_sender(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, am, bo = alpha.person("al"), alpha.person("am"), beta.person("bo")
    await bo.arrive()
    await am.arrive()
    await al.write_to(bo.acct, "we know each other")
    await network.settle()
    await alpha.rules(rule(STRANGER, "hold"))

    room = await bo.write_to_all([al.acct, am.acct], "hello both")
    await network.settle()

    assert await al.texts(room) == ["hello both"]
    assert await am.rooms("requests") == await am.rooms("joined") == []
    assert [one.person for one in await waiting(alpha)] == [am.uri]

    await release(alpha)
    await network.settle()

    assert await requests(alpha, "am") == ["hello both"]
    assert await al.texts(room) == ["hello both"]


async def test_6_inside_a_joined_group_nobody_is_a_stranger(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await alpha.rules(rule(STRANGER, "drop"))

    room = await together(network, al, bo)
    await bo.say(room, "hello")
    await network.settle()

    assert "hello" in await al.texts(room)


async def test_a_groups_message_that_is_held_from_somebody_comes_when_it_is_let_go(
    network: Network,
):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    await alpha.rules(rule('stage = "content"\nwhen.text = "casino"', "hold"))

    await bo.say(room, "casino")
    await bo.say(room, "weather")
    await network.settle()
    assert [text for text in await al.texts(room) if text in {"casino", "weather"}] == ["weather"]

    await release(alpha)
    await network.settle()
    assert {"casino", "weather"} <= set(await al.texts(room))
    assert await waiting(alpha) == []


async def test_a_bucket_that_is_empty_gives_what_the_limit_says(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, dana = alpha.person("al"), network.legacy_peer()
    await al.arrive()
    limit = 'limit = { key = "domain", rate = "1/hour", burst = 2, over = "hold" }'
    await alpha.rules(rule(STRANGER, "limit", limit))

    for number in range(4):
        await dana.write_to(al.uri, f"number {number}")
        await network.settle()
    assert len(await alpha.rows("SELECT id FROM message")) == 2
    assert len(await waiting(alpha)) == 2

    network.advance(hours=1)
    await dana.write_to(al.uri, "an hour later")
    await network.settle()
    assert len(await alpha.rows("SELECT id FROM message")) == 3

    network.advance(hours=3)
    await alpha.tidy()
    assert await alpha.rows("SELECT id FROM policy_bucket") == []


async def test_16_what_is_held_gets_free_in_time_and_not_by_a_step_of_the_clock(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, dana = alpha.person("al"), network.legacy_peer()
    await al.arrive()
    await alpha.rules(rule(STRANGER, "hold", 'hold = { auto_release = "2h", if_reports = 0 }'))
    await dana.write_to(al.uri, "hello")
    await network.settle()

    network.set_clock("alpha.test", timedelta(hours=1))
    await alpha.look_at_clock()
    network.advance(hours=1)
    await alpha.tidy()
    await network.settle()
    assert await al.rooms("requests") == []

    network.advance(hours=1, minutes=1)
    await alpha.tidy()
    await network.settle()
    assert await requests(alpha, "al") == ["hello"]


async def test_12_a_rule_that_observes_is_counted_and_changes_nothing(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, dana = alpha.person("al"), network.legacy_peer()
    await al.arrive()
    await alpha.rules(rule(STRANGER, "drop", 'mode = "observe"'))

    await dana.write_to(al.uri, "hello")
    await network.settle()

    assert await requests(alpha, "al") == ["hello"]
    assert alpha.node.parts.tally.policy.by_name == {"behaviour drop observe": 1}
    (decided,) = await alpha.rows("SELECT action, rule_id FROM policy_decision")
    assert (decided["action"], decided["rule_id"]) == ("accept", "r")


async def test_14_a_rule_over_the_budget_gives_on_error_and_is_named(
    network: Network, caplog: pytest.LogCaptureFixture
):
    (alpha,) = await network.start("alpha.test")
    al, dana = alpha.person("al"), network.legacy_peer()
    await al.arrive()
    await alpha.rules(
        '[policy]\nrule_timeout = "0ms"\non_error = "hold"\n' + rule(STRANGER, "request")
    )

    await dana.write_to(al.uri, "hello")
    await network.settle()

    assert len(await waiting(alpha)) == 1
    assert any(getattr(one, "rules", "") == "r" for one in caplog.records)


@pytest.mark.parametrize("action", ["hold", "reject", "drop"])
async def test_what_is_set_for_strangers_holds_where_no_rule_speaks(network: Network, action: str):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo, dana = alpha.person("al"), beta.person("bo"), network.legacy_peer()
    await al.arrive()
    await alpha.rules(
        f'[policy.strangers]\nmessage = "{action}"\ngroup_invite = "{action}"\n'
        + rule('stage = "domain"\nwhen.domain = "other.test"', "accept")
    )

    await dana.write_to(al.uri, "hello")
    await bo.start_conversation("tea", al.acct)
    await network.settle()

    assert await al.rooms("requests") == await al.rooms("invited") == []
    assert len(await waiting(alpha)) == (2 if action == "hold" else 0)

    if action == "hold":
        await release(alpha)
        await network.settle()
        assert len([*await al.rooms("requests"), *await al.rooms("invited")]) == 2


async def test_by_approval_an_unknown_domain_waits_until_a_rule_accepts_it(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, dana = alpha.person("al"), network.legacy_peer()
    await al.arrive()
    approval = '[policy]\nfederation = "approval"\n'
    await alpha.rules(approval)
    await dana.write_to(al.uri, "hello")
    await network.settle()
    assert await al.rooms("requests") == []
    assert [one.rule_id for one in await waiting(alpha)] == [""]

    await alpha.rules(approval + rule('stage = "domain"\nwhen.domain = "gts.test"', "accept"))
    await dana.write_to(al.uri, "again")
    await network.settle()

    assert await requests(alpha, "al") == ["again"]


async def test_a_final_accept_ends_judging(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, dana = alpha.person("al"), network.legacy_peer()
    await al.arrive()
    await alpha.rules(
        rule('stage = "domain"\nwhen.domain = "gts.test"', "accept", "final = true", "friends")
        + rule(STRANGER, "drop")
    )

    await dana.write_to(al.uri, "hello")
    await network.settle()

    assert await requests(alpha, "al") == ["hello"]


async def test_a_deletion_is_its_authors_right(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo, gu = alpha.person("al"), beta.person("bo"), beta.person("gu")
    room = await together(network, al, bo)
    await join(network, al, gu, room)
    said = await bo.say(room, "hello")
    await network.settle()
    await alpha.rules(rule('stage = "actor"\nwhen.actor = "*"\nwhen.bot = false', "hold"))

    await bo.delete(said)
    await network.settle()

    assert "hello" not in await al.texts(room)
    assert await waiting(alpha) == []


async def test_what_a_group_passes_on_is_judged_by_the_hosts_alone(network: Network):
    """It cannot come a second time as it came from home's history, so no rule holds it."""
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo)
    await al.change(room, settings={"history": "shared"})
    await network.settle()
    await bo.say(room, "before your time")
    await network.settle()
    await gamma.rules(rule('stage = "behaviour"\nwhen.domain = "beta.test"', "hold"))

    await join(network, al, gi, room)
    network.advance(seconds=20)
    await network.settle()

    assert await waiting(gamma) == []
    assert "before your time" in await gi.texts(room)
