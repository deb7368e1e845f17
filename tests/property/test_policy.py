"""What holds for all rules and all facts, whatever they are."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from federation.policy.chain import ALL_STAGES, judge
from federation.policy.check import check
from federation.policy.decision import Decision
from federation.policy.explain import explain
from federation.policy.facts import FACTS, Facts, Stage
from federation.policy.order import arrange
from federation.policy.problem import Source, Unreadable
from federation.policy.read_policy import read_policy
from federation.policy.rule import (
    Action,
    Effect,
    Federation,
    Mode,
    Policy,
    Rule,
)
from tests.support.rules import policy, rule

NOW = datetime(2026, 12, 1, tzinfo=UTC)
FIXTURE = Path(__file__).parents[1] / "unit" / "policy" / "fixtures" / "complete.toml"
COMPLETE = FIXTURE.read_text()

WHENS = [
    each.when
    for each in policy(
        rule('stage = "content"\nshow = ["no_preview"]\nwhen.domain = "example"')
        + rule('stage = "content"\nshow = ["no_preview"]\nwhen.domain = "a.example"', "a")
        + rule('stage = "content"\nshow = ["no_preview"]\nwhen.actor = "@a@a.example"', "b")
        + rule('stage = "content"\nshow = ["no_preview"]\nwhen.actor = "@*@a.example"', "c")
        + rule('stage = "content"\nshow = ["no_preview"]\nwhen.links = ">1"', "d")
        + rule('stage = "content"\nshow = ["no_preview"]\nwhen.text = "x"', "e")
        + rule('stage = "content"\nshow = ["no_preview"]\nwhen.none = [{ links = 0 }]', "f")
        + rule('stage = "content"\nshow = ["no_preview"]', "g")
    ).rules
]

known = st.fixed_dictionaries(
    {},
    optional={
        "domain": st.sampled_from(
            ["a.example", "b.example", ("a.example", "other.test"), (), "other.test"]
        ),
        "actor": st.sampled_from([("@a@a.example",), "@b@a.example"]),
        # The last is of the wrong kind.
        "links": st.sampled_from([0, 1, 2, "many"]),
        "text": st.sampled_from(["x", "y"]),
        "relation": st.sampled_from(["contact", "stranger"]),
        "encrypted": st.booleans(),
        "federation_known": st.booleans(),
    },
)
facts = st.builds(Facts, st.just(NOW), known, empty_buckets=st.just(frozenset[str]()))
plain = st.builds(
    Rule,
    id=st.just("r"),
    stage=st.sampled_from([stage for stage in Stage if stage is not Stage.RECIPIENT]),
    when=st.sampled_from(WHENS),
    action=st.sampled_from([None, *(each for each in Action if each is not Action.LIMIT)]),
    mode=st.sampled_from(Mode),
    show=st.frozensets(st.sampled_from(Effect)),
    expires=st.sampled_from([None, NOW - timedelta(days=1), NOW + timedelta(days=1)]),
    final=st.booleans(),
    is_from_list=st.booleans(),
)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Rules with distinct ids and priorities."""
    rules = draw(st.lists(plain, max_size=6))
    priorities = draw(st.permutations(range(len(rules))))
    return Policy(
        tuple(
            replace(
                each,
                id=f"r{at}",
                priority=priority,
                order=at,
                final=each.final and each.action is Action.ACCEPT,
            )
            for at, (each, priority) in enumerate(zip(rules, priorities, strict=True))
        ),
        mode=draw(st.sampled_from(Mode)),
        federation=draw(st.sampled_from(Federation)),
        on_error=draw(st.sampled_from([Action.HOLD, Action.ACCEPT, Action.DROP])),
    )


def outcome(decision: Decision) -> tuple[Any, ...]:
    rule_id = decision.rule.id if decision.rule else ""
    return decision.action, decision.because, rule_id, decision.show, decision.tokens


@settings(deadline=None)
@given(policies(), facts)
def test_judging_is_a_function_and_explaining_agrees(rules: Policy, about: Facts) -> None:
    chain = arrange(rules)

    decision = judge(chain, about)

    assert judge(arrange(rules), about) == decision
    explained = {
        (each.host, each.rule.id): each.outcome for each in explain(chain, about, ALL_STAGES)
    }
    for tried in decision.trace:
        assert tried.outcome in {
            told for (_, name), told in explained.items() if name == tried.rule.id
        }


@settings(deadline=None)
@given(policies(), facts, st.randoms(use_true_random=False))
def test_with_distinct_priorities_the_order_of_files_has_no_influence(
    rules: Policy, about: Facts, chance: Random
) -> None:
    shuffled = list(rules.rules)
    chance.shuffle(shuffled)
    others = tuple(replace(each, order=at) for at, each in enumerate(shuffled))

    decision = judge(arrange(replace(rules, rules=others)), about)

    assert outcome(decision) == outcome(judge(arrange(rules), about))


@settings(deadline=None)
@given(policies(), facts)
def test_what_observes_never_changes_an_outcome(rules: Policy, about: Facts) -> None:
    enforced = tuple(each for each in rules.rules if each.mode is Mode.ENFORCE)

    decision = judge(arrange(rules), about)

    assert outcome(decision) == outcome(judge(arrange(replace(rules, rules=enforced)), about))
    observing = judge(arrange(replace(rules, mode=Mode.OBSERVE)), about)
    assert (observing.action, observing.show) == (Action.ACCEPT, frozenset())


@settings(deadline=None)
@given(policies(), facts, plain)
def test_a_final_accept_is_never_refused_by_a_list(
    rules: Policy, about: Facts, of_list: Rule
) -> None:
    local = (
        each for each in rules.rules if not each.is_from_list and each.stage is not Stage.DOMAIN
    )
    final = Rule("final", Stage.DOMAIN, action=Action.ACCEPT, final=True)
    base = replace(rules, rules=(*local, final), mode=Mode.ENFORCE)
    theirs = replace(of_list, id="theirs", is_from_list=True, mode=Mode.ENFORCE)

    decision = judge(arrange(replace(base, rules=(*base.rules, theirs))), about)

    alone = judge(arrange(base), about)
    assert outcome(decision)[:3] == outcome(alone)[:3]


KEYS = st.sampled_from(
    [
        *("policy", "rule", "list", "id", "stage", "when", "action", "show", "limit", "hold"),
        *("then", "expires", "mode", "priority", "owner", "format", "file", "of", "shields"),
        *("rules", "any", "none", "exact", "header", "x", *FACTS),
    ]
)
WORDS = [*(stage.word for stage in Stage), *Action, "a", "<72h", ">3", "*.x.example", "(", "1h", ""]
SCALARS = st.one_of(
    *(st.sampled_from(WORDS), st.text(max_size=8), st.integers(), st.booleans()),
    *(st.floats(), st.datetimes(), st.dates(), st.times()),
)


def written(value: object) -> str:
    """As TOML, on one line."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {written(each)}" for key, each in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        escaped = "".join(f"\\U{ord(char):08x}" for char in value)
        return f'"{escaped}"'
    return value.isoformat() if isinstance(value, date | time) else repr(value)


VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
DOCUMENTS = st.dictionaries(KEYS, VALUES, max_size=5).map(
    lambda table: "\n".join(f"{key} = {written(value)}" for key, value in table.items())
)
RULES = st.lists(st.dictionaries(KEYS, VALUES, max_size=8), max_size=3).map(
    lambda tables: "\n".join(
        "[[rule]]\n" + "\n".join(f"{key} = {written(value)}" for key, value in table.items())
        for table in tables
    )
)


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """The complete example with one line in another place or cut."""
    lines = COMPLETE.split("\n")
    at, to = (draw(st.integers(0, len(lines) - 1)) for _ in range(2))
    lines.insert(to, lines.pop(at)[: draw(st.integers(0, 60))])
    return "\n".join(lines)


def reads_or_tells(text: str) -> None:
    read = read_policy([Source("a.toml", text)], own_hosts=["own.test"])

    if isinstance(read, Unreadable):
        assert read.problems
        lines = len(text.split("\n"))
        for problem in read.problems:
            assert 0 <= problem.place.line <= lines
            assert re.match(r"a\.toml(:\d+)?: ", str(problem))
        return
    check(read, NOW)
    about = Facts(NOW, {"domain": ("x.example", "own.test"), "links": 3, "text": "casino bonus"})
    judge(arrange(read), about)


@settings(deadline=None)
@given(st.one_of(DOCUMENTS, RULES))
def test_any_toml_is_a_policy_or_a_list_of_mistakes(text: str) -> None:
    reads_or_tells(text)


@settings(deadline=None)
@given(st.one_of(st.text(max_size=200), damaged()))
def test_any_text_is_a_policy_or_a_list_of_mistakes(text: str) -> None:
    reads_or_tells(text)
