"""What is written correctly and will hardly do what is meant."""

import pytest

from federation.policy.check import WARNINGS_MAX, check
from tests.support.rules import NOW, policy, rule

LIST = '[[list]]\nid = "theirs"\nformat = "cidr"\nurl = "https://x.example/"\n'
HOLD = 'action = "hold"'
STRANGER = 'when.relation = "stranger"'


def behaviour(name: str, *lines: str) -> str:
    return rule("\n".join(['stage = "behaviour"', *lines]), name)


def domain(name: str, *lines: str) -> str:
    return rule("\n".join(['stage = "domain"', *lines]), name)


DROP = 'action = "drop"'
A = 'when.domain = "a.example"'
BELOW_A = 'when.domain = "x.a.example"'
# What is written, and the rules with what is the matter with them.
CASES = {
    "fine": (domain("x", 'action = "hold"', A), []),
    "expired": (domain("x", HOLD, A, "expires = 2026-12-01"), ["x expired"]),
    "expiring": (domain("x", HOLD, A, "expires = 2026-12-04"), ["x expiring"]),
    "not yet": (domain("x", HOLD, A, "expires = 2026-12-05"), []),
    "no network": (
        rule('stage = "connection"\naction = "drop"\nwhen.cidr_list = "theirs"', "x") + LIST,
        ["x unreachable"],
    ),
    "encrypted": (
        rule('stage = "content"\naction = "hold"\nwhen.encrypted = true', "x"),
        ["x unreachable"],
    ),
    "same again": (behaviour("x", HOLD, STRANGER) + behaviour("y", HOLD, STRANGER), ["y shadowed"]),
    "narrower behind": (
        behaviour("x", HOLD, STRANGER) + behaviour("y", HOLD, STRANGER, "when.links = 1"),
        ["y shadowed"],
    ),
    "narrower before": (
        behaviour("y", HOLD, STRANGER, "when.links = 1") + behaviour("x", HOLD, STRANGER),
        [],
    ),
    "higher priority": (
        behaviour("y", HOLD, STRANGER)
        + behaviour("x", 'action = "drop"', STRANGER, "priority = 1"),
        ["y shadowed"],
    ),
    "more specific behind": (domain("x", HOLD, A) + domain("y", 'action = "reject"', BELOW_A), []),
    "more specific behind a priority": (
        domain("x", HOLD, A, "priority = 1") + domain("y", 'action = "reject"', BELOW_A),
        ["y shadowed"],
    ),
    "only below": (
        domain("x", HOLD, 'when.domain = "*.a.example"', "priority = 1") + domain("y", HOLD, A),
        [],
    ),
    "fewer words": (
        behaviour("x", HOLD, 'when.type = ["Flag", "Follow"]')
        + behaviour("y", HOLD, 'when.type = "Flag"'),
        ["y shadowed"],
    ),
    "more words": (
        behaviour("x", HOLD, 'when.type = "Flag"')
        + behaviour("y", HOLD, 'when.type = ["Flag", "Follow"]'),
        [],
    ),
    "fewer people": (
        rule(
            'stage = "actor"\naction = "hold"\npriority = 1\nwhen.actor = ["@a@x.example", "@b@*"]',
            "x",
        )
        + rule('stage = "actor"\naction = "hold"\nwhen.actor = ["@a@x.example"]', "y"),
        ["y shadowed"],
    ),
    "fewer expressions": (
        rule('stage = "content"\naction = "hold"\npriority = 1\nwhen.text = ["a", "b"]', "x")
        + rule('stage = "content"\naction = "hold"\nwhen.text = "a"', "y"),
        ["y shadowed"],
    ),
    "the same choice": (
        behaviour("x", HOLD, "when.any = [{ links = 1 }]")
        + behaviour("y", HOLD, "when.any = [{ links = 1 }]", STRANGER),
        ["y shadowed"],
    ),
    "other numbers": (
        behaviour("x", HOLD, "when.links = '>1'") + behaviour("y", HOLD, "when.links = '>2'"),
        [],
    ),
    "with effects of its own": (
        domain("x", HOLD, A) + domain("y", HOLD, A, 'show = ["no_preview"]'),
        [],
    ),
    "other direction": (domain("x", DROP, A) + domain("y", DROP, A, 'direction = "out"'), []),
    "both directions": (
        domain("x", DROP, A, 'direction = "both"') + domain("y", DROP, A, 'direction = "out"'),
        ["y shadowed"],
    ),
    "observed": (domain("x", HOLD, A, 'mode = "observe"') + domain("y", HOLD, A), []),
    "overlapping": (
        behaviour("x", HOLD, STRANGER, "when.links = '>1'")
        + behaviour("y", 'action = "drop"', STRANGER, "when.mentions = '>1'"),
        ["y overlapping"],
    ),
    "overlapping domains": (
        domain("x", HOLD, A, "when.aware = true") + domain("y", 'action = "reject"', A),
        ["y overlapping"],
    ),
    "overlapping numbers": (
        behaviour("x", HOLD, "when.links = '>1'")
        + behaviour("y", 'action = "drop"', "when.links = '>5'"),
        ["y overlapping"],
    ),
    "same action": (
        behaviour("x", HOLD, "when.links = '>1'") + behaviour("y", HOLD, "when.mentions = '>1'"),
        [],
    ),
    "other words": (
        behaviour("x", HOLD, 'when.relation = "stranger"')
        + behaviour("y", 'action = "request"', 'when.relation = "acquainted"'),
        [],
    ),
    "other flags": (
        rule('stage = "actor"\naction = "hold"\nwhen.bot = true', "x")
        + rule('stage = "actor"\naction = "drop"\nwhen.bot = false', "y"),
        [],
    ),
    "other people": (
        rule('stage = "actor"\naction = "hold"\nwhen.actor = "@a@x.example"', "x")
        + rule('stage = "actor"\naction = "drop"\nwhen.actor = "@b@x.example"', "y"),
        [],
    ),
    "other ways": (
        behaviour("x", HOLD, "when.links = '>1'")
        + behaviour("y", 'action = "drop"', "when.mentions = '>1'", 'direction = "out"'),
        [],
    ),
    "other links": (
        rule('stage = "content"\naction = "hold"\nwhen.link_domain = "x.example"', "x")
        + rule('stage = "content"\naction = "drop"\nwhen.link_domain = "y.example"', "y"),
        [],
    ),
    "final before": (
        domain("x", 'action = "accept"', "final = true", A)
        + behaviour("y", HOLD, BELOW_A, STRANGER)
        + rule(f'stage = "recipient"\naction = "hold"\n{A}', "z"),
        ["y unreachable"],
    ),
    "not final before": (
        domain("x", 'action = "accept"', A) + behaviour("y", HOLD, BELOW_A, STRANGER),
        [],
    ),
    "allowlist": (
        '[policy]\nfederation = "allowlist"\n'
        + domain("x", 'action = "accept"', A, "priority = 1")
        + domain("y", 'action = "reject"', A),
        [],
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_is_the_matter_with_rules(case: tuple[str, list[str]]) -> None:
    text, expected = case

    found = [f"{each.rule.id} {each.fault}" for each in check(policy(text), NOW)]

    assert found == expected


def test_a_warning_stands_on_one_line_with_its_place() -> None:
    (warned,) = check(policy(domain("x", HOLD, A, "expires = 2026-12-01")), NOW)

    assert str(warned) == "rules.toml:1: rule x: expired: it stops at 2026-12-01 00:00 UTC"


def test_warnings_are_bounded() -> None:
    many = "".join(behaviour(f"r{number}", HOLD, STRANGER) for number in range(30))

    assert len(check(policy(many), NOW)) == WARNINGS_MAX
