"""Raised protection enforces what it names, for so long and no longer."""

from datetime import timedelta

import pytest

from federation.policy.rule import Action, Mode
from federation.policy.shields import (
    NOTHING_TO_RAISE,
    REASON_TOO_LONG,
    TOO_LONG,
    Raised,
    raised_for,
    with_shields,
)
from federation.protocol.verdict import Refused
from tests.support.rules import NOW, policy, rule

HOURS = timedelta(hours=1)
SHIELDS = """
[policy.strangers]
message = "request"
group_invite = "request"
[policy.shields]
default_duration = "2h"
rules = ["a"]
strangers = { message = "hold" }
"""
RULES = "".join(
    rule(f'stage = "behaviour"\nwhen.links = 1\naction = "hold"\nmode = "{mode}"', name)
    for name, mode in (("a", "observe"), ("b", "off"))
)


@pytest.mark.parametrize(
    ("text", "length", "reason", "answer"),
    [
        (SHIELDS + RULES, None, "", 2 * HOURS),
        (SHIELDS + RULES, 6 * HOURS, "a wave", 6 * HOURS),
        ("[policy.shields]\nstrangers = { message = 'hold' }", None, "", 6 * HOURS),
        ("", None, "", NOTHING_TO_RAISE),
        ('[policy.shields]\ndefault_duration = "6h"', None, "", NOTHING_TO_RAISE),
        (SHIELDS + RULES, timedelta(0), "", TOO_LONG),
        (SHIELDS + RULES, timedelta(days=31), "", TOO_LONG),
        (SHIELDS + RULES, None, "x" * 501, REASON_TOO_LONG),
    ],
)
def test_for_how_long_it_is_raised(
    text: str, length: timedelta | None, reason: str, answer: timedelta | Refused
) -> None:
    raised = raised_for(policy(text), NOW, length, reason)

    if isinstance(answer, Refused):
        assert raised == answer
        return
    assert isinstance(raised, Raised)
    assert (raised.until, raised.reason) == (NOW + answer, reason)
    assert raised.holds(NOW + answer - timedelta(seconds=1))
    assert not raised.holds(NOW + answer)


def test_the_named_rules_are_enforced_and_strangers_taken_otherwise() -> None:
    raised = with_shields(policy(SHIELDS + RULES))

    assert {one.id: one.mode for one in raised.rules} == {"a": Mode.ENFORCE, "b": Mode.OFF}
    assert raised.tables["strangers"] == {"message": Action.HOLD, "group_invite": Action.REQUEST}
