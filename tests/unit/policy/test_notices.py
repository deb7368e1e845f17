"""A rule that ends soon, or wants to be looked at, is told once, and again for another day."""

from datetime import timedelta

import pytest

from federation.policy.notices import Notice, in_words, notices_due, still_told
from tests.support.rules import NOW, policy, rule

LINES = 'stage = "behaviour"\nwhen.links = 1\naction = "hold"\n'
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("", []),
        ("expires = 2026-12-05", []),
        ("expires = 2026-12-04T12:00:00Z", ["rule.ending"]),
        ("expires = 2026-12-01T12:00:00Z", []),
        ("review = 2026-12-02", []),
        ("review = 2026-12-01", ["rule.review"]),
        ("review = 2026-11-01\nexpires = 2026-12-02", ["rule.ending", "rule.review"]),
        ("review = 2026-11-01\nexpires = 2026-11-02", []),
    ],
)
def test_what_is_told(more: str, told: list[str]) -> None:
    rules = policy(rule(LINES + more)).rules

    due = notices_due(rules, [], NOW)
    kept = still_told(rules, [], due, NOW)

    assert [one.act for one in due] == told
    assert notices_due(rules, kept, NOW) == []
    assert notices_due(rules, kept, NOW + timedelta(minutes=1)) == []
    assert still_told((), kept, [], NOW) == []


def test_another_day_is_another_notice() -> None:
    first = policy(rule(LINES + "expires = 2026-12-02")).rules
    later = policy(rule(LINES + "expires = 2026-12-03")).rules
    kept = still_told(first, [], notices_due(first, [], NOW), NOW)

    (only,) = notices_due(later, kept, NOW)

    assert only == Notice("rule.ending", "r", NOW.replace(hour=0) + 2 * DAY)
    assert in_words(only) == {"expires": "2026-12-03T00:00:00Z"}
