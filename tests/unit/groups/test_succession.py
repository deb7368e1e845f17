"""When a home counts as gone, whose turn it is, and which group continues another."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from federation.groups import succession
from federation.groups.state import GroupState
from federation.protocol.verdict import Allowed

NOW = datetime(2026, 9, 20, tzinfo=UTC)
OLD = "https://home.example/c/1"
NEW = "https://b.example/c/9"
A, B, C, D = (f"https://{name}.example/u/{name}" for name in "abcd")
STATE = GroupState(
    OLD,
    4,
    {A: "admin", B: "moderator", C: "member", D: "outcast"},
    "tea",
    None,
    {"history": "invited"},
    (B, C),
    None,
    "zPrev",
)
FIRST = succession.carried_over(STATE, NEW, left=())


@pytest.mark.parametrize(
    ("days", "tried", "gone"), [(14, 10, True), (13, 14, False), (20, 9, False), (30, 30, True)]
)
def test_conformance_96_silence_makes_a_home_gone(days: int, tried: int, *, gone: bool):
    assert succession.is_gone(NOW - timedelta(days=days), tried, NOW) is gone


@pytest.mark.parametrize(("rank", "days"), [(0, 0), (1, 7), (4, 28)])
def test_successors_take_turns_a_week_apart(rank: int, days: int):
    turn = NOW + timedelta(days=days)

    assert succession.may_act(NOW, rank, turn)
    assert not succession.may_act(NOW, rank, turn - timedelta(milliseconds=1))


def test_everybody_is_carried_over_but_who_left():
    first = succession.carried_over(STATE, NEW, left={C})

    assert first.members == {A: "admin", B: "moderator", D: "outcast"}
    assert (first.epoch, first.prev, first.predecessor, first.successors) == (1, None, OLD, ())
    assert isinstance(succession.continues(STATE, first), Allowed)


@pytest.mark.parametrize(
    "first",
    [
        replace(FIRST, members={**FIRST.members, "https://e.example/u/e": "member"}),
        replace(FIRST, members={**FIRST.members, C: "moderator"}),
        replace(FIRST, members={**FIRST.members, D: "member"}),
        replace(FIRST, predecessor=None),
        replace(FIRST, predecessor=NEW),
        replace(FIRST, epoch=2),
    ],
)
def test_conformance_96_one_person_more_or_a_higher_role_is_no_continuation(first: GroupState):
    assert not isinstance(succession.continues(STATE, first), Allowed)


def test_fewer_people_and_lower_roles_are_one():
    first = replace(FIRST, members={A: "member", C: "outcast"})

    assert isinstance(succession.continues(STATE, first), Allowed)


def test_conformance_97_home_comes_first_and_then_the_earlier_successor():
    movers = [("late", C), ("nobody", A), ("early", B), ("home", OLD)]

    assert succession.in_order(movers, STATE) == ["home", "early", "late"]
