"""Before anything is read a request is judged by what it tells, and by how often it came."""

from datetime import timedelta

import pytest

from federation.policy.buckets import Level
from federation.policy.connection import OPEN, doors_of, facts_of_request, judge_request
from federation.policy.order import arrange
from federation.policy.rule import Action
from tests.support.rules import NOW, policy, rule

DOOR = 'stage = "connection"\n'
LIMIT = 'action = "limit"\nlimit = { key = "address", rate = "1/minute", burst = 2, over = "drop" }'
HEADERS = [("user-agent", "curl/8"), ("x-thing", "a"), ("x-thing", "b")]


def known(address: str = "192.0.2.1", size: int | None = 10) -> dict[str, object]:
    facts = facts_of_request(address=address, path="/inbox", headers=HEADERS, size=size)
    return dict(facts)


def test_what_a_request_tells() -> None:
    assert known() == {
        "path": "/inbox",
        "header.user-agent": ("curl/8",),
        "header.x-thing": ("a", "b"),
        "user_agent": ("curl/8",),
        "cidr": "192.0.2.1",
        "body_size": 10,
    }
    assert known("", None).keys() & {"cidr", "body_size"} == set()


def test_of_headers_without_end_only_so_many_are_read() -> None:
    many = [(f"x-{number}", "a" * 10_000) for number in range(1000)]
    facts = facts_of_request(address="", path="/", headers=many, size=None)

    assert len(facts) == 201
    assert {len(value[0]) for key, value in facts.items() if isinstance(value, tuple)} == {8192}


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("", []),
        (rule('stage = "domain"\nwhen.domain = "a.example"\naction = "drop"'), []),
        (rule(DOOR + 'when.path = "/"\naction = "drop"'), ["path"]),
        (rule(DOOR + 'when.path = "/"\naction = "drop"\nmode = "observe"'), ["path"]),
        (rule(DOOR + 'when.path = "/"\naction = "drop"\nmode = "off"'), []),
        ('[policy]\nmode = "off"\n' + rule(DOOR + 'when.path = "/"\naction = "drop"'), []),
    ],
)
def test_nothing_is_asked_where_no_rule_is(text: str, asked: list[str]) -> None:
    doors = doors_of(arrange(policy(text)))

    assert doors.is_anything is bool(asked)
    assert asked or doors == OPEN


def test_an_address_that_comes_too_often_waits_for_its_token() -> None:
    chain = arrange(policy(rule(DOOR + LIMIT)))
    doors = doors_of(chain)

    def came(levels: dict[str, Level], after: timedelta) -> tuple[Action, dict[str, Level], int]:
        opened = judge_request(chain, doors, {"path": "/"}, levels, NOW + after)
        return opened.decision.action, levels | dict(opened.levels), opened.wait_s

    first, levels, _ = came({}, timedelta(0))
    second, levels, _ = came(levels, timedelta(0))
    third, levels, wait_s = came(levels, timedelta(seconds=15))
    fourth, _, _ = came(levels, timedelta(seconds=60))

    assert (first, second, third, fourth) == (
        Action.ACCEPT,
        Action.ACCEPT,
        Action.LIMIT,
        Action.ACCEPT,
    )
    assert wait_s == 45
