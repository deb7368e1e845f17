"""Ids sort by time and never repeat."""

from datetime import UTC, datetime, timedelta

from node.clock import Clock
from node.entropy import CROCKFORD, Entropy

NOW = datetime(2026, 9, 3, 12, 5, tzinfo=UTC)


class Times:
    """A clock that shows these times, one after the other."""

    def __init__(self, *times: datetime) -> None:
        self._times = list(times)

    def now(self) -> datetime:
        return self._times.pop(0)


def test_an_id_begins_with_its_time() -> None:
    text = Entropy(lambda: NOW).new_id()

    number = 0
    for digit in text:
        number = number * 32 + CROCKFORD.index(digit)
    assert len(text) == 26
    assert number >> 80 == int(NOW.timestamp() * 1000)


def test_ids_of_one_millisecond_still_rise() -> None:
    entropy = Entropy(lambda: NOW)

    ids = [entropy.new_id() for _ in range(100)]

    assert ids == sorted(set(ids))


def test_ids_rise_when_the_clock_goes_back() -> None:
    second = timedelta(seconds=1)
    entropy = Entropy(Times(NOW, NOW - second, NOW + second).now)

    ids = [entropy.new_id() for _ in range(3)]

    assert ids == sorted(set(ids))


def test_tokens_carry_as_many_bytes_as_asked_for() -> None:
    entropy = Entropy(lambda: NOW)

    assert len(entropy.token()) == 43
    assert len(entropy.token(16)) == 22
    assert len(entropy.hexadecimal()) == 32
    assert entropy.token() != entropy.token()


def test_jitter_is_below_one() -> None:
    entropy = Entropy(lambda: NOW)

    assert all(0 <= entropy.jitter() < 1 for _ in range(100))


def test_keys_are_of_the_kinds_others_accept() -> None:
    entropy = Entropy(lambda: NOW)

    assert entropy.rsa_key().key_size == 2048
    assert len(entropy.ed25519_key().public_key().public_bytes_raw()) == 32


def test_the_clock_is_in_utc_and_goes_on() -> None:
    clock = Clock()

    assert clock.now().tzinfo is UTC
    assert clock.monotonic() <= clock.monotonic()
