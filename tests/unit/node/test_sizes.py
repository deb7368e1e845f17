"""A size is said in the units of the configuration."""

import pytest

from node.cli.sizes import size_words


@pytest.mark.parametrize(
    ("size_bytes", "words"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (1023, "1023 bytes"),
        (1024, "1 kB"),
        (1 << 20, "1 MB"),
        (16 << 20, "16 MB"),
        ((16 << 20) + (512 << 10), "16.5 MB"),
        (1 << 30, "1 GB"),
        (5 << 40, "5 TB"),
        (5 << 50, "5,120 TB"),
    ],
)
def test_a_size_is_a_small_number_in_its_unit(size_bytes: int, words: str):
    assert size_words(size_bytes) == words
