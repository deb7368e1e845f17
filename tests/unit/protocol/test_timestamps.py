from datetime import UTC, datetime, timedelta, timezone

import pytest

from federation.protocol.errors import LocalProtocolError, RemoteProtocolError
from federation.protocol.timestamps import format_time, parse_time

NOON = datetime(2026, 9, 3, 12, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-09-03T12:05:00Z", NOON),
        ("2026-09-03T12:05:00.000Z", NOON),
        ("2026-09-03t12:05:00z", NOON),
        ("2026-09-03T14:05:00+02:00", NOON),
        ("2026-09-03T12:05:00.5Z", NOON + timedelta(milliseconds=500)),
        ("2026-09-03T12:05:00.123999999Z", NOON + timedelta(milliseconds=123)),
    ],
)
def test_a_moment_is_read_to_the_millisecond(text: str, moment: datetime):
    assert parse_time(text) == moment
    assert parse_time(text).tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    [
        None,
        1,
        "",
        "yesterday",
        "2026-09-03",
        "2026-09-03T12:05:00",
        "2026-09-03 12:05:00Z",
        "2026-02-30T12:05:00Z",
        "99999-01-01T00:00:00Z",
        "-1000000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+02:00",
        "2026-09-03T12:05:00+99:00",
        "\uff12026-09-03T12:05:00Z",
    ],
)
def test_what_is_no_moment_is_refused(text: str):
    with pytest.raises(RemoteProtocolError):
        parse_time(text)


def test_a_moment_is_written_in_utc_with_milliseconds():
    there = datetime(2026, 9, 3, 14, 5, 0, 7999, tzinfo=timezone(timedelta(hours=2)))

    assert format_time(there) == "2026-09-03T12:05:00.007Z"


def test_a_naive_time_does_not_leave():
    with pytest.raises(LocalProtocolError):
        format_time(NOON.replace(tzinfo=None))
