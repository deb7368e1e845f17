"""Scenarios 14 to 17 and 21 of the policy: rules that fail or cannot be read, clocks, and why."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from federation.policy.conditions import Similar
from storage import policy_decisions
from storage.database import run
from storage.policy_rules import VERSION
from tests.network.test_judging import STRANGER, requests, rule, waiting
from tests.network.test_stored_rules import add, block
from tests.support.beside import covey
from tests.support.network import Network

pytestmark = pytest.mark.network

# What is read of a text costs more than such a budget.
SHORT = '[policy]\nrule_timeout = "1ms"\non_error = "hold"\n'
DEAR = rule('stage = "content"\nwhen.text = "casino"', "drop", "", "dear")


@pytest.mark.parametrize(
    ("other", "held", "kept"),
    [("", 1, 0), (rule(STRANGER, "drop", "", "cheap"), 0, 0), (rule(STRANGER, "accept"), 1, 0)],
)
async def test_14_a_rule_over_the_budget_gives_on_error_and_others_are_judged(
    network: Network, caplog: pytest.LogCaptureFixture, other: str, held: int, kept: int
):
    (alpha,) = await network.start("alpha.test")
    al, dana = alpha.person("al"), network.legacy_peer()
    await al.arrive()
    await alpha.rules(SHORT + DEAR + other)

    assert await dana.write_to(al.uri, "weather " * 6000) == 202
    await network.settle()

    assert len(await waiting(alpha)) == held
    assert len(await alpha.rows("SELECT id FROM message")) == kept
    assert any(getattr(one, "rules", "") == "dear" for one in caplog.records)
    (decided,) = await alpha.rows("SELECT tried FROM policy_decision")
    assert ["dear", "over the budget", "enforce"] in json.loads(decided["tried"])


async def test_15_while_rules_cannot_be_read_nothing_is_let_in(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, dana = alpha.person("al"), network.legacy_peer()
    await al.arrive()
    await add(alpha, block("other.test"))
    parts = alpha.node.parts

    for table in ("stored_rule", "policy_rule", "setting"):
        await alpha.inside(run(f"ALTER TABLE {table} RENAME TO away"))
        if table != "setting":
            await alpha.inside(run("UPDATE setting SET value = $1 WHERE key = $2", table, VERSION))
        with pytest.raises(Exception, match=table):
            await alpha.inside(parts.policy.refresh())
        assert await dana.write_to(al.uri, "let me in") == 503
        assert (await al.ask("POST", "/conversations", to(dana.acct)))[0] == 503
        await alpha.inside(run(f"ALTER TABLE away RENAME TO {table}"))
    assert await alpha.rows("SELECT id FROM inbox_entry") == []

    await alpha.inside(parts.policy.refresh())
    assert await dana.write_to(al.uri, "now") == 202
    await network.settle()
    assert await requests(alpha, "al") == ["now"]


def to(acct: str) -> dict[str, object]:
    return {"kind": "direct", "members": [acct], "text": "hello"}


async def test_16_a_step_of_the_clock_lets_nothing_go_and_ends_nothing(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, am, dana = alpha.person("al"), alpha.person("am"), network.legacy_peer()
    await al.arrive()
    await am.arrive()
    await dana.write_to(am.uri, "waits as a request")
    await network.settle()
    ends = network.clock.now().replace(microsecond=0) + timedelta(minutes=150)
    hold = 'hold = { auto_release = "2h", if_reports = 0 }\n'
    await alpha.rules(rule(STRANGER, "hold", f"{hold}expires = {ends.isoformat()}\n"))
    for number in range(20):
        await dana.write_to(al.uri, f"number {number}")
    await network.settle()
    network.advance(minutes=90)

    for ahead in (timedelta(hours=1), timedelta(0), timedelta(hours=-1), timedelta(0)):
        network.set_clock("alpha.test", ahead)
        await alpha.look_at_clock()
        await alpha.tidy()
        await network.settle()
        assert len(await waiting(alpha)) == 20, ahead
        assert await al.rooms("requests") == []
        assert await requests(alpha, "am") == ["waits as a request"]

    assert await dana.write_to(al.uri, "the rule still holds") == 202
    await network.settle()
    assert len(await waiting(alpha)) == 21
    network.advance(minutes=31)
    await alpha.tidy()
    await network.settle()
    assert len(await waiting(alpha)) == 1
    assert len(await al.rooms("requests")) == 1


SEVERAL = "".join(
    [
        rule('stage = "domain"\nwhen.domain = "blocked.test"', "reject", "", "by-name"),
        rule('stage = "actor"\nwhen.actor = "@rude@*"', "reject", "", "by-person"),
        rule('stage = "actor"\nwhen.actor = "@quiet@*"', "drop", "", "by-quiet"),
        rule('stage = "content"\nwhen.text = "casino"', "hold", "", "by-words"),
        rule('stage = "content"\nwhen.text = "lottery"', "drop", "", "by-lottery"),
        rule('stage = "content"\nwhen.text = "weather"', "drop", 'mode = "observe"', "watching"),
    ]
)


@pytest.mark.parametrize(
    ("name", "text", "action", "by"),
    [
        ("rude", "hello", "reject", "by-person"),
        ("quiet", "hello", "drop", "by-quiet"),
        ("dana", "casino", "hold", "by-words"),
        ("dana", "lottery", "drop", "by-lottery"),
        ("dana", "weather", "accept", "watching"),
    ],
)
async def test_17_what_was_decided_can_be_explained_when_the_rules_are_others(
    network: Network, name: str, text: str, action: str, by: str
):
    (alpha,) = await network.start("alpha.test")
    al, dana = alpha.person("al"), network.legacy_peer()
    dana.name = name
    await al.arrive()
    await alpha.rules(SEVERAL)
    await dana.write_to(al.uri, f"{text} and more")
    await network.settle()
    version = alpha.node.parts.policy.rules().version

    await alpha.rules(rule(STRANGER, "accept"))
    await add(alpha, block("other.test"))
    network.advance(days=13)
    await alpha.tidy()
    assert dana.posted is not None
    activity = str(dana.posted.document["id"])
    (told,) = await alpha.inside(policy_decisions.of_activity(activity))

    assert (told.action, told.rule_id, told.actor_uri) == (action, by, dana.uri)
    assert told.version == version != alpha.node.parts.policy.rules().version
    tried = {one: (outcome, mode) for one, outcome, mode in json.loads(told.tried)}
    assert tried[by] == ("matched", "observe" if action == "accept" else "enforce")
    assert "by-name" not in tried
    facts = json.loads(told.facts)
    assert facts["domain"] == "gts.test"
    assert text not in told.facts
    network.advance(days=2)
    await alpha.tidy()
    assert await alpha.inside(policy_decisions.of_activity(activity)) == []


async def test_17_an_accept_without_more_is_not_remembered(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, dana = alpha.person("al"), network.legacy_peer()
    await al.arrive()
    await alpha.rules(SEVERAL)

    await dana.write_to(al.uri, "hello")
    await replace(dana, host="blocked.test").write_to(al.uri, "hello")
    await network.settle()

    assert await requests(alpha, "al") == ["hello"]
    assert await alpha.rows("SELECT id FROM policy_decision") == []


async def test_14_a_rule_that_raises_gives_on_error_and_others_are_judged(
    network: Network, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    def breaks(*_: object) -> bool:
        raise LookupError

    (alpha,) = await network.start("alpha.test")
    al, am, dana = alpha.person("al"), alpha.person("am"), network.legacy_peer()
    await al.arrive()
    await am.arrive()
    monkeypatch.setattr(Similar, "holds", breaks)
    similar = 'when.similar = { window = "10m", local_recipients = 2 }\n'
    broken = rule(STRANGER + similar, "accept", "", "broken")
    await alpha.rules(broken)
    await dana.write_to(al.uri, "held by on_error")
    await network.settle()
    assert [one.person for one in await waiting(alpha)] == [al.uri]
    assert any(getattr(one, "rules", "") == "broken" for one in caplog.records)

    await alpha.rules('[policy]\non_error = "accept"\n' + broken + rule(STRANGER, "drop"))
    await dana.write_to(am.uri, "dropped by the other")
    await network.settle()

    assert await requests(alpha, "am") == []
    assert len(await waiting(alpha)) == 1
    (_, decided) = await alpha.rows(
        "SELECT action, rule_id, tried FROM policy_decision ORDER BY id"
    )
    assert (decided["action"], decided["rule_id"]) == ("drop", "r")
    assert ["broken", "failed", "enforce"] in json.loads(decided["tried"])


def encrypted(author: str, person: str, number: int) -> dict[str, object]:
    """A message that nobody but its reader can read."""
    note = {
        "id": f"{author}/statuses/e{number}",
        "type": "Note",
        "attributedTo": author,
        "mediaType": "message/mls",
        "content": "casino",
        "to": [person],
    }
    return {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": f"{author}/activities/e{number}",
        "type": "Create",
        "actor": author,
        "to": [person],
        "object": note,
    }


async def test_21_of_what_is_encrypted_no_word_is_judged_and_all_else_is(
    network: Network, tmp_path: Path
):
    (alpha,) = await network.start("alpha.test")
    al, dana = alpha.person("al"), network.legacy_peer()
    await al.arrive()
    words = rule('stage = "content"\nwhen.text = "casino"', "drop", "", "words")
    await alpha.rules(words + rule(STRANGER, "hold", "", "strangers"))
    document = encrypted(dana.uri, al.uri, 1)

    assert await dana.post(al.uri, document) == 202
    assert await dana.write_to(al.uri, "casino") == 202
    await network.settle()

    (held,) = await waiting(alpha)
    assert held.rule_id == "strangers"
    decided = {
        one["activity_id"]: one
        for one in await alpha.rows("SELECT activity_id, action, tried, facts FROM policy_decision")
    }
    of_it = decided.pop(str(document["id"]))
    assert [one["action"] for one in decided.values()] == ["drop"]
    assert [name for name, *_ in json.loads(of_it["tried"])] == ["strangers"]
    assert json.loads(of_it["facts"])["encrypted"] == "True"
    file = tmp_path / "activity.json"
    file.write_text(json.dumps(document))
    told = json.loads(await covey(alpha, "policy", "explain", "--activity", file, "--json"))
    assert told["result"]["skipped"] == ["content"]
    reasons = {one["id"]: one["reason"] for one in told["rules"]}
    assert reasons["words"] == "the content is encrypted"

    await alpha.rules(rule('stage = "domain"\nwhen.domain = "gts.test"', "reject"))
    assert await dana.post(al.uri, encrypted(dana.uri, al.uri, 2)) == 403
