"""Every entry of the corpus is played by a test, or stands in the list of those that are not."""

from tests.hostile.corpus import corpus, ids_played
from tests.hostile.not_yet import NOT_YET


def test_every_entry_is_played_or_listed():
    assert ids_played() | set(NOT_YET) == set(corpus())


def test_no_entry_is_listed_that_is_played():
    assert ids_played() & set(NOT_YET) == set()


def test_every_entry_that_is_not_played_has_a_reason():
    assert all(NOT_YET.values())
