"""What an outcome does to its row and to its lane, without a database or a host."""

from datetime import UTC, datetime, timedelta

import pytest

from federation.outbound.outcome import (
    Broken,
    Delivered,
    Fault,
    Faulty,
    Gone,
    HostTrouble,
    LaneFailed,
    Later,
    Reason,
    Refetch,
    Refused,
)
from federation.outbound.settlement import (
    Resolved,
    Sent,
    Undecided,
    health_after,
    resolved,
    settled,
)
from storage.changes.lanes import LaneHealth
from storage.delivery_claims import Claimed

NOW = datetime(2026, 9, 3, 12, tzinfo=UTC)
MADE = NOW - timedelta(hours=1)
HOUR = timedelta(hours=1)


def sent(outcome: Resolved, *, row_id: str = "1", reason: str = "", tries: int = 0) -> Sent:
    row = Claimed(
        id=row_id,
        activity_id="https://alpha.example/a/1",
        actor_uri="https://alpha.example/u/alice",
        host="bob.example",
        target="https://bob.example/u/bob",
        recipients=("https://bob.example/u/bob",),
        conversation_id="",
        message_id="",
        aware=True,
        attempts=1,
        tries=tries,
        reason=reason,
        due_at=MADE,
        created_at=MADE,
        inboxes=("https://bob.example/u/bob/inbox",),
        body=b"{}",
    )
    return Sent(row, outcome, 0, 0.1)


@pytest.mark.parametrize(
    ("outcome", "state", "reason", "due_at"),
    [
        (Delivered(), "delivered", "", MADE),
        (Refused(Reason.FORBIDDEN), "refused", Reason.FORBIDDEN.value, MADE),
        (Gone(), "refused", Reason.GONE.value, MADE),
        (Later(Reason.SIGNATURE, HOUR), "pending", Reason.SIGNATURE.value, NOW + HOUR),
        (Faulty(HOUR), "pending", Reason.SERVER_ERROR.value, NOW + HOUR),
        (LaneFailed(HostTrouble.TLS, None), "pending", "", MADE),
        (
            Broken(Fault.NO_KEY),
            "pending",
            Fault.NO_KEY.value,
            NOW + timedelta(seconds=10),
        ),
    ],
)
def test_an_outcome_settles_its_row(outcome: Resolved, state: str, reason: str, due_at: datetime):
    row = settled(sent(outcome), NOW, chance=1.0)

    assert (row.state, row.reason, row.due_at) == (state, reason, due_at)


def test_the_same_judgement_counts_up_and_another_starts_anew():
    same = settled(
        sent(Later(Reason.SIGNATURE, HOUR), reason=Reason.SIGNATURE.value, tries=2), NOW, chance=1.0
    )
    other = settled(
        sent(Later(Reason.SIGNATURE, HOUR), reason=Reason.NOT_FOUND.value, tries=2), NOW, chance=1.0
    )

    assert (same.tries, other.tries) == (3, 1)


def test_the_third_fault_of_ours_parks_the_row():
    row = settled(sent(Broken(Fault.NO_KEY), reason=Fault.NO_KEY.value, tries=2), NOW, chance=1.0)

    assert (row.state, row.tries) == ("parked", 3)


def test_recipients_who_have_moved_get_it_at_once_and_others_as_judged():
    refetch = Refetch(Reason.NOT_FOUND, Refused(Reason.NOT_FOUND))

    assert resolved(refetch, has_moved=True) == Later(Reason.NOT_FOUND, timedelta(0))
    assert resolved(refetch, has_moved=False) == Refused(Reason.NOT_FOUND)


@pytest.mark.parametrize(
    "outcome", [Later(Reason.SIGNATURE, HOUR), Refused(Reason.FORBIDDEN), Gone()]
)
def test_a_judgement_about_a_row_shows_that_the_host_is_there(outcome: Resolved):
    lane = LaneHealth(faulty_row="9")

    assert health_after(lane, sent(outcome), NOW, chance=1.0) == LaneHealth()


def test_a_database_that_went_away_changes_neither_row_nor_lane():
    lane = LaneHealth(faulty_row="9")
    away = sent(Undecided(), reason=Reason.SIGNATURE.value, tries=2)

    row = settled(away, NOW, chance=1.0)

    assert (row.state, row.reason, row.tries) == ("pending", Reason.SIGNATURE.value, 2)
    assert row.due_at == MADE
    assert health_after(lane, away, NOW, chance=1.0) == lane


def test_a_fault_of_ours_says_nothing_about_the_host():
    lane = LaneHealth(faulty_row="9")

    assert health_after(lane, sent(Broken(Fault.NO_KEY)), NOW, chance=1.0) == lane


def test_a_failure_of_the_host_stops_the_lane_and_success_does_not():
    failed = health_after(LaneHealth(), sent(LaneFailed(HostTrouble.TLS, HOUR)), NOW, chance=1.0)
    well = health_after(LaneHealth(), sent(Delivered()), NOW, chance=1.0)

    assert (failed.is_failing, failed.due_at) == (True, NOW + HOUR)
    assert failed.last_error == HostTrouble.TLS.value
    assert not well.is_failing


def test_server_errors_of_two_rows_stop_the_lane():
    first = health_after(LaneHealth(), sent(Faulty(HOUR), row_id="1"), NOW, chance=1.0)
    second = health_after(first, sent(Faulty(HOUR), row_id="2"), NOW, chance=1.0)

    assert (first.is_failing, second.is_failing) == (False, True)
