from datetime import UTC, datetime, timedelta

import pytest

from federation.groups import clock, order
from federation.groups.order import Held
from tests.support.book_club import AT

MS = timedelta(milliseconds=1)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("newest", "stamp"),
    [
        (None, AT),
        (AT - SECOND, AT),
        (AT, AT + MS),
        (AT + 30 * SECOND, AT + 30 * SECOND + MS),
        (AT + 60 * SECOND, AT + 60 * SECOND),
        (AT + 90 * SECOND, AT + 60 * SECOND),
    ],
)
def test_a_stamp_follows_what_is_shown_up_to_a_minute_ahead(
    newest: datetime | None, stamp: datetime
):
    assert clock.stamp(AT, newest) == stamp


def test_a_stamp_has_whole_milliseconds():
    now = datetime(2026, 9, 1, 9, 0, 0, 123_999, tzinfo=UTC)

    assert clock.stamp(now, None).microsecond == 123_000


@pytest.mark.parametrize(
    ("published", "parent_t", "t"),
    [
        (AT, None, AT),
        (AT, AT - SECOND, AT),
        (AT, AT, AT + MS),
        (AT, AT + SECOND, AT + SECOND + MS),
    ],
)
def test_a_message_comes_after_its_parent(
    published: datetime, parent_t: datetime | None, t: datetime
):
    assert order.place(published, parent_t, arrived_at=AT, aware=True) == t


@pytest.mark.parametrize(
    ("ahead", "aware", "t"),
    [
        (120 * SECOND, False, AT + 120 * SECOND),
        (121 * SECOND, False, AT),
        (121 * SECOND, True, AT + 121 * SECOND),
    ],
)
def test_an_unaware_claim_on_the_future_counts_as_arrival(
    ahead: timedelta, *, aware: bool, t: datetime
):
    assert order.place(AT + ahead, None, arrived_at=AT, aware=aware) == t


def test_messages_of_one_moment_are_sorted_by_the_bytes_of_their_ids():
    ids = ["https://b.example/é", "https://b.example/z", "https://a.example/z"]

    assert sorted(ids, key=lambda uri: order.sort_key(AT, uri)) == [ids[2], ids[1], ids[0]]


def test_late_is_more_than_ten_minutes():
    assert not order.is_late(AT, AT + timedelta(minutes=10))
    assert order.is_late(AT, AT + timedelta(minutes=10) + MS)


def test_answers_that_came_first_move_behind_their_parent():
    parent = Held("p", "", AT + 5 * SECOND, AT + 5 * SECOND)
    child = Held("c", "p", AT, AT)
    grandchild = Held("g", "c", AT + SECOND, AT + SECOND)
    later = Held("l", "p", AT + 9 * SECOND, AT + 9 * SECOND)

    moved = order.resettle(parent, [grandchild, later, child])

    assert moved == {"c": AT + 5 * SECOND + MS, "g": AT + 5 * SECOND + 2 * MS}


def test_what_answers_something_else_stays():
    parent = Held("p", "", AT + 5 * SECOND, AT + 5 * SECOND)
    other = Held("o", "q", AT, AT + 2 * SECOND)

    assert order.resettle(parent, [other]) == {}


def test_a_circle_has_no_parents_and_what_hangs_on_it_has():
    first = Held("a", "b", AT, AT)
    hanging = Held("h", "a", AT, AT + MS)
    closing = Held("b", "a", AT + SECOND, AT + SECOND)

    moved = order.resettle(closing, [first, hanging])

    assert moved == {}


def test_a_message_that_closes_a_circle_loses_the_place_its_parent_gave_it():
    first = Held("a", "b", AT + SECOND, AT + SECOND)
    closing = Held("b", "a", AT, AT + SECOND + MS)

    assert order.resettle(closing, [first]) == {"b": AT}


def test_a_message_that_answers_itself_stays_where_it_claims_to_be():
    assert order.resettle(Held("a", "a", AT, AT), []) == {}
