"""Each answer means what its table says, and any answer means something."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.outbound.outcome import (
    Answered,
    Delivered,
    Faulty,
    Gone,
    HostTrouble,
    LaneFailed,
    Later,
    Outcome,
    Reason,
    Refetch,
    Refused,
    Tried,
    judge,
)
from federation.policy.refusal import Refusal

NOW = datetime(2026, 9, 3, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
FIRST = Tried(reason="", tries=0, is_shared=False, created_at=NOW, published_at=None)
NOT_ACCEPTED = (400, 405, 406, 413, 415, 422)
HOST_STATUSES = (408, 425, 429, 503)


def judged(
    status: int, row: Tried = FIRST, *, retry_after: str = "", chance: float = 1.0
) -> Outcome:
    return judge(Answered(status, retry_after), row, now=NOW, chance=chance)


def test_who_takes_nothing_of_strangers_refuses_for_a_reason_of_its_own():
    answer = Answered(403, "", says_contacts_only=True)

    outcome = judge(answer, FIRST, now=NOW, chance=1.0)

    assert outcome == Refused(Reason.CONTACTS_ONLY)


def test_a_host_that_refuses_ours_says_why():
    said = Refusal("spam", "Too much.")

    outcome = judge(Answered(403, "", refusal=said), FIRST, now=NOW, chance=1.0)

    assert outcome == Refused(Reason.FORBIDDEN, said)


def tried(
    reason: Reason, tries: int, *, is_shared: bool = False, created_at: datetime = NOW
) -> Tried:
    return Tried(reason.value, tries, is_shared, created_at, published_at=None)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_any_2xx_delivers(status: int):
    assert judged(status) == Delivered()


@pytest.mark.parametrize("status", NOT_ACCEPTED)
def test_what_is_not_accepted_gets_one_more_try_after_an_hour(status: int):
    first = judged(status)
    second = judged(status, tried(Reason.NOT_ACCEPTED, 1))

    assert first == Later(Reason.NOT_ACCEPTED, HOUR)
    assert second == Refused(Reason.NOT_ACCEPTED)


def test_the_second_try_comes_when_the_peer_asks():
    assert judged(400, retry_after="180") == Later(Reason.NOT_ACCEPTED, timedelta(seconds=180))


def test_the_second_try_does_not_come_before_the_activity_was_published():
    row = Tried(reason="", tries=0, is_shared=False, created_at=NOW, published_at=NOW + 2 * HOUR)

    outcome = judged(400, row, retry_after="180")

    assert outcome == Later(Reason.NOT_ACCEPTED, 2 * HOUR)


def test_another_reason_starts_its_own_count():
    assert judged(400, tried(Reason.NOT_FOUND, 2)) == Later(Reason.NOT_ACCEPTED, HOUR)


@pytest.mark.parametrize(("tries", "hours"), [(0, 1), (1, 6), (2, 24)])
def test_a_refused_signature_waits_longer_each_time(tries: int, hours: int):
    outcome = judged(401, tried(Reason.SIGNATURE, tries))

    assert outcome == Later(Reason.SIGNATURE, hours * HOUR)


def test_a_signature_refused_four_times_is_refused():
    assert judged(401, tried(Reason.SIGNATURE, 3)) == Refused(Reason.SIGNATURE)


def test_forbidden_ends_the_row():
    assert judged(403) == Refused(Reason.FORBIDDEN)


@pytest.mark.parametrize(
    ("status", "reason"), [(301, Reason.MOVED), (307, Reason.MOVED), (404, Reason.NOT_FOUND)]
)
def test_an_unknown_recipient_is_looked_up_and_tried_three_times_in_a_day(
    status: int, reason: Reason
):
    outcomes = [judged(status, tried(reason, tries)) for tries in range(4)]

    waits = [outcome.otherwise.wait for outcome in outcomes[:3]]
    assert sum(waits, timedelta(0)) <= 24 * HOUR
    assert outcomes[3] == Refetch(reason, Refused(reason))


def test_a_gone_person_settles_the_row():
    assert judged(410) == Gone()


def test_a_gone_shared_inbox_is_looked_up_first():
    row = tried(Reason.NOT_ACCEPTED, 0, is_shared=True)

    assert judged(410, row) == Refetch(Reason.GONE, Gone())


@pytest.mark.parametrize("status", HOST_STATUSES)
def test_a_busy_host_stops_the_lane_for_as_long_as_it_asks(status: int):
    assert judged(status) == LaneFailed(HostTrouble.BUSY, None)
    assert judged(status, retry_after="86400") == LaneFailed(HostTrouble.BUSY, 24 * HOUR)
    assert judged(status, retry_after="1e12") == LaneFailed(HostTrouble.BUSY, None)


@pytest.mark.parametrize("status", [500, 501, 502, 504, 599])
def test_a_server_error_is_tried_again_after_ten_seconds_then_on_the_ladder(status: int):
    row = tried(Reason.SERVER_ERROR, 2)

    assert judged(status) == Faulty(timedelta(seconds=10))
    assert judged(status, row) == Faulty(timedelta(seconds=60))


def test_any_other_client_error_climbs_the_ladder():
    old = tried(Reason.CLIENT_ERROR, 9, created_at=NOW - timedelta(days=4))

    assert judged(418) == Later(Reason.CLIENT_ERROR, timedelta(seconds=10))
    assert judged(418, old) == Later(Reason.CLIENT_ERROR, 6 * HOUR)


@pytest.mark.parametrize("status", [0, 101, 199, 600, 999])
def test_what_is_not_a_final_status_is_not_http(status: int):
    assert judged(status) == LaneFailed(HostTrouble.INVALID, None)


@given(
    status=st.integers(0, 999),
    retry_after=st.text(max_size=30),
    reason=st.sampled_from(Reason),
    tries=st.integers(0, 50),
    is_shared=st.booleans(),
)
def test_only_the_host_can_fail_its_lane(
    status: int, retry_after: str, reason: Reason, tries: int, *, is_shared: bool
):
    outcome = judged(status, tried(reason, tries, is_shared=is_shared), retry_after=retry_after)

    if 400 <= status < 500 and status not in HOST_STATUSES:
        assert not isinstance(outcome, LaneFailed | Faulty)
    assert isinstance(outcome, Delivered) == (200 <= status < 300)
