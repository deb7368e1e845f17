from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.groups.sequence import (
    HEADS_SENT_MAX,
    JUMP_MAX,
    RANGES_MAX,
    Held,
    MovedLog,
    Range,
    heads_to_send,
    is_jump,
)
from tests.support.book_club import AT

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("held", "came", "then"),
    [
        (Held(), (1, 1), Held(1)),
        (Held(3), (4, 4), Held(4)),
        (Held(3, ((5, 6), (8, 8))), (4, 4), Held(6, ((8, 8),))),
        (Held(3), (7, 7), Held(3, ((7, 7),))),
        (Held(3, ((7, 7),)), (6, 6), Held(3, ((6, 7),))),
        (Held(3, ((7, 7),)), (7, 7), Held(3, ((7, 7),))),
        (Held(3, ((7, 7),)), (1, 5), Held(5, ((7, 7),))),
        (Held(3, ((5, 6), (9, 9))), (4, 8), Held(9)),
        (Held(3, ((5, 6), (9, 9))), (2, 2), Held(3, ((5, 6), (9, 9)))),
    ],
)
def test_numbers_come_to_what_is_held(held: Held, came: Range, then: Held):
    assert held.with_range(*came) == then


@pytest.mark.parametrize(
    ("held", "up_to", "missing"),
    [
        (Held(3), 3, ()),
        (Held(3), 2, ()),
        (Held(3), 5, ((4, 5),)),
        (Held(3, ((6, 7),)), 7, ((4, 5),)),
        (Held(3, ((6, 7),)), 0, ((4, 5),)),
        (Held(0, ((2, 2), (4, 4))), 6, ((1, 1), (3, 3), (5, 6))),
    ],
)
def test_what_is_missing_lies_between(held: Held, up_to: int, missing: tuple[Range, ...]):
    assert held.missing(up_to) == missing


@pytest.mark.parametrize(
    ("number", "jumps"), [(4 + JUMP_MAX, False), (5 + JUMP_MAX, True), (2**50, True), (1, False)]
)
def test_a_number_far_away_is_not_searched_up_to(number: int, *, jumps: bool):
    assert is_jump(Held(3), number) is jumps


def test_at_most_some_pieces_are_remembered():
    held = Held()

    for number in range(2, 2 * RANGES_MAX + 100, 2):
        held = held.with_range(number, number)

    assert len(held.beyond) == RANGES_MAX


@given(st.lists(st.integers(1, 60), max_size=60))
def test_whatever_came_is_held_and_the_rest_is_missing(numbers: list[int]):
    held = Held()

    for number in numbers:
        held = held.with_range(number, number)

    gone = {each for first, last in held.missing(60) for each in range(first, last + 1)}
    assert {number for number in range(1, 61) if held.has(number)} == set(numbers)
    assert gone == set(range(1, 61)) - set(numbers)


def test_an_entry_names_the_other_logs_that_moved_since_the_one_before():
    logs = [
        MovedLog("own", 5, AT),
        MovedLog("still", 9, AT - SECOND),
        MovedLog("moved", 17, AT + SECOND),
        MovedLog("just then", 3, AT),
        MovedLog("empty", 0, AT + SECOND),
    ]

    assert heads_to_send(logs, own_log="own", since=AT) == {"moved": 17, "just then": 3}
    assert set(heads_to_send(logs, own_log="own", since=None)) == {"moved", "just then", "still"}


def test_an_entry_names_the_hundred_most_recent_logs():
    logs = [MovedLog(f"log {number}", 1, AT + number * SECOND) for number in range(150)]

    heads = heads_to_send(logs, own_log="", since=None)

    assert set(heads) == {f"log {number}" for number in range(50, 50 + HEADS_SENT_MAX)}
