import pytest

from federation.content.quiet import is_quiet, read_minute, write_minute

NIGHT, NOON = (22 * 60, 7 * 60), (12 * 60, 13 * 60)


@pytest.mark.parametrize(
    ("hours", "minute", "quiet"),
    [
        (NIGHT, 22 * 60, True),
        (NIGHT, 0, True),
        (NIGHT, 7 * 60 - 1, True),
        (NIGHT, 7 * 60, False),
        (NOON, 12 * 60, True),
        (NOON, 13 * 60, False),
        (NOON, 11 * 60, False),
        ((60, 60), 0, True),
    ],
)
def test_it_is_quiet_from_the_start_to_before_the_end(
    hours: tuple[int, int], minute: int, *, quiet: bool
):
    assert is_quiet(minute, *hours) == quiet


@pytest.mark.parametrize(
    ("text", "minute"),
    [
        ("22:30", 1350),
        ("7:05", 425),
        (" 00:00 ", 0),
        ("24:00", None),
        ("12:60", None),
        ("12", None),
        ("1:2", None),
        ("a:bc", None),
        ("", None),
        ("123:00", None),
    ],
)
def test_a_time_of_the_day_is_read(text: str, minute: int | None):
    assert read_minute(text) == minute


def test_what_is_written_is_read_again():
    assert read_minute(write_minute(425)) == 425
    assert write_minute(425) == "07:05"
