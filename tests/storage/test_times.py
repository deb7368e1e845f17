"""Times come back from the database as they went, to the millisecond."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given, settings
from hypothesis import strategies as st

from storage.times import from_ms, from_ms_or_none, to_ms, to_ms_or_none


@settings(max_examples=100)
@given(st.integers(-(10**13), 10**14))
def test_milliseconds_come_back(at_ms: int):
    assert to_ms(from_ms(at_ms)) == at_ms


def test_less_than_a_millisecond_is_dropped():
    assert to_ms(datetime(1970, 1, 1, 0, 0, 1, 1999, tzinfo=UTC)) == 1001


def test_another_zone_is_the_same_time():
    zone = timezone(timedelta(hours=2))

    assert from_ms(to_ms(datetime(2026, 9, 3, 14, tzinfo=zone))) == datetime(
        2026, 9, 3, 12, tzinfo=UTC
    )


def test_null_stays_null():
    assert to_ms_or_none(None) is None
    assert from_ms_or_none(None) is None
    assert from_ms_or_none(to_ms_or_none(from_ms(5))) == from_ms(5)
