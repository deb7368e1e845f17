"""What the doctor decides of what was seen, and what it tells to do."""

from datetime import UTC, datetime, timedelta

import pytest

from federation.transport.answer import Answer
from node.doctor import judging
from node.doctor.finding import Level
from node.doctor.others import offset_of

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
GB = 1 << 30


@pytest.mark.parametrize(
    ("seconds", "level"),
    [
        ((0, 1, 2), Level.OK),
        ((11, 12, 13), Level.WARNING),
        ((7200, 7200, 7200), Level.ERROR),
        ((-7200, -7201, -7199), Level.ERROR),
        # One server whose own clock is wrong says nothing of ours.
        ((0, 0, 7200), Level.OK),
    ],
)
def test_a_clock(seconds: tuple[int, ...], level: Level):
    offsets = {f"{n}.test": timedelta(seconds=one) for n, one in enumerate(seconds)}

    assert judging.judge_clock(offsets).level is level


@pytest.mark.parametrize(
    ("free", "level"), [(2 * GB, Level.OK), (GB // 2 + GB // 3, Level.WARNING), (0, Level.ERROR)]
)
def test_a_disk(free: int, level: Level):
    assert judging.judge_disk("/data", free, 10 * GB).level is level


@pytest.mark.parametrize(
    ("days", "level"), [(90, Level.OK), (13, Level.WARNING), (0, Level.ERROR), (-1, Level.ERROR)]
)
def test_a_certificate(days: int, level: Level):
    until = NOW + timedelta(days=days)

    assert judging.judge_certificate("a.test", until, NOW).level is level


@pytest.mark.parametrize(
    ("addresses", "level"),
    [
        (["203.0.113.7"], Level.ERROR),
        (["192.168.1.2"], Level.ERROR),
        (["192.168.1.2", "9.9.9.9"], Level.OK),
        ([], Level.ERROR),
    ],
)
def test_names(addresses: list[str], level: Level):
    found = judging.judge_names("a.test", addresses, is_development=False)

    assert found.level is level


@pytest.mark.parametrize(
    ("seen", "about"),
    [
        ({"host": "a.test", "path": "/x?y"}, ["proxy"]),
        ({"host": "b.test", "path": "/x?y"}, ["proxy host"]),
        ({"host": "a.test", "path": "/"}, ["proxy path"]),
        ({}, ["proxy host", "proxy path"]),
    ],
)
def test_an_arrival(seen: dict[str, object], about: list[str]):
    found = judging.judge_arrival("/x?y", "a.test", seen)

    assert [one.about for one in found] == about


@pytest.mark.parametrize(
    ("version", "seconds", "levels"),
    [
        (150_004, 1, [Level.OK]),
        (120_010, 1, [Level.ERROR]),
        (150_004, 7200, [Level.OK, Level.WARNING]),
    ],
)
def test_a_server(version: int, seconds: int, levels: list[Level]):
    found = judging.judge_postgres(version, timedelta(seconds=seconds))

    assert [one.level for one in found] == levels


@pytest.mark.parametrize(
    ("days", "level"), [(None, Level.WARNING), (1, Level.OK), (8, Level.WARNING)]
)
def test_a_backup(days: int | None, level: Level):
    last = None if days is None else NOW - timedelta(days=days)

    assert judging.judge_backup(last, NOW).level is level


@pytest.mark.parametrize(
    ("listen", "trusted", "has_tls", "level"),
    [
        (["127.0.0.1:8420"], [], False, Level.WARNING),
        (["127.0.0.1:8420"], ["127.0.0.1"], False, Level.OK),
        (["0.0.0.0:443"], [], True, Level.OK),
    ],
)
def test_proxies(listen: list[str], trusted: list[str], *, has_tls: bool, level: Level):
    found = judging.judge_proxies(listen, trusted, has_tls=has_tls, is_http=False)

    assert found.level is level


def test_whatever_is_not_well_says_what_to_do():
    found = [
        judging.judge_mode("secrets", "/x", 0o100644),
        judging.judge_disk("/data", 0, 1),
        judging.judge_names("a.test", [], is_development=False),
        judging.judge_certificate("a.test", NOW, NOW),
        judging.lost_host(),
        judging.judge_backup(None, NOW),
    ]

    assert all(one.fix for one in found)
    assert {one.level for one in found} == {Level.ERROR, Level.WARNING}


@pytest.mark.parametrize(
    ("date", "seconds"),
    [
        ("Sun, 01 Mar 2026 12:00:05 GMT", 0),
        ("Sun, 01 Mar 2026 11:59:59 GMT", 0),
        ("Sun, 01 Mar 2026 14:00:10 GMT", 7200),
        ("Sun, 01 Mar 2026 10:00:00 GMT", -7200),
        ("yesterday", None),
        ("", None),
    ],
)
def test_how_long_an_answer_took_is_no_matter_of_clocks(date: str, seconds: int | None):
    answer = Answer(200, {"date": date}, b"", "https://a.test/")

    offset = offset_of(answer, NOW, NOW + timedelta(seconds=10))

    assert offset == (None if seconds is None else timedelta(seconds=seconds))
