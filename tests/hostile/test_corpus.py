"""Every entry of the corpus is played by a test, and every test plays an entry."""

from tests.hostile.corpus import corpus, ids_played


def test_every_entry_is_played():
    assert ids_played() == set(corpus())
