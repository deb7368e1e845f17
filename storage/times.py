"""Times cross into the database as whole milliseconds and come back as aware datetimes."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def to_ms(at: datetime) -> int:
    """Milliseconds since 1970, rounded down; `at` is aware."""
    return (at - _EPOCH) // _MILLISECOND


def from_ms(at_ms: int) -> datetime:
    """The aware UTC time of so many milliseconds since 1970."""
    return _EPOCH + timedelta(milliseconds=at_ms)


def to_ms_or_none(at: datetime | None) -> int | None:
    """As `to_ms`, for a nullable column."""
    return None if at is None else to_ms(at)


def from_ms_or_none(at_ms: int | None) -> datetime | None:
    """As `from_ms`, for a nullable column."""
    return None if at_ms is None else from_ms(at_ms)
