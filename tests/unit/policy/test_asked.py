"""Nothing is loaded where messages are filed unless a rule asks for it there."""

from datetime import timedelta

import pytest

from federation.policy.asked import (
    NOTHING,
    Asked,
    asked_before_answer,
    asked_when_filing,
    asked_when_sending,
)
from federation.policy.order import arrange
from federation.policy.rule import Action
from tests.support.rules import policy, rule

BAD = 'stage = "domain"\nwhen.domain = "bad.example"\n'


def asked(text: str) -> Asked:
    return asked_when_filing(arrange(policy(text)))


@pytest.mark.parametrize(
    "text",
    [
        "",
        rule(BAD + 'action = "reject"'),
        rule(BAD + 'action = "accept"\nfinal = true'),
        rule('stage = "behaviour"\nwhen.links = ">3"\naction = "drop"\nmode = "off"'),
        '[policy]\nfederation = "allowlist"',
        '[policy]\nmode = "observe"\n[policy.strangers]\nmessage = "hold"',
        '[policy.strangers]\nmessage = "request"',
    ],
)
def test_what_is_settled_by_name_costs_nothing_when_messages_are_filed(text: str) -> None:
    assert not asked(text).is_anything


def test_a_policy_that_is_off_asks_for_nothing() -> None:
    text = '[policy]\nmode = "off"\n' + rule('stage = "actor"\nwhen.bot = true\naction = "drop"')
    assert asked(text) == NOTHING


@pytest.mark.parametrize(
    "text",
    [
        rule(BAD + 'action = "hold"'),
        rule(BAD + 'when.aware = false\naction = "reject"'),
        rule('stage = "behaviour"\nwhen.links = ">3"\naction = "drop"\nmode = "observe"'),
        '[policy]\nfederation = "approval"',
        '[policy.strangers]\nmessage = "hold"',
    ],
)
def test_everything_else_is_asked_there(text: str) -> None:
    assert asked(text).is_anything


def test_facts_limits_and_strangers_are_told() -> None:
    limit = 'limit = { key = "domain", rate = "30/hour", burst = 10, over = "hold" }'
    text = '[policy.strangers]\ngroup_invite = "reject"\n' + rule(
        'stage = "behaviour"\nwhen.relation = "stranger"\nwhen.any = [{ links = ">0" }]\n'
        f'action = "limit"\n{limit}'
    )
    found = asked(text)

    assert found.facts == {"relation", "links"}
    assert set(found.limits) == {"r"}
    assert found.strangers == {"Invite": Action.REJECT}


def test_the_windows_of_similar_texts_are_told() -> None:
    similar = 'when.similar = { window = "10m", local_recipients = 5 }'
    found = asked(rule(f'stage = "behaviour"\n{similar}\naction = "hold"'))

    assert found.windows == {(timedelta(minutes=10), 10)}
    assert asked(rule(BAD + 'action = "hold"')).windows == frozenset()


STRICT = 'when.aware = false\naction = "reject"'


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        (rule(BAD + 'action = "reject"'), set()),
        (rule(BAD + 'when.aware = false\naction = "hold"'), set()),
        (rule(BAD + STRICT + '\nmode = "observe"'), set()),
        ('[policy]\nmode = "observe"\n' + rule(BAD + STRICT), set()),
        (rule('stage = "behaviour"\nwhen.links = ">3"\naction = "drop"'), set()),
        (rule(BAD + STRICT), {"domain", "aware"}),
        (
            rule(BAD + STRICT) + rule('stage = "actor"\nwhen.bot = true\naction = "accept"', "s"),
            {"domain", "aware", "bot"},
        ),
        (rule('stage = "actor"\nwhen.bot = true\naction = "drop"'), {"bot"}),
    ],
)
def test_before_the_answer_only_what_turns_somebody_away_is_asked(
    text: str, facts: set[str]
) -> None:
    early = asked_before_answer(arrange(policy(text)))

    assert early.facts == facts
    assert early.is_anything is bool(facts)


OUT = 'direction = "out"\nwhen.links = ">3"\naction = "drop"'


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("", set()),
        (rule(BAD + 'direction = "both"\naction = "reject"'), set()),
        (rule('stage = "behaviour"\nwhen.links = ">3"\naction = "drop"'), set()),
        ('[policy]\nmode = "off"\n' + rule(f'stage = "behaviour"\n{OUT}'), set()),
        (rule(f'stage = "behaviour"\n{OUT}'), {"links"}),
    ],
)
def test_what_goes_out_is_asked_where_a_rule_wants_more_than_a_name(
    text: str, facts: set[str]
) -> None:
    sending = asked_when_sending(arrange(policy(text)))

    assert sending.facts == facts
    assert sending.is_anything is bool(facts)
