"""A lane stops for its host's failures, once per period, and opens again step by step."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from federation.outbound import health
from federation.outbound.health import Failure
from storage.changes.lanes import LaneHealth

NOW = datetime(2026, 9, 3, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
DOWN = Failure("it does not answer in time", None, 1.0)


def failed(lane: LaneHealth, now: datetime = NOW, failure: Failure = DOWN) -> LaneHealth:
    return health.after_failure(lane, now=now, failure=failure)


def test_a_failure_makes_the_lane_wait_for_the_first_step():
    lane = failed(LaneHealth())

    assert lane == LaneHealth(
        is_failing=True,
        step=1,
        failing_since=NOW,
        due_at=NOW + 10 * SECOND,
        width=1,
        last_error="it does not answer in time",
    )
    assert health.is_waiting(lane, NOW + 9 * SECOND)
    assert not health.is_waiting(lane, NOW + 10 * SECOND)


def test_failures_of_parallel_requests_count_once():
    lane = failed(LaneHealth())

    again = failed(lane, NOW + 3 * SECOND)

    assert again == lane


def test_a_failed_probe_climbs_the_ladder():
    lane = failed(LaneHealth())

    probed = failed(lane, NOW + 10 * SECOND)

    assert (probed.step, probed.failing_since) == (2, NOW)
    assert probed.due_at == NOW + 40 * SECOND


def test_retry_after_goes_before_the_ladder():
    lane = failed(LaneHealth(), failure=Failure("it asks to wait", 100 * SECOND, 1.0))

    assert lane.due_at == NOW + 100 * SECOND


def test_a_longer_retry_after_of_the_same_period_is_honoured():
    lane = failed(LaneHealth())

    longer = failed(lane, failure=Failure("it asks to wait", 100 * SECOND, 1.0))

    assert longer == replace(lane, due_at=NOW + 100 * SECOND)


def test_success_of_a_probe_clears_the_ladder_and_opens_one_row_wide():
    lane = failed(failed(LaneHealth()), NOW + 10 * SECOND)
    then = NOW + 41 * SECOND

    opened = health.after_success(lane, then)

    assert opened == LaneHealth(width=1, last_ok_at=then)


def test_each_further_success_doubles_the_width_up_to_eight():
    lane = LaneHealth(width=1)
    widths = []

    for _ in range(4):
        lane = health.after_success(lane, NOW)
        widths.append(lane.width)

    assert widths == [2, 4, 8, 8]


def test_a_success_that_was_in_flight_when_the_lane_failed_does_not_end_the_wait():
    lane = failed(LaneHealth(), failure=Failure("it asks to wait", 100 * SECOND, 1.0))

    after = health.after_success(lane, NOW + SECOND)

    assert after == replace(lane, last_ok_at=NOW + SECOND)


def test_one_row_with_a_server_error_does_not_stop_the_lane():
    lane = health.after_fault(LaneHealth(), "a", now=NOW, failure=DOWN)
    lane = health.after_fault(lane, "a", now=NOW, failure=DOWN)

    assert not lane.is_failing


def test_two_rows_in_a_row_with_a_server_error_stop_the_lane():
    lane = health.after_fault(LaneHealth(), "a", now=NOW, failure=DOWN)

    lane = health.after_fault(lane, "b", now=NOW, failure=DOWN)

    assert lane.is_failing


def test_an_answer_between_two_server_errors_keeps_the_lane_open():
    lane = health.after_fault(LaneHealth(), "a", now=NOW, failure=DOWN)
    lane = health.after_answer(lane)

    lane = health.after_fault(lane, "b", now=NOW, failure=DOWN)

    assert not lane.is_failing


def test_two_rows_are_in_flight_unless_a_long_backlog_drains_well():
    lane = LaneHealth()

    assert health.rows_allowed(lane, has_backlog=True, is_brisk=True) == 8
    assert health.rows_allowed(lane, has_backlog=True, is_brisk=False) == 2
    assert health.rows_allowed(lane, has_backlog=False, is_brisk=True) == 2
    assert health.rows_allowed(replace(lane, width=1), has_backlog=True, is_brisk=True) == 1


def test_brisk_means_twenty_good_answers_with_a_median_below_a_second():
    assert health.is_brisk((None,) + (0.1,) * 20)
    assert not health.is_brisk((0.1,) * 19)
    assert not health.is_brisk((0.1,) * 19 + (None,))
    assert not health.is_brisk((1.0,) * 20)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["success", "failure", "fault a", "fault b", "answer"]),
            st.integers(0, 100_000),
            st.floats(0, 1),
        ),
        max_size=30,
    )
)
def test_whatever_happens_the_lane_stays_within_its_bounds(story: list[tuple[str, int, float]]):
    lane, now = LaneHealth(), NOW

    for what, seconds, chance in story:
        now += seconds * SECOND
        failure = Failure("down", None, chance)
        match what:
            case "success":
                lane = health.after_success(lane, now)
            case "failure":
                lane = health.after_failure(lane, now=now, failure=failure)
            case "answer":
                lane = health.after_answer(lane)
            case _:
                lane = health.after_fault(lane, what, now=now, failure=failure)

        assert 1 <= lane.width <= 8
        assert lane.is_failing == (lane.due_at is not None)
        assert lane.due_at is None or lane.due_at <= now + timedelta(hours=6)
