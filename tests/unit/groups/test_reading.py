from datetime import UTC, datetime, timedelta

import pytest

from federation.groups.reading import Rule, Window, windows

START = datetime(2026, 9, 3, 12, 0, tzinfo=UTC)


def at(second: int) -> datetime:
    return START + timedelta(seconds=second)


@pytest.mark.parametrize(
    ("rules", "invited", "read"),
    [
        ([(0, "joined")], 5, []),
        ([(0, "invited")], 5, [(5, None)]),
        ([(0, "invited")], None, []),
        ([(0, "shared")], None, [(0, None)]),
        ([(0, "nobody knows")], 5, []),
        ([(0, "joined"), (10, "shared")], 5, [(10, None)]),
        ([(0, "shared"), (10, "joined")], 5, [(0, 10)]),
        ([(0, "invited"), (10, "joined")], 5, [(5, 10)]),
        ([(0, "invited"), (10, "joined")], 10, []),
        ([(0, "invited"), (10, "shared"), (20, "invited")], 5, [(5, None)]),
        ([(0, "shared"), (10, "joined"), (20, "invited")], 5, [(0, 10), (20, None)]),
    ],
)
def test_who_comes_in_reads_what_the_setting_of_its_moment_allows(
    rules: list[tuple[int, str]], invited: int | None, read: list[tuple[int, int | None]]
):
    found = windows(
        [Rule(at(since), history) for since, history in rules],
        invited_at=None if invited is None else at(invited),
    )

    expected = [Window(at(since), None if until is None else at(until)) for since, until in read]
    assert list(found) == expected
