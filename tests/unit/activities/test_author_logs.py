"""What follows from a conversation's logs is the same, however they came to be as they are."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from federation.activities.author_logs import KnownLog, Logs
from tests.support.situations import ALICE, ANNA, BOB, NOW, known_log, log_of


def a_log(author: str, name: str, moved: int, *, trouble: str = "", is_over: bool = False):
    return known_log(
        author,
        uri=log_of(author, name),
        head=moved,
        moved_at=NOW + timedelta(seconds=moved),
        trouble=trouble,
        final=moved if is_over else None,
    )


LOGS = st.builds(
    a_log,
    st.sampled_from((ALICE, ANNA, BOB)),
    st.sampled_from("ab"),
    st.integers(0, 9),
    trouble=st.sampled_from(("", "lost")),
    is_over=st.booleans(),
)


def test_those_that_moved_are_found_from_the_newest():
    first, second, third = (a_log(BOB, str(number), number) for number in (1, 2, 3))
    logs = Logs().with_changed([third, first, second])

    assert list(logs.moved_since(NOW + timedelta(seconds=2))) == [third, second]


def test_an_author_writes_to_the_log_that_has_not_ended():
    ended = a_log(ALICE, "a", 1, is_over=True)
    going = a_log(ALICE, "b", 0)

    logs = Logs().with_changed([a_log(ALICE, "a", 1), going]).with_changed([ended])

    assert logs.open_here == {ALICE: going}


def test_the_logs_of_others_are_not_written_to():
    assert Logs().with_changed([a_log(BOB, "a", 1)]).open_here == {}


@given(st.lists(st.lists(LOGS, max_size=4), max_size=6))
def test_changed_by_and_by_they_are_what_they_would_be_at_once(steps: list[list[KnownLog]]):
    logs, held = Logs(), dict[str, KnownLog]()
    for step in steps:
        logs = logs.with_changed(step)
        held |= {log.uri: log for log in sorted(step, key=lambda log: log.moved_at)}

    at_once = Logs().with_changed(held.values())

    moved = [log.moved_at for log in logs.by_id.values()]
    assert (logs.by_id, moved) == (held, sorted(moved))
    for mine, others in ((logs, at_once), (at_once, logs)):
        for author, log in mine.open_here.items():
            assert log.is_open_here
            assert others.open_here[author].moved_at == log.moved_at
