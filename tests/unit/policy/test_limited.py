"""What rules keep from a server by its name is told to people here, and nothing else of them."""

import pytest

from federation.policy.domains import DomainRule, rules_of
from federation.policy.limited import How, limited_by, masked
from tests.support.rules import policy


def rule(name: str, when: str, lines: str) -> str:
    return f'[[rule]]\nid = "{name}"\nstage = "domain"\n{when}\n{lines}\n'


BAD = 'when.domain = ["bad.example"]'


def told(text: str, **page: object) -> list[tuple[str, How, str]]:
    found = limited_by(rules_of(policy(text), own_hosts=["alpha.test"]), limit=10, **page)  # type: ignore[arg-type]
    return [(one.name, one.how, one.reason) for one in found]


@pytest.mark.parametrize(
    ("lines", "how"),
    [
        ('action = "reject"\ndirection = "both"', How.REFUSED),
        ('action = "drop"\ndirection = "both"', How.REFUSED),
        ('action = "reject"', How.REFUSED_IN),
        ('action = "reject"\ndirection = "out"', How.REFUSED_OUT),
        ('action = "request"', How.REQUESTS),
        ('action = "hold"', How.HELD),
    ],
)
def test_what_a_rule_does_to_a_server_is_told(lines: str, how: How):
    text = rule("r", BAD, f'{lines}\npublic_reason = "spam"\nprivate_reason = "case 7"')

    assert told(text) == [("bad.example", how, "spam")]


@pytest.mark.parametrize(
    "text",
    [
        rule("r", BAD, 'action = "accept"'),
        rule("r", BAD, 'action = "reject"\nmode = "observe"'),
        rule("r", f'{BAD}\nwhen.software = "x"', 'action = "reject"'),
        rule("r", 'when.domain = ["alpha.test"]', 'action = "reject"'),
        '[policy]\nmode = "observe"\n' + rule("r", BAD, 'action = "reject"'),
        rule("r", BAD, 'action = "reject"')
        + rule("x", BAD, 'action = "accept"\ndirection = "both"\npriority = 9'),
    ],
)
def test_what_limits_no_server_by_its_name_is_not_told(text: str):
    assert told(text) == []


def test_names_come_in_order_and_in_pages():
    text = rule("r", 'when.domain = ["c.example", "a.example", "*.b.example"]', 'action = "reject"')

    names = [name for name, _, _ in told(text)]

    assert names == sorted(names)
    assert set(names) == {"a.example", "c.example", "*.b.example"}
    assert [name for name, _, _ in told(text, after="a.example")] == ["c.example"]


def test_a_masked_name_is_all_that_is_told():
    text = rule("r", BAD, 'action = "reject"\nobfuscate = true')

    assert [name for name, _, _ in told(text)] == ["ba*.ex***le"]
    assert masked("a.bcde.fghij.k") == "a*.bc**.fg*ij.k*"


def test_blocked_domains_are_told_elsewhere():
    assert limited_by(rules_of(policy(""), [DomainRule("bad.example")]), limit=10) == []
