import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from federation.inbound.meter import PLACES_MAX, Meter, Rate, Suspects


def test_a_burst_is_let_in_and_then_the_rate_holds():
    meter = Meter(Rate(per_s=10, burst=3))

    assert [meter.wait_s("a", 5.0) for _ in range(3)] == [0, 0, 0]
    assert meter.wait_s("a", 5.0) == pytest.approx(0.1)
    assert meter.wait_s("a", 5.1) == 0
    assert meter.wait_s("a", 5.1) == pytest.approx(0.1)


def test_places_are_counted_apart_and_a_pause_gives_the_burst_back():
    meter = Meter(Rate(per_s=1, burst=2))

    assert [meter.wait_s("a", 0.0) for _ in range(3)] == [0, 0, pytest.approx(1.0)]
    assert meter.wait_s("b", 0.0) == 0
    assert [meter.wait_s("a", 60.0) for _ in range(3)] == [0, 0, pytest.approx(1.0)]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(0, 3), max_size=80), st.integers(1, 20), st.integers(1, 30))
def test_no_span_of_time_lets_in_more_than_rate_and_burst(
    pauses: list[float], per_s: int, burst: int
):
    meter, now_s, let_in = Meter(Rate(per_s, burst)), 0.0, []
    for pause_s in pauses:
        now_s += pause_s / 10
        if meter.wait_s("a", now_s) == 0:
            let_in.append(now_s)

    for first in range(len(let_in)):
        for last in range(first, len(let_in)):
            span_s = let_in[last] - let_in[first]
            assert last - first + 1 <= span_s * per_s + burst + 1e-6


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(0, 2), min_size=1, max_size=40), st.integers(1, 20))
def test_whoever_waits_as_told_is_let_in(pauses: list[float], per_s: int):
    meter, now_s = Meter(Rate(per_s, 1)), 0.0
    for pause_s in pauses:
        now_s += pause_s
        wait_s = meter.wait_s("a", now_s)
        if wait_s:
            now_s += wait_s + 1e-9
            assert meter.wait_s("a", now_s) == 0


def test_the_quietest_place_is_forgotten_first():
    meter = Meter(Rate(per_s=1, burst=1))
    for number in range(PLACES_MAX):
        meter.wait_s(str(number), 0.0)

    assert meter.wait_s("0", 0.0) > 0
    meter.wait_s("another", 0.0)

    assert meter.wait_s("0", 0.0) == 0
    assert meter.wait_s("1", 0.0) == 0


def test_a_hundred_failures_within_ten_seconds_make_a_place_suspect_for_a_minute():
    suspects = Suspects()
    for number in range(99):
        suspects.failed("a", number / 10)

    assert not suspects.is_suspect("a", 9.9)
    suspects.failed("a", 9.9)
    assert suspects.is_suspect("a", 69.8)
    assert not suspects.is_suspect("a", 70.0)
    assert not suspects.is_suspect("b", 9.9)


def test_failures_that_take_longer_make_nobody_suspect():
    suspects = Suspects()
    for number in range(300):
        suspects.failed("a", number / 5)

    assert not suspects.is_suspect("a", 60.0)
