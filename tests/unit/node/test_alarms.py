"""An operator hears of an alarm once when it begins and once when it ends."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from node.ops.alarms import Alarms, wrong
from node.ops.readings import Readings
from storage.gauges import Gauges
from storage.inbox_aside import Held

NOW = datetime(2026, 9, 3, 14, 30, tzinfo=UTC)
GAUGES = Gauges({}, {}, None, None, {}, (), 0, {}, 0, 0, 0)
WELL = Readings(NOW, GAUGES, 0, 0, 500, 1000, 0, is_restored=False, certificate_until=None)


def with_gauges(**changed: object) -> Readings:
    return replace(WELL, gauges=replace(GAUGES, **changed))


def test_a_node_that_is_well_has_no_alarm() -> None:
    assert wrong(WELL, 0.4) == {}
    assert wrong(WELL, None) == {}
    assert wrong(replace(WELL, gauges=None), None) == {}


@pytest.mark.parametrize(
    ("readings", "name", "words"),
    [
        (with_gauges(owed={"parked": 2}), "parked", "2 deliveries and 0 that came here are parked"),
        (
            with_gauges(inbox={"parked": Held(1, NOW)}),
            "parked",
            "0 deliveries and 1 that came here are parked",
        ),
        (
            with_gauges(oldest_healthy_at=NOW - timedelta(minutes=61)),
            "delivery_age",
            "a delivery waits since 2026-09-03 13:29",
        ),
        (
            with_gauges(inbox={"pending": Held(1, NOW - timedelta(seconds=61))}),
            "inbox_age",
            "what came at 14:28:59 has not taken effect",
        ),
        (replace(WELL, disk_free_bytes=99), "disk", "99 bytes are free"),
        (replace(WELL, wal_bytes=2**28 + 1), "wal", "the write-ahead log has 268435457 bytes"),
    ],
)
def test_each_alarm_says_what_is_wrong(readings: Readings, name: str, words: str) -> None:
    found = wrong(readings, 0.0)

    assert set(found) == {name}
    assert words in found[name]


@pytest.mark.parametrize(
    ("readings"),
    [
        with_gauges(inbox={"waiting": Held(9, NOW - timedelta(days=9))}),
        with_gauges(oldest_owed_at=NOW - timedelta(days=9)),
        with_gauges(oldest_healthy_at=NOW - timedelta(minutes=60)),
        replace(WELL, disk_free_bytes=100),
        replace(WELL, wal_bytes=2**28),
    ],
)
def test_what_is_to_be_expected_is_no_alarm(readings: Readings) -> None:
    assert wrong(readings, 60.0) == {}


def test_a_clock_that_is_wrong_is_named_as_such() -> None:
    assert wrong(WELL, 61.0)["clock"] == "our clock is 61 s ahead of other servers' clocks"
    assert wrong(WELL, -61.0)["clock"] == "our clock is 61 s behind other servers' clocks"


def test_an_alarm_is_told_when_it_begins_and_when_it_ends() -> None:
    alarms = Alarms()

    assert alarms.look({"disk": "99 bytes are free"}) == ({"disk": "99 bytes are free"}, {})
    assert alarms.look({"disk": "98 bytes are free"}) == ({}, {})
    assert alarms.look({}) == ({}, {"disk": "99 bytes are free"})
    assert alarms.look({"disk": "97 bytes are free"}) == ({"disk": "97 bytes are free"}, {})


def test_a_host_that_has_come_back_is_no_alarm_before_its_backlog_had_time() -> None:
    alarms = Alarms()

    for _ in range(4):
        assert alarms.look({"delivery_age": "old"}) == ({}, {})
    assert alarms.look({}) == ({}, {})
    for _ in range(4):
        assert alarms.look({"delivery_age": "old"}) == ({}, {})
    assert alarms.look({"delivery_age": "old"}) == ({"delivery_age": "old"}, {})
