"""A failing host is asked less and less often, and never in step with others."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.outbound.backoff import LONGEST, read_retry_after, wait_for

NOW = datetime(2026, 9, 3, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("step", "failing_for", "expected_s"),
    [
        (0, timedelta(0), 10),
        (1, timedelta(seconds=10), 30),
        (2, timedelta(seconds=40), 60),
        (3, timedelta(minutes=2), 120),
        (4, timedelta(minutes=4), 240),
        (5, timedelta(minutes=8), 480),
        (6, timedelta(minutes=16), 900),
        (7, timedelta(minutes=31), 900),
        (90, 24 * HOUR - timedelta(seconds=1), 900),
        (91, 24 * HOUR, 3600),
        (140, 72 * HOUR - timedelta(seconds=1), 3600),
        (141, 72 * HOUR, 6 * 3600),
        (300, timedelta(days=29), 6 * 3600),
    ],
)
def test_each_step_has_its_wait(step: int, failing_for: timedelta, expected_s: int | None):
    longest = wait_for(step, failing_for, 1.0)
    shortest = wait_for(step, failing_for, 0.0)

    assert longest == timedelta(seconds=expected_s)
    assert shortest == timedelta(seconds=expected_s) * 0.7


@given(
    step=st.integers(0, 10_000),
    failing_for=st.timedeltas(timedelta(0), timedelta(days=60)),
    chance=st.floats(0, 1),
)
def test_no_wait_is_shorter_than_seven_seconds_or_longer_than_six_hours(
    step: int, failing_for: timedelta, chance: float
):
    wait = wait_for(step, failing_for, chance)

    assert timedelta(seconds=7) <= wait <= LONGEST


@pytest.mark.parametrize(
    ("text", "expected_s"),
    [
        ("5", 5),
        (" 120 ", 120),
        ("1", 1),
        ("86400", 86_400),
        ("Thu, 03 Sep 2026 12:05:00 GMT", 300),
        ("Thu, 03 Sep 2026 12:05:00 -0000", 300),
        ("0", None),
        ("86401", None),
        ("1e12", None),
        ("-1", None),
        ("٣", None),
        ("999999999999", None),
        ("", None),
        ("soon", None),
        ("Thu, 03 Sep 2026 11:59:00 GMT", None),
        ("Sat, 05 Sep 2026 12:00:00 GMT", None),
        ("Thu, 99 Sep 2026 12:05:00 GMT", None),
    ],
)
def test_retry_after_counts_from_a_second_to_a_day(text: str, expected_s: int | None):
    wait = read_retry_after(text, NOW)

    assert wait == (None if expected_s is None else timedelta(seconds=expected_s))


@given(st.text(max_size=60))
def test_any_retry_after_is_a_wait_in_range_or_nothing(text: str):
    wait = read_retry_after(text, NOW)

    assert wait is None or timedelta(seconds=1) <= wait <= timedelta(hours=24)
