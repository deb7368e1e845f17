"""An operator reads in a sentence why something has not arrived."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from federation.queries.explained import heard, how_long, why_owed, why_set_aside
from storage.inbox_aside import SetAside
from storage.owed_hosts import OwedHost
from storage.peer_lists import ListedPeer

NOW = datetime(2026, 9, 3, 14, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SINCE = NOW - 28 * MINUTE

OWED = OwedHost("gamma.test", 3, 0, SINCE, SINCE, "")
WELL = ListedPeer("gamma.test", "ok", 0, None, None, None, NOW - 32 * MINUTE, "", "", "")
DOWN = replace(
    WELL,
    state="failing",
    step=5,
    failing_since=SINCE,
    due_at=NOW + 4 * MINUTE,
    last_error="it does not accept connections",
)
PARKED = SetAside("1", "https://b.test/u/bo", "https://b.test/a/1", 5, "", "a bug", SINCE)


def test_a_host_that_is_down_is_named_with_its_fault_its_next_try_and_its_last_sign() -> None:
    assert why_owed(OWED, DOWN, NOW) == (
        "waiting for gamma.test since 14:02: it does not accept connections; "
        "next try in 4 min (step 5 of the back-off); last heard from at 13:58"
    )


def test_a_row_that_stepped_aside_says_its_own_reason_and_time() -> None:
    aside = replace(OWED, reason="the other server does not know this recipient")
    aside = replace(aside, due_at=NOW + timedelta(hours=5))

    assert why_owed(aside, WELL, NOW) == (
        "waiting for gamma.test since 14:02: the other server does not know this recipient; "
        "next try in 5 h; last heard from at 13:58"
    )


def test_what_is_due_or_under_way_says_so() -> None:
    due = why_owed(OWED, WELL, NOW)
    sending = why_owed(replace(OWED, due_at=None), None, NOW)

    assert "since 14:02: waits for its turn; next try now" in due
    assert sending == "waiting for gamma.test since 14:02: waits for its turn; on its way"


def test_parked_rows_say_what_is_wrong_and_what_to_do() -> None:
    stuck = replace(OWED, waiting=0, parked=2, due_at=None, reason="the key is missing here")
    both = replace(OWED, parked=2)

    assert why_owed(stuck, WELL, NOW) == (
        "parked for gamma.test since 14:02: the key is missing here; covey queue retry tries again"
    )
    assert why_owed(both, WELL, NOW).endswith("; 2 parked besides")


def test_another_day_is_named() -> None:
    old = replace(OWED, oldest_at=NOW - timedelta(days=2))

    assert why_owed(old, None, NOW).startswith("waiting for gamma.test since 2026-09-01 14:30: ")


def test_the_last_sign_of_life_is_the_later_one() -> None:
    took = replace(WELL, last_ok_at=NOW - MINUTE)

    assert heard(took, NOW) == "last took something at 14:29"
    assert heard(replace(took, heard_at=None), NOW) == "last took something at 14:29"
    assert heard(replace(WELL, heard_at=None), NOW) == "never heard from"


def test_what_has_come_and_is_set_aside_says_what_it_lacks() -> None:
    waits = replace(PARKED, attempts=0, waits_for="message:https://b.test/m/1", reason="")

    assert why_set_aside(PARKED, NOW) == "came at 14:02, failed 5 times and is parked: a bug"
    assert why_set_aside(waits, NOW) == (
        "came at 14:02 and waits: the message it speaks of has not come (https://b.test/m/1)"
    )


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-1, "0 s"), (119, "119 s"), (120, "2 min"), (7200, "2 h"), (172_800, "2 days")],
)
def test_a_span_is_told_in_its_largest_unit(seconds: int, words: str) -> None:
    assert how_long(timedelta(seconds=seconds)) == words
