"""Tokens come back with time, and never more than there is room for."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from federation.policy.buckets import Level, full_at, level_at, wait_for
from federation.policy.expressions import Rate
from federation.policy.rule import Action, Limit
from tests.support.rules import NOW

LIMIT = Limit("domain", Rate(30, timedelta(hours=1)), 10, Action.HOLD)


def test_a_bucket_that_nobody_has_used_is_full() -> None:
    assert level_at(LIMIT, None, NOW) == 10
    assert full_at(LIMIT, 10, NOW) == NOW
    assert wait_for(LIMIT, 10) == timedelta(0)


def test_a_token_comes_back_in_its_time() -> None:
    assert level_at(LIMIT, Level(0, NOW), NOW + timedelta(minutes=2)) == 1
    assert wait_for(LIMIT, 0) == timedelta(minutes=2)
    assert full_at(LIMIT, 9, NOW) == NOW + timedelta(minutes=2)


def test_a_clock_that_was_put_back_takes_nothing_away() -> None:
    assert level_at(LIMIT, Level(3, NOW), NOW - timedelta(hours=1)) == 3


@given(st.floats(0, 10), st.timedeltas(timedelta(0), timedelta(days=3)))
def test_there_is_never_more_than_room_and_never_less_than_before(
    tokens: float, passed: timedelta
) -> None:
    later = level_at(LIMIT, Level(tokens, NOW), NOW + passed)

    assert tokens <= later <= LIMIT.burst
