"""Guessing passwords comes to a halt, and only for a while."""

from datetime import UTC, datetime, timedelta

from node.identity.attempts import CROWD_WAIT_S, FAILURES_MAX, KEYS_MAX, WINDOW, Attempts

NOW = datetime(2026, 9, 3, 12, 5, tzinfo=UTC)
AL = ("account:al", "address:192.0.2.1")


def failed(times: int) -> Attempts:
    attempts = Attempts()
    for number in range(times):
        attempts.failed(AL, NOW + timedelta(seconds=number))
    return attempts


def test_a_few_failures_cost_nothing() -> None:
    assert failed(FAILURES_MAX - 1).wait_s(AL, NOW) == 0


def test_too_many_failures_hold_up_the_account_from_anywhere() -> None:
    attempts = failed(FAILURES_MAX)
    later = NOW + timedelta(seconds=FAILURES_MAX)

    wait_s = attempts.wait_s(("account:al", "address:198.51.100.7"), later)

    assert wait_s == WINDOW.total_seconds() - FAILURES_MAX + 1


def test_too_many_failures_hold_up_the_address_for_any_account() -> None:
    assert failed(FAILURES_MAX).wait_s(("account:bo", "address:192.0.2.1"), NOW) > 0


def test_the_others_are_not_held_up() -> None:
    assert failed(FAILURES_MAX).wait_s(("account:bo", "address:198.51.100.7"), NOW) == 0


def test_after_the_wait_one_is_heard_again() -> None:
    attempts = failed(FAILURES_MAX)
    wait_s = attempts.wait_s(AL, NOW)

    assert attempts.wait_s(AL, NOW + timedelta(seconds=wait_s)) == 0


def test_memory_is_bounded_and_the_oldest_failure_is_forgotten() -> None:
    attempts = failed(FAILURES_MAX)

    attempts.failed(tuple(f"address:{number}" for number in range(KEYS_MAX)), NOW)

    assert attempts.wait_s(AL, NOW) == 0


def test_attempts_under_way_count_until_they_are_judged() -> None:
    attempts = failed(FAILURES_MAX - 1)

    with attempts.under_way(AL):
        during = attempts.wait_s(AL, NOW)

    assert during == CROWD_WAIT_S
    assert attempts.wait_s(AL, NOW) == 0
