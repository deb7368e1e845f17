"""Nobody sends this node to more servers of others than their allowance holds."""

import pytest

from federation.remote.allowance import FETCHES_MAX, OWNERS_MAX, Allowances, on_account_of
from tests.support.clock import VirtualClock


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
def allowances(clock: VirtualClock) -> Allowances:
    return Allowances(clock.now)


def asked(allowances: Allowances, first: int, count: int) -> int:
    """How many of so many other owners may be asked, each errand a few of them."""
    allowed = 0
    for start in range(first, first + count, 50):
        with on_account_of("evil.test"):
            hosts = [f"{number}.example-{number}.test" for number in range(start, start + 50)]
            allowed += sum(map(allowances.may_ask, hosts))
    return allowed


def test_what_we_need_ourselves_is_on_nobodys_account(allowances: Allowances) -> None:
    with on_account_of(""):
        assert all(allowances.may_ask(f"h{number}.test") for number in range(2 * OWNERS_MAX))
    assert all(allowances.may_ask(f"h{number}.test") for number in range(2 * OWNERS_MAX))


def test_an_owners_own_servers_are_asked_as_often_as_need_be(allowances: Allowances) -> None:
    with on_account_of("evil.test"):
        assert all(allowances.may_ask(f"{number}.evil.test") for number in range(500))


def test_one_errand_asks_others_a_hundred_times(allowances: Allowances) -> None:
    with on_account_of("evil.test"):
        allowed = [allowances.may_ask("victim.test") for _ in range(FETCHES_MAX + 1)]
    with on_account_of("evil.test"):
        again = allowances.may_ask("victim.test")

    assert allowed == [True] * FETCHES_MAX + [False]
    assert again


def test_only_so_many_new_owners_are_asked_within_the_hour(
    allowances: Allowances, clock: VirtualClock
) -> None:
    assert asked(allowances, 0, 300) == OWNERS_MAX
    with on_account_of("evil.test"):
        assert allowances.may_ask("0.example-0.test"), "it is none of the new ones"
    with on_account_of("honest.test"):
        assert allowances.may_ask("example-999.test")

    clock.advance(hours=1, seconds=1)

    assert asked(allowances, 300, 50) == 50
